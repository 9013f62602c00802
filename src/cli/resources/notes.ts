/** `dotm get comments` and `dotm get downtimes`: what people and the monitoring note at hosts and checks. */
import type { HostNotes } from "../../model/host-notes.ts";
import type { MonitoringComment, MonitoringDowntime } from "../../model/monitoring-notes.ts";
import type { Listing } from "../listing.ts";
import { ageText, cell, isoTime } from "../words.ts";
import { hostBites, type ListRequest } from "./hosts-of.ts";

/** Lists comments, host by host, the newest first. */
export async function listComments(request: ListRequest): Promise<Listing> {
  const comments = await notesOf(request, "comments", ({ comments: all }) => all);
  return {
    kind: "CommentList",
    items: comments.map(({ entered, expires, ...rest }) => {
      return { ...rest, entered: isoTime(entered), expires: isoTime(expires) };
    }),
    columns: [
      { head: "HOST" },
      { head: "CHECK" },
      { head: "KIND" },
      { head: "AUTHOR" },
      { head: "AGE" },
      { head: "TEXT" },
    ],
    rows: comments.map((comment) => commentRow(comment, request.now)),
    names: comments.map(({ host, id }) => `${host}/${id}`),
  };
}

function commentRow({ host, check, origin, author, entered, text }: MonitoringComment, now: number): string[] {
  return [host, cell(check), origin, cell(author), ageText(entered, now), text];
}

/** Lists downtimes, host by host, the next to end first. */
export async function listDowntimes(request: ListRequest): Promise<Listing> {
  const downtimes = await notesOf(request, "downtimes", ({ downtimes: all }) => all);
  return {
    kind: "DowntimeList",
    items: downtimes.map(({ entered, start, end, ...rest }) => {
      return { ...rest, entered: isoTime(entered), start: isoTime(start), end: isoTime(end) };
    }),
    columns: [
      ...[{ head: "HOST" }, { head: "CHECK" }, { head: "IN EFFECT" }, { head: "START" }, { head: "END" }],
      ...[{ head: "AUTHOR" }, { head: "TEXT" }],
    ],
    rows: downtimes.map(downtimeRow),
    names: downtimes.map(({ host, id }) => `${host}/${id}`),
  };
}

function downtimeRow({ host, check, inEffect, start, end, author, text }: MonitoringDowntime): string[] {
  return [host, cell(check), inEffect ? "yes" : "no", clock(start), clock(end), cell(author), text];
}

async function notesOf<T>(
  request: ListRequest,
  resource: string,
  of: (notes: HostNotes) => readonly T[],
): Promise<T[]> {
  const found: T[] = [];
  for (const bite of await hostBites(request, resource)) {
    const loaded = await request.reader.notes(bite);
    found.push(...bite.flatMap((host) => of(loaded.get(host) ?? NOTHING)));
  }
  return found;
}

const NOTHING: HostNotes = {
  ...{ host: "", alias: "", address: "", actionUrl: "", variables: [], checks: [] },
  ...{ comments: [], downtimes: [] },
};

function clock(at: number): string {
  return cell(isoTime(at)?.replace(/\.\d{3}Z$/, "Z"));
}
