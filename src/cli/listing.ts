/** A list of things and all the ways to print it. */
import type { Paint } from "./paint.ts";
import { type Column, tableText } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Ways to print a list. */
export const LIST_FORMATS = ["table", "wide", "json", "ndjson", "yaml", "csv", "name"] as const;
export type ListFormat = (typeof LIST_FORMATS)[number];

/** A list: items for programs, rows of cells for people, names for scripts. All three run in parallel. */
export interface Listing {
  /** `NodeList`, `ServiceList`, … */
  readonly kind: string;
  readonly items: readonly object[];
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  readonly names: readonly string[];
}

/** How to print it. */
export interface ListOptions {
  readonly format: ListFormat;
  readonly headers: boolean;
  readonly paint: Paint;
}

/** Prints a list to stdout; that it is empty is said on stderr where a person asked for a table. */
export async function printListing(listing: Listing, options: ListOptions, terminal: Terminal): Promise<void> {
  const isTable = options.format === "table" || options.format === "wide";
  if (isTable && listing.rows.length === 0) {
    terminal.err.write("Nothing found.\n");
    return;
  }
  terminal.out.write(await listingText(listing, options));
}

async function listingText(listing: Listing, options: ListOptions): Promise<string> {
  const envelope = { apiVersion: "dotm/v1", kind: listing.kind, items: listing.items };
  switch (options.format) {
    case "json":
      return `${JSON.stringify(envelope, null, 2)}\n`;
    case "ndjson":
      return listing.items.map((item) => `${JSON.stringify(item)}\n`).join("");
    case "yaml": {
      const { stringify } = await import("yaml");
      return stringify(envelope);
    }
    case "name":
      return listing.names.map((name) => `${name}\n`).join("");
    case "csv":
      return csvText(listing, options.headers);
    default:
      return table(listing, options);
  }
}

function table(listing: Listing, { format, headers, paint }: ListOptions): string {
  const shown = listing.columns.flatMap((column, at) => (column.wide === true && format !== "wide" ? [] : [at]));
  const pick = (cells: readonly string[]) => shown.map((at) => cells[at] ?? "");
  const heads = pick(listing.columns.map(({ head }) => head));
  return tableText(heads, listing.rows.map(pick), { headers, paint });
}

/** RFC 4180, all columns. */
function csvText({ columns, rows }: Listing, headers: boolean): string {
  const lines = headers ? [columns.map(({ head }) => head), ...rows] : rows;
  return lines.map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
