/** What `dotm get` lists: one place for the command tree, which must not load the lists, and for the command. */

/** What can be listed. */
export const RESOURCES = [
  "nodes",
  "services",
  "connections",
  "alerts",
  "mappings",
  "sources",
  "members",
  "impacts",
  "comments",
  "downtimes",
  "suggestions",
] as const;

/** One of them. */
export type Resource = (typeof RESOURCES)[number];
