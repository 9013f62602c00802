/** A list of things and all the ways to print it. */

import { csvCell } from "../render/csv-cell.ts";
import type { Paint } from "./paint.ts";
import { printable, printableJson } from "./printable-json.ts";
import { type Column, harmless, tableText } from "./table.ts";
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
  /** One sentence about all of it for people, and the same as fields for programs. */
  readonly summary?: { readonly text: string; readonly fields: object };
}

/** How to print it. */
export interface ListOptions {
  readonly format: ListFormat;
  readonly headers: boolean;
  readonly paint: Paint;
}

/** Prints a list to stdout; its summary, and that it is empty, is said on stderr where a person asked for a table. */
export async function printListing(listing: Listing, options: ListOptions, terminal: Terminal): Promise<void> {
  const isTable = options.format === "table" || options.format === "wide";
  const empty = listing.rows.length === 0;
  if (!(isTable && empty)) {
    terminal.out.write(await listingText(listing, options));
  }
  if (isTable && (empty || listing.summary !== undefined)) {
    terminal.err.write(`${listing.summary?.text ?? "Nothing found."}\n`);
  }
}

async function listingText(listing: Listing, options: ListOptions): Promise<string> {
  const envelope = { apiVersion: "dotm/v1", kind: listing.kind, ...listing.summary?.fields, items: listing.items };
  switch (options.format) {
    case "json":
      return `${printableJson(envelope, 2)}\n`;
    case "ndjson":
      return listing.items.map((item) => `${printableJson(item)}\n`).join("");
    case "yaml": {
      const { stringify } = await import("yaml");
      return stringify(envelope, (_, value) => (typeof value === "string" ? printable(value) : value));
    }
    case "name":
      return listing.names.map((name) => `${harmless(name)}\n`).join("");
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
  return lines.map((cells) => `${cells.map(printableCell).join(",")}\r\n`).join("");
}

/** Lines may break within quotes; what else steers a terminal is no part of any text. */
function printableCell(text: string): string {
  return csvCell(text.replace(/[^\P{Cc}\r\n\t]/gu, "\ufffd"));
}
