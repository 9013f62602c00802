/**
 * Livestatus queries as text. A query is lines, ended by an empty one, so a line end within a name would be a header
 * line of somebody else's making: whatever cannot be sent exactly as it is refused here, before anything is sent.
 */
import type { ObjectName } from "./name-index.ts";

/** One line that chooses rows: a comparison, or how many of those before it are joined into one. */
export type FilterLine =
  | { readonly column: string; readonly operator: "=" | "!=" | ">" | ">="; readonly value: string | number }
  | { readonly join: "And" | "Or"; readonly count: number };

/** What is asked of one table. */
export interface LivestatusQuery {
  readonly table: string;
  readonly columns: readonly string[];
  readonly filters?: readonly FilterLine[];
  /** Lets the server hold its answer back until something of this kind happens; Icinga 2 answers at once all the same. */
  readonly wait?: { readonly trigger: "state"; readonly milliseconds: number };
}

const WORD = /^\w+$/;

/**
 * Whether a text reaches the server as it is: no line end, no NUL, nothing that UTF-8 cannot say, no blanks at either
 * end, which servers cut off.
 */
export function isSendable(text: string): boolean {
  return !/[\n\r\0]|^\s|\s$/.test(text) && !/\p{Surrogate}/u.test(text);
}

/**
 * The query's text, its empty last line included. The answer is asked for as JSON behind a header of sixteen bytes, and
 * the connection is asked to stay. The header is asked for first: a server tells faults of earlier lines without it.
 * @throws RangeError where a name or value cannot be sent as it is
 */
export function encodeQuery({ table, columns, filters = [], wait }: LivestatusQuery): string {
  const lines = [
    `GET ${word(table)}`,
    "ResponseHeader: fixed16",
    "OutputFormat: json",
    "KeepAlive: on",
    `Columns: ${columns.map(word).join(" ")}`,
    ...filters.map(filterText),
  ];
  if (wait !== undefined) {
    lines.push(`WaitTrigger: ${wait.trigger}`, `WaitTimeout: ${count(wait.milliseconds)}`);
  }
  return `${lines.join("\n")}\n\n`;
}

/** Chooses the objects named: hosts of the table `hosts`, service checks of the table `services`. */
export function namedFilters(table: "hosts" | "services", names: readonly ObjectName[]): FilterLine[] {
  const lines = names.flatMap((name) => (table === "hosts" ? [equals("name", name.host)] : checkFilters(name)));
  return names.length > 1 ? [...lines, { join: "Or", count: names.length }] : lines;
}

function checkFilters({ host, check }: ObjectName): FilterLine[] {
  return [equals("host_name", host), equals("description", check ?? ""), { join: "And", count: 2 }];
}

function equals(column: string, value: string): FilterLine {
  return { column, operator: "=", value };
}

function filterText(line: FilterLine): string {
  if ("join" in line) {
    return `${line.join}: ${count(line.count)}`;
  }
  return `Filter: ${word(line.column)} ${line.operator} ${value(line.value)}`;
}

function value(written: string | number): string {
  const text = String(written);
  if (!isSendable(text)) {
    throw new RangeError("a value with a line end, a NUL or blanks around it cannot be sent to Livestatus");
  }
  return text;
}

function word(text: string): string {
  if (!WORD.test(text)) {
    throw new RangeError("a name of a Livestatus table or column is one word");
  }
  return text;
}

function count(number: number): number {
  if (!Number.isSafeInteger(number) || number < 0) {
    throw new RangeError("a count sent to Livestatus is a whole number");
  }
  return number;
}
