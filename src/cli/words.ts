/** Small pieces of text that several commands print. */
import { duration } from "../impact/summary.ts";
import type { PastChange } from "../model/past-change.ts";

/** Length of time since a moment (Unix seconds), `-` where it never was. */
export function ageText(at: number, now: number): string {
  return at > 0 ? duration(now - at) : "-";
}

/** A moment (Unix seconds) as programs read it, null where it never was. */
export function isoTime(at: number): string | null {
  return at > 0 ? new Date(at * 1000).toISOString() : null;
}

/** How what changed before a problem is told: `1 min before  process-restarted  db01/mysqld`; two columns and the subject. */
export function pastCells({ kind, subject, secondsBefore }: PastChange): string[] {
  const when = secondsBefore < 0 ? `${duration(-secondsBefore)} after` : `${duration(secondsBefore)} before`;
  return [when, kind, subject];
}

/** A cell that is never empty, so that columns stay apart. */
export function cell(value: string | number | null | undefined): string {
  return value === null || value === undefined || value === "" ? "-" : String(value);
}

/** An argument as a shell takes it back. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Where this machine finds the pages of a daemon that listens so. */
export function pageUrl(web: {
  readonly listen: { readonly host: string; readonly port: number };
  readonly basePath: string;
  readonly tls?: unknown;
}): string {
  const anywhere = new Map([
    ["0.0.0.0", "127.0.0.1"],
    ["::", "::1"],
  ]);
  const host = anywhere.get(web.listen.host) ?? web.listen.host;
  const scheme = web.tls ? "https" : "http";
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${web.listen.port}${web.basePath}`;
}
