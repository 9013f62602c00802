/** What can be exported. */
export const EXPORT_KINDS = ["icinga2-dependencies", "nagios-dependencies", "businessprocess", "parents"] as const;

/** One of them. */
export type ExportKind = (typeof EXPORT_KINDS)[number];
