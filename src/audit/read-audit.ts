/** Reads the end of the audit log. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { z } from "zod";
import { DotmError, isMissing, messageOf } from "../errors.ts";
import type { AuditEntry } from "./audit-entry.ts";

/** Bytes of the end that are looked at. */
const LOOKED_AT = 4_000_000;

/**
 * The last entries, oldest first; none where there is no file. What is no entry is left out.
 * @throws DotmError DOTM_AUDIT_FAILED where it cannot be read
 */
export function readAudit(file: string, most: number): AuditEntry[] {
  const lines = endOf(file).split("\n");
  return lines.flatMap(entryOf).slice(-most);
}

function endOf(file: string): string {
  try {
    return readEnd(file);
  } catch (error) {
    if (isMissing(error)) {
      return "";
    }
    throw new DotmError("DOTM_AUDIT_FAILED", `The audit log cannot be read: ${messageOf(error)}.`, `ls -l ${file}`);
  }
}

function readEnd(file: string): string {
  const handle = openSync(file, "r");
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, LOOKED_AT));
    const read = readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    return bytes.subarray(0, read).toString();
  } finally {
    closeSync(handle);
  }
}

const told = z.union([z.string(), z.record(z.string(), z.string()), z.null()]);

/** A line of the file. */
export const auditEntry = z.object({
  at: z.string(),
  result: z.enum(["done", "failed", "refused"]),
  who: z.string(),
  role: z.string().nullable(),
  how: z.string().nullable(),
  from: z.string(),
  action: z.string(),
  object: z.string(),
  old: told,
  new: told,
  reason: z.string().nullable(),
  leftOut: z.number(),
});

function entryOf(line: string): AuditEntry[] {
  try {
    return [auditEntry.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
