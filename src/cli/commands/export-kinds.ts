/** What can be exported: who needs whom, and the services that take DOTM's own results. */
export const NEED_KINDS = ["icinga2-dependencies", "nagios-dependencies", "businessprocess", "parents"] as const;
const SERVICE_KINDS = ["icinga2-services", "nagios-services"] as const;
export const EXPORT_KINDS = [...NEED_KINDS, ...SERVICE_KINDS] as const;

/** One of them. */
export type ExportKind = (typeof EXPORT_KINDS)[number];
