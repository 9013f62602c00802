/** Comments and downtimes as pages list them. */
import type { HostNotes } from "../model/host-notes.ts";
import type { MonitoringComment, MonitoringDowntime } from "../model/monitoring-notes.ts";
import { momentOf } from "./ages.ts";

/** What is noted at a host and its checks; with `check` (null: the host itself) only what concerns that one. */
export function noteRows(notes: HostNotes | undefined, now: number, check?: string | null) {
  const concerns = (note: { readonly check: string | null }) =>
    check === undefined || note.check === check || note.check === null;
  const comments = (notes?.comments ?? []).filter((comment) => comment.origin !== "downtime" && concerns(comment));
  const downtimes = (notes?.downtimes ?? []).filter((downtime) => concerns(downtime) && downtime.end > now);
  const rows = [
    ...comments.map((comment) => commentRow(comment, now)),
    ...downtimes.map((downtime) => downtimeRow(downtime, now)),
  ];
  return rows.length === 0 ? undefined : rows;
}

function commentRow({ check, origin, author, text, entered }: MonitoringComment, now: number) {
  return {
    of: check ?? "the host",
    kind: origin === "user" ? "comment" : origin,
    author,
    text,
    at: momentOf(entered, now),
  };
}

function downtimeRow({ check, author, text, entered, start, end, inEffect, fixed }: MonitoringDowntime, now: number) {
  const kind = `${fixed ? "" : "flexible "}downtime, ${inEffect ? "in effect" : "planned"}`;
  const when = `${clock(start)} to ${clock(end)}`;
  return { of: check ?? "the host", kind, author, text, when, at: momentOf(entered, now) };
}

/** `2026-11-25 14:00`, UTC, as times without a zone would be guessed at. */
function clock(at: number): string {
  const date = new Date(at * 1000);
  return Number.isNaN(date.getTime()) ? "?" : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
