/** What a user of Icinga 2's API must be permitted, and what `/v1` says that he is. */
import { type Attrs, textAt, textsAt } from "./icinga2-attrs.ts";
import { EVENT_TYPES } from "./icinga2-event.ts";

/** Types of objects that are asked for; without the first two there is nothing to tell. */
export const QUERY_TYPES = ["Host", "Service", "Dependency", "TimePeriod", "Comment", "Downtime"] as const;

/** Type of objects that are asked for. */
export type QueryType = (typeof QUERY_TYPES)[number];

/** All permissions of use, as an ApiUser names them. */
export const PERMISSIONS: readonly string[] = [
  ...QUERY_TYPES.map((type) => queryPermission(type)),
  ...EVENT_TYPES.map((type) => eventPermission(type)),
];

/** The permission to ask for objects of a type. */
export function queryPermission(type: QueryType): string {
  return `objects/query/${type}`;
}

/** The permission to hear of events of a type. */
export function eventPermission(type: (typeof EVENT_TYPES)[number]): string {
  return `events/${type}`;
}

/** Who asks, and what is permitted. */
export interface Greeting {
  readonly user: string;
  readonly version: string;
  /** The permissions of use that are missing. */
  readonly missing: readonly string[];
}

/** Reads the one result of `/v1`. Where it does not list permissions, none counts as missing. */
export function readGreeting(result: Attrs): Greeting {
  const granted = textsAt(result, "permissions").map(pattern);
  const isListed = Array.isArray(result["permissions"]);
  const missing = isListed ? PERMISSIONS.filter((each) => !granted.some((grant) => grant.test(each))) : [];
  return { user: textAt(result, "user"), version: textAt(result, "version"), missing };
}

/** Permissions have wildcards and no case; those that a filter narrows are told with ` (filtered)` behind them. */
function pattern(granted: string): RegExp {
  const plain = granted.replace(/ \(filtered\)$/, "").slice(0, 200);
  const parts = plain.split(/(\*+|\?)/).map((part) => {
    if (part.startsWith("*")) {
      return ".*";
    }
    return part === "?" ? "." : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`, "i");
}

/** Lines of permissions as they stand in the definition of an ApiUser: `"events/Flapping", "objects/query/Host"`. */
export function quotedPermissions(permissions: readonly string[]): string {
  return permissions.map((each) => `"${each}"`).join(", ");
}
