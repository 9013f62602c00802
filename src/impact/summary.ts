/** The verdict: one sentence that says what is broken, since when, and what else is hit. */

import { type Assumption, assumedIds } from "../model/assumption.ts";
import { titleOf } from "../model/ids.ts";
import { affectedServices, type FailedRow, type Impact, type RelievedRow } from "../model/impact.ts";

/** What the sentence is made of. */
export type Verdict = Omit<Impact, "summary">;

/** Services named in the sentence. */
const NAMED = 5;

/** The sentence for an impact as it reads at `now` (Unix seconds). */
export function summarize(impact: Verdict, now: number): string {
  return `${subject(impact, now)} ${consequence(impact)}`;
}

/** The impact with its sentence as of `now`: what is stored ages, "for 14 min" must not. */
export function withSummaryAt(impact: Impact, now: number): Impact {
  return { ...impact, summary: summarize(impact, now) };
}

/** The sentence for what-if: what is assumed instead of the problem asked about. */
export function summarizeAssumed(impact: Verdict, assumed: readonly Assumption[]): string {
  const failures = [
    phrase("the failure of", assumedIds(assumed, "down")),
    phrase("maintenance of", assumedIds(assumed, "maintenance")),
  ].filter((part) => part !== "");
  const up = assumedIds(assumed, "up");
  const relief = up.length === 0 ? "" : `with ${up.join(" and ")} up, ${relieved(impact.relieved ?? [])}`;
  const said = consequence(impact);
  const failure = failures.length === 0 ? said : said.replace("its failure", failures.join(" and "));
  const parts = [relief, failures.length > 0 || impact.failed.length > 0 ? failure : ""];
  return capital(parts.filter((part) => part !== "").join("; "));
}

function phrase(words: string, ids: readonly string[]): string {
  return ids.length === 0 ? "" : `${words} ${ids.join(" and ")}`;
}

function relieved(rows: readonly RelievedRow[]): string {
  const services = rows.filter(({ port }) => port !== null);
  return rows.length === 0
    ? "nothing would be hit less than now"
    : `${plural(services.length, "service")} would be hit less than now${services.length === 0 ? "" : `: ${rowList(services, services.length)}`}`;
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function subject(impact: Verdict, now: number): string {
  const { problem } = impact;
  const name = titleOf(problem);
  if (impact.hypothetical) {
    // No monitoring has looked at the host, or even knows it.
    const unseen = problem.check === null && problem.state === "PENDING";
    return `${name} is ${unseen ? "not checked" : problem.state};`;
  }
  const doubt = [
    problem.stateType === "SOFT" ? "soft" : "",
    problem.acknowledged ? "acknowledged" : "",
    problem.inDowntime ? "in downtime" : "",
    problem.stale ? "last heard of too long ago" : "",
  ].filter((word) => word !== "");
  const since = problem.since === null ? "" : ` for ${duration(now - Date.parse(problem.since) / 1000)}`;
  const said = doubt.length === 0 ? "" : ` (${doubt.join(", ")})`;
  return `${name} is ${problem.state}${since}${said};`;
}

function consequence(impact: Verdict): string {
  const beyond = impact.unknownBeyond.length === 0 ? "" : `; unknown beyond ${list(impact.unknownBeyond)}`;
  if (!impact.hypothetical && impact.failed.length === 0) {
    return `it speaks of no known service, nothing else is known to be hit${beyond}`;
  }
  const rows = impact.affected.filter((row) => row.port !== null);
  const counted = rows.length > 0 ? rows : impact.affected;
  if (counted.length === 0) {
    return impact.hypothetical
      ? `its failure would affect nothing that is known${beyond}`
      : `nothing else is known to be hit${beyond}`;
  }
  const { total, text: count } = counts(impact, counted);
  const least = impact.unknownBeyond.length === 0 ? "" : "at least ";
  const names = rowList(counted, total);
  return impact.hypothetical
    ? `its failure would affect ${least}${count}: ${names}${beyond}`
    : `${least}${count} may be affected: ${names}${beyond}`;
}

/** How many are hit, rows that are left out included. */
function counts(impact: Verdict, counted: readonly FailedRow[]): { readonly total: number; readonly text: string } {
  const services = affectedServices(impact);
  const total = services > 0 ? services : counted.length + (impact.leftOut?.processes ?? 0);
  const hosts = impact.leftOut === undefined ? new Set(counted.map((row) => row.host)).size : impact.hosts.length;
  return { total, text: `${plural(total, services > 0 ? "service" : "process")} on ${plural(hosts, "host")}` };
}

function rowName(row: FailedRow): string {
  return row.port === null || row.process === null ? row.id : `${row.id} ${row.process}`;
}

/** Thousands may be hit, and each page says so of many problems: only those that are named are looked at. */
function rowList(rows: readonly FailedRow[], total: number): string {
  return list(rows.slice(0, NAMED).map(rowName), total);
}

function list(names: readonly string[], total = names.length): string {
  const shown = names.slice(0, NAMED);
  return total > shown.length ? `${shown.join(", ")} and ${total - shown.length} more` : shown.join(", ");
}

function plural(count: number, noun: string): string {
  if (count === 1) {
    return `1 ${noun}`;
  }
  return `${count} ${noun}${noun.endsWith("s") ? "es" : "s"}`;
}

/** A length of time in the largest unit that fits: `42 s`, `14 min`, `3 h`, `5 d`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) {
    return `${whole} s`;
  }
  if (whole < 3600) {
    return `${Math.floor(whole / 60)} min`;
  }
  return whole < 172_800 ? `${Math.floor(whole / 3600)} h` : `${Math.floor(whole / 86_400)} d`;
}
