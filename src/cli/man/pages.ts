/** The man pages there are. */
export const PAGES = ["dotm.1", "dotm.yaml.5", "check_dotm.8", "dotm-agent.1"] as const;

/** One of them. */
export type Page = (typeof PAGES)[number];
