/** The web's side of the audit log: whoever writes over HTTP gets hold of settings and hosts only through it. */
import type { AuditTrail } from "../audit/audit-trail.ts";
import { auditedHosts, auditedSettings, type HostsEditor, type SettingsEditor } from "../audit/audited.ts";
import { readAudit } from "../audit/read-audit.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Audit } from "../web/app-deps.ts";

/** The log, and what is changed through it. */
export function webAudit(
  trail: AuditTrail,
  { settings, hosts }: { readonly settings: SettingsEditor; readonly hosts: HostsEditor },
  logger: Logger,
): Audit {
  return {
    editing: (by) => ({
      settings: auditedSettings(settings, trail, by),
      hosts: auditedHosts(hosts, trail, by),
    }),
    refused: (by, act, reason) => {
      try {
        trail.refused(by, act, reason);
      } catch (error) {
        // Whoever was refused learns nothing of our disk.
        logger.error({ error: messageOf(error), reason }, "a refusal could not be written down");
      }
    },
    recent: (most) => readAudit(trail.file, most),
  };
}
