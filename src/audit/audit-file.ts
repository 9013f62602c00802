/** The file of the audit log: one JSON object a line, only ever added to. */
import { appendFileSync, constants, fstatSync, readSync } from "node:fs";
import { dirname } from "node:path";
import { DotmError, messageOf } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";
import { withOwnFile } from "../own-file.ts";
import type { AuditEntry } from "./audit-entry.ts";

/** Its name in the data folder, where the configuration names no other. */
export const AUDIT_FILE = "audit.log";

/**
 * Adds a line; it is on the disk when this returns.
 * @throws DotmError DOTM_AUDIT_FAILED where it cannot be written
 */
export function appendAudit(file: string, entry: AuditEntry): void {
  try {
    makeFolder(dirname(file), 0o700);
    // Opened anew each time, so that a file that was moved away (logrotate) is followed by a new one.
    withOwnFile(file, constants.O_RDWR | constants.O_APPEND, (descriptor) => {
      const begin = endsTorn(descriptor) ? "\n" : "";
      appendFileSync(descriptor, `${begin}${JSON.stringify(entry)}\n`, { flush: true });
    });
  } catch (error) {
    throw new DotmError(
      "DOTM_AUDIT_FAILED",
      `This cannot be written down in the audit log, so nothing was changed: ${messageOf(error)}.`,
      `Act as the user DOTM runs as, or make ${file} writable; audit.file in dotm.yaml names another.`,
      { cause: error },
    );
  }
}

/** Whether the last line has no end, as a full disk leaves it: what is added there would be part of it, and read by nobody. */
function endsTorn(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.from("\n");
  return size > 0 && readSync(descriptor, last, 0, 1, size - 1) === 1 && last.toString() !== "\n";
}
