/** `/history`: look back to a time, and see what changed between two. Works as plain forms; the script shows the slider's time. */
import type { Request, Response } from "express";
import { type PictureChange, pictureDifference } from "../impact/picture-difference.ts";
import type { Past, SnapshotInfo } from "../store/history-reader.ts";
import { inSlices } from "../store/time-slices.ts";
import { isoOf, momentOf } from "./ages.ts";
import { linkTo } from "./links.ts";
import { momentAsked } from "./moment-asked.ts";
import { type Asking, askingOf, frameOf, type PageDeps, readFresh } from "./page-frame.ts";
import { pastWords } from "./past-notice.ts";
import { stateTone } from "./state-tone.ts";
import { otherParameters } from "./url-contract.ts";
import { viewQuery } from "./view-parameters.ts";

/** Snapshots that can be chosen, and listed; older ones by time. */
const MOST_CHOICES = 400;

/** Changes listed in each of the two tables. */
const MOST_CHANGES = 200;

/** The handler of `/history`. */
export function historyPage(deps: PageDeps) {
  return async (request: Request, response: Response): Promise<void> => {
    const asking = askingOf(request, deps);
    const [fresh, snapshots] = await Promise.all([readFresh(deps.reader), deps.history.list()]);
    const difference = await differenceAsked(deps, asking);
    const good = snapshots.filter(({ fault }) => fault === null);
    response.send(
      deps.render("history", {
        frame: frameOf(deps, asking, { title: "History", fresh, still: true, page: "history" }),
        search: "",
        empty: good.length === 0 ? await noSnapshots(deps) : undefined,
        ...(good.length === 0 ? {} : { slider: sliderOf(good, deps.now()) }),
        ...choices(good, asking),
        difference,
        sinceProblems: await sinceProblems(deps, asking, good),
        snapshots: snapshots
          .toReversed()
          .slice(0, MOST_CHOICES)
          .map((each) => snapshotRow(each, asking)),
        bytes: kilobytes(snapshots.reduce((sum, { bytes }) => sum + bytes, 0)),
        count: snapshots.length === 1 ? "1 snapshot" : `${snapshots.length} snapshots`,
      }),
    );
  };
}

/** The times a query compares; undefined where it compares none. @throws DotmError as `History.at` */
export async function comparedTimes(
  deps: PageDeps,
  parameters: URLSearchParams,
): Promise<{ readonly from: Past; readonly to: Past } | undefined> {
  const [from, to] = ["from", "to"].map((name) => parameters.get(name)?.trim() ?? "");
  const now = deps.now();
  const at = async (text: string): Promise<Past> =>
    text === "" || text === "now"
      ? { reader: deps.reader, at: now, asOf: now, exact: true }
      : deps.history.at(momentAsked(text, now));
  return from === undefined || from === "" ? undefined : { from: await at(from), to: await at(to ?? "") };
}

async function differenceAsked(deps: PageDeps, { query, root, view }: Asking) {
  const times = await comparedTimes(deps, otherParameters(query));
  if (times === undefined) {
    return undefined;
  }
  const { from, to } = times;
  const changes = await pictureDifference(from.reader, to.reader, inSlices);
  const suffix = viewQuery(view);
  const part = (near: boolean) => {
    const rows = changes.filter(({ nearProblem }) => nearProblem === near);
    const shown = rows.slice(0, MOST_CHANGES).map((change) => changeRow(change, root, suffix));
    return { rows: shown, more: rows.length - shown.length };
  };
  return {
    title: `What changed from ${isoOf(from.asOf)} to ${isoOf(to.asOf)}`,
    doubts: [from, to].flatMap((past) => pastWords(past).doubt ?? []),
    none: changes.length === 0,
    near: part(true),
    far: part(false),
    command: `dotm history diff ${isoOf(from.asOf)} ${isoOf(to.asOf)}`,
  };
}

function changeRow({ kind, change, host, subject, from, to }: PictureChange, root: string, suffix: string) {
  const isCheck = kind === "state" || kind === "problem";
  return {
    kind,
    change,
    name: isCheck ? `${host} / ${subject ?? "host itself"}` : (subject ?? host),
    href: linkTo(root, { host, check: isCheck ? subject : null }, suffix),
    from: from === null ? undefined : { text: from, tone: stateTone(from, isCheck) },
    to: to === null ? undefined : { text: to, tone: stateTone(to, isCheck) },
  };
}

function sliderOf(snapshots: readonly SnapshotInfo[], now: number) {
  const [min, max] = [snapshots[0]?.at ?? 0, Math.floor(now)];
  return { min, max, value: snapshots.at(-1)?.at ?? min, minText: isoOf(min), maxText: isoOf(max) };
}

/** What `from` and `to` can be chosen from, the newest first. */
function choices(snapshots: readonly SnapshotInfo[], { query }: Asking) {
  const parameters = otherParameters(query);
  const options = (asked: string | null) => {
    const known = snapshots.toReversed().slice(0, MOST_CHOICES);
    const rows = known.map(({ at }) => ({ value: `${at}`, text: isoOf(at), selected: `${at}` === asked }));
    // A time that is no snapshot's stays as it was asked for.
    const other = asked !== null && asked !== "" && asked !== "now" && !rows.some(({ value }) => value === asked);
    return other ? [{ value: asked, text: asked, selected: true }, ...rows] : rows;
  };
  return { fromChoices: options(parameters.get("from")), toChoices: options(parameters.get("to")) };
}

/** Leads to what changed since before the oldest problem that nobody deals with, as far as snapshots go back. */
async function sinceProblems(deps: PageDeps, { view }: Asking, snapshots: readonly SnapshotInfo[]) {
  const ranking = await deps.reader.ranking(0, 100);
  const impacts = await Promise.all(ranking.map(({ host, check }) => deps.reader.impact(host, check)));
  const open = impacts.flatMap((impact) => (impact === undefined || impact.problem.handled ? [] : [impact.problem]));
  const began = open.flatMap(({ since }) => (since === null ? [] : [Date.parse(since) / 1000])).filter(Number.isFinite);
  const before = snapshots.filter(({ at }) => at <= Math.min(...began)).at(-1) ?? snapshots[0];
  return open.length === 0 || before === undefined
    ? undefined
    : {
        href: `?from=${before.at}${viewQuery(view)}`,
        time: isoOf(before.at),
        isBefore: before.at <= Math.min(...began),
      };
}

function snapshotRow({ at, bytes, hosts, problems, fault }: SnapshotInfo, { root, view, now }: Asking) {
  return {
    time: isoOf(at),
    ago: momentOf(at, now)?.ago,
    fault,
    hosts,
    problems,
    size: kilobytes(bytes),
    mapHref: `${root}?at=${at}${viewQuery(view)}`,
    sinceHref: `?from=${at}${viewQuery(view)}`,
  };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KB`;
}

async function noSnapshots(deps: PageDeps) {
  const { enabled, interval } = (await deps.reader.settings()).history;
  return enabled
    ? {
        reason: "No snapshot has been taken yet.",
        remedy: `One is taken when DOTM begins, then every ${interval} s. Look whether it runs:`,
        command: "dotm doctor",
      }
    : {
        reason: "History is switched off, so nothing is known of the past.",
        remedy: "Switch it on; it holds at once:",
        command: "dotm settings set history enabled 1",
      };
}
