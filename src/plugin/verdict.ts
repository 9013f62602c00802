/** The answer of the plugin and its text: one line first, then figures behind a bar, then what `-v` asks for. */
import { STATUSES, type Status, type Thresholds } from "./status.ts";

/** A figure for graphs. */
export interface Figure {
  readonly label: string;
  readonly value: number;
  readonly unit: "" | "s" | "%";
  /** Absent where the thresholds are about something else. */
  readonly thresholds?: Thresholds;
  readonly most?: number;
}

/** An answer. */
export interface Verdict {
  readonly status: Status;
  /** One sentence without the status. */
  readonly text: string;
  readonly figures: readonly Figure[];
  /** Lines for `-v`. */
  readonly details: readonly string[];
}

/** Characters of the first line before its figures: what fits a pager and the width of a terminal. */
const LINE = 80;

/** Bytes of the whole: Nagios 4 now and then loses what is beyond 4 KiB, figures included. */
const WHOLE = 4_000;

/** The exit code. */
export function exitCode(status: Status): number {
  return STATUSES.indexOf(status);
}

/** The output, line feed at its end. */
export function verdictText(verdict: Verdict, verbose: number): string {
  const line = `DOTM ${verdict.status} - ${harmless(verdict.text)}`;
  const figures = verdict.figures.map(figureText).join(" ");
  const first = `${verbose > 0 ? line : shortened(line)}${figures === "" ? "" : ` | ${figures}`}`;
  const lines = verbose > 0 ? verdict.details.map(harmless) : [];
  return `${withinBytes([first, ...lines])}\n`;
}

/** A foreign text without what means something to Nagios: the bar, line feeds, control characters. */
export function harmless(text: string): string {
  return text
    .replaceAll("|", "/")
    .replaceAll(/\p{Cc}+/gu, " ")
    .trim();
}

function shortened(line: string): string {
  const letters = [...line];
  return letters.length <= LINE
    ? line
    : `${letters
        .slice(0, LINE - 3)
        .join("")
        .trimEnd()}...`;
}

/** `'label'=value[UOM];warn;crit;min;max` without what is empty at its end. */
function figureText({ label, value, unit, thresholds, most }: Figure): string {
  const rounded = Math.round(value * 100) / 100;
  const ranges = [thresholds?.warning?.text ?? "", thresholds?.critical?.text ?? ""];
  const parts = [`${labelText(label)}=${rounded}${unit}`, ...ranges, "0", most ?? ""];
  return parts.join(";").replace(/;+$/, "");
}

function labelText(label: string): string {
  const clean = harmless(label).replaceAll("=", "_");
  return /^[\w.:@-]+$/.test(clean) ? clean : `'${clean.replaceAll("'", "''")}'`;
}

function withinBytes(lines: readonly string[]): string {
  let bytes = 0;
  const kept = lines.filter((line, at) => {
    bytes += Buffer.byteLength(line) + 1;
    return at === 0 || bytes <= WHOLE;
  });
  const left = lines.length - kept.length;
  return left === 0 ? kept.join("\n") : [...kept, `and ${left} more`].join("\n");
}
