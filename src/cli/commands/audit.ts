/** `dotm audit`: who changed what, or tried to. */
import type { AuditEntry, Told } from "../../audit/audit-entry.ts";
import { readAudit } from "../../audit/read-audit.ts";
import { EXIT } from "../exit-code.ts";
import { type ListFormat, printListing } from "../listing.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import type { Terminal } from "../terminal.ts";
import { cell } from "../words.ts";
import { type TokenPlace, tokenFiles } from "./agent.ts";

/** Options of the command. */
export interface AuditOptions extends TokenPlace {
  readonly lines: number;
  readonly output: ListFormat;
  readonly headers: boolean;
  readonly color: ColorChoice;
}

/** Prints the last entries of the audit log, oldest first. */
export async function audit(options: AuditOptions, terminal: Terminal): Promise<number> {
  const items = readAudit(tokenFiles(options, terminal).auditFile, options.lines);
  const listing = {
    kind: "AuditList",
    items,
    columns: ["TIME", "RESULT", "WHO", "HOW", "FROM", "WHAT", "OLD", "NEW", "REASON"].map((head) => ({ head })),
    rows: items.map(cellsOf),
    names: items.map(({ object }) => object),
  };
  const { output: format, headers, color } = options;
  await printListing(listing, { format, headers, paint: paintFor(terminal, color) }, terminal);
  return EXIT.done;
}

function cellsOf(entry: AuditEntry): string[] {
  const { at, result, who, how, from, action, object, reason, leftOut } = entry;
  const more = leftOut > 0 ? ` (${leftOut} refusals before it are not listed)` : "";
  const what = `${action} ${object}`;
  return [at, result, cell(who), cell(how), from, what, told(entry.old), told(entry.new), `${cell(reason)}${more}`];
}

function told(value: Told): string {
  const isFields = typeof value === "object" && value !== null;
  return cell(
    isFields
      ? Object.entries(value)
          .map(([field, each]) => `${field}=${each}`)
          .join(" ")
      : value,
  );
}
