/** The log as people read it: the logger writes JSON, this makes lines of it. */
import { harmless } from "./table.ts";

/** Where log lines go. */
export interface LogDestination {
  write(line: string): void;
}

/** What decides the form of the log. */
export interface LogSurroundings {
  readonly format: "auto" | "text" | "json";
  /** Whether a person looks at standard error. */
  readonly isTerminal: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** syslog's priorities (sd-daemon(3)) by pino's levels. */
const PRIORITIES: ReadonlyMap<number, readonly [priority: number, word: string]> = new Map([
  [20, [7, "debug"]],
  [30, [6, "info"]],
  [40, [4, "warn"]],
  [50, [3, "error"]],
  [60, [2, "fatal"]],
]);

/** Fields that have a place of their own in a line. */
const KNOWN: ReadonlySet<string> = new Set(["level", "time", "msg"]);

/**
 * A destination that writes to `to` in the form wanted: `auto` is text for a person and for journald, else JSON.
 * journald gets priorities and no times, for it has its own.
 */
export function logDestination(to: LogDestination, { format, isTerminal, env }: LogSurroundings): LogDestination {
  const journal = (env["JOURNAL_STREAM"] ?? "") !== "" && !isTerminal;
  const isText = format === "text" || (format === "auto" && (isTerminal || journal));
  return isText ? { write: (line) => to.write(textLine(line, journal)) } : to;
}

function textLine(line: string, journal: boolean): string {
  const record = parsed(line);
  if (record === undefined) {
    return line;
  }
  const [priority, word] = PRIORITIES.get(Number(record["level"])) ?? [5, "note"];
  const head = journal ? `<${priority}>` : `${String(record["time"] ?? "").slice(11, 19)} ${word.padEnd(5)} `;
  const fields = Object.entries(record).filter(([name]) => !KNOWN.has(name));
  const rest = fields.map(([name, value]) => ` ${name}=${fieldText(value)}`).join("");
  return `${head}${harmless(String(record["msg"] ?? ""))}${rest}\n`;
}

function fieldText(value: unknown): string {
  if (typeof value === "object" && value !== null && "message" in value) {
    return JSON.stringify(String(value.message));
  }
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return /^[\w.:/@-]+$/.test(text) ? text : JSON.stringify(text);
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
