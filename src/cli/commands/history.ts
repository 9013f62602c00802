/** `dotm history list|show|diff`: the snapshots, what was at a time, and what changed between two. */
import type { StoreFlags } from "../../config/store-hint.ts";
import { type PictureChange, pictureDifference } from "../../impact/picture-difference.ts";
import type { Past, SnapshotInfo } from "../../store/history-reader.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { EXIT } from "../exit-code.ts";
import { isoSecond, momentAsked, pastSentence } from "../in-time.ts";
import { type ListFormat, type Listing, printListing } from "../listing.ts";
import type { OpenReader } from "../open-store.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import { printableJson } from "../printable-json.ts";
import { currentImpacts, impactListing } from "../resources/problems.ts";
import { withOpenStore } from "../store-access.ts";
import type { Terminal } from "../terminal.ts";
import { ageText, cell } from "../words.ts";

/** Options of `list` and `diff`. */
export interface HistoryOptions extends StoreFlags {
  readonly output: ListFormat;
  readonly headers: boolean;
  readonly color: ColorChoice;
}

/** Options of `show`. */
export interface HistoryShowOptions extends Omit<HistoryOptions, "output"> {
  readonly output: "table" | "json";
}

/** Prints the snapshots. */
export async function historyList(options: HistoryOptions, terminal: Terminal, open: OpenReader): Promise<number> {
  const listing = await withOpenStore(options, terminal, open, async ({ history, reader }) => {
    const snapshots = await (await history()).list();
    return snapshots.length > 0 ? snapshotListing(snapshots, terminal.now()) : noSnapshots(reader);
  });
  await print(listing, options, terminal);
  return EXIT.done;
}

/** Prints what was at a time. */
export async function historyShow(
  time: string,
  options: HistoryShowOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const moment = momentAsked(time, terminal);
  const { past, impacts, counts } = await withOpenStore(options, terminal, open, async ({ history }) => {
    const found = await (await history()).at(moment);
    const hosts = await found.reader.nodes();
    const graphs = [...(await found.reader.graphs(hosts)).values()];
    const services = graphs.flatMap(({ nodes }) => nodes).filter(({ kind }) => kind === "service").length;
    const problems = await currentImpacts(found.reader, found.asOf);
    return { past: found, impacts: problems, counts: { hosts: hosts.length, services, problems: problems.length } };
  });
  if (options.output === "json") {
    const document = { apiVersion: "dotm/v1", kind: "Picture", ...pastFields(past), ...counts, impacts };
    terminal.out.write(`${printableJson(document, 2)}\n`);
    return EXIT.done;
  }
  const { hosts, services, problems } = counts;
  terminal.out.write(`${pastSentence(past)}\n${hosts} hosts, ${services} services, ${problems} problems.\n`);
  if (impacts.length > 0) {
    terminal.out.write("\n");
    await print(impactListing(impacts), options, terminal);
  }
  return EXIT.done;
}

/** Prints what changed between two times. */
export async function historyDiff(
  times: { readonly from: string; readonly to: string | undefined },
  options: HistoryOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const from = momentAsked(times.from, terminal);
  const to = times.to === undefined || times.to === "now" ? undefined : momentAsked(times.to, terminal);
  const listing = await withOpenStore(options, terminal, open, async ({ history, reader }) => {
    const past = await history();
    const before = await past.at(from);
    const after = to === undefined ? present(reader, terminal.now()) : await past.at(to);
    return differenceListing(before, after, await pictureDifference(before.reader, after.reader));
  });
  await print(listing, options, terminal);
  return EXIT.done;
}

function present(reader: MapReader, now: number): Past {
  return { reader, at: now, asOf: now, exact: true };
}

function snapshotListing(snapshots: readonly SnapshotInfo[], now: number): Listing {
  const sum = snapshots.reduce((bytes, snapshot) => bytes + snapshot.bytes, 0);
  return {
    kind: "SnapshotList",
    items: snapshots.map((snapshot) => ({ ...snapshot, time: isoSecond(snapshot.at) })),
    columns: [
      { head: "TIME" },
      { head: "AGE" },
      { head: "HOSTS" },
      { head: "PROBLEMS" },
      { head: "KB" },
      { head: "FAULT" },
    ],
    rows: snapshots.map(({ at, hosts, problems, bytes, fault }) => [
      ...[isoSecond(at), ageText(at, now), fault === null ? `${hosts}` : "-", fault === null ? `${problems}` : "-"],
      ...[(bytes / 1024).toFixed(1), cell(fault)],
    ]),
    names: snapshots.map(({ at }) => `${at}`),
    summary: {
      text: `${snapshots.length === 1 ? "1 snapshot" : `${snapshots.length} snapshots`}, ${(sum / 1024).toFixed(0)} KB in all.`,
      fields: { bytes: sum },
    },
  };
}

async function noSnapshots(reader: MapReader): Promise<Listing> {
  const { enabled, interval } = (await reader.settings()).history;
  const text = enabled
    ? `No snapshot has been taken yet; one is taken every ${interval} s while DOTM runs.`
    : "History is switched off. Switch it on: dotm settings set history enabled 1";
  const fields = { bytes: 0 };
  return { kind: "SnapshotList", items: [], columns: [], rows: [], names: [], summary: { text, fields } };
}

function differenceListing(before: Past, after: Past, changes: readonly PictureChange[]): Listing {
  const count = changes.length === 1 ? "1 change" : `${changes.length === 0 ? "No" : changes.length} changes`;
  const notes = [before, after].filter(({ exact }) => !exact).map((past) => ` ${pastSentence(past)}`);
  return {
    kind: "PictureDifference",
    items: changes,
    columns: ["KIND", "CHANGE", "HOST", "SUBJECT", "FROM", "TO", "NEAR A PROBLEM"].map((head) => ({ head })),
    rows: changes.map(({ kind, change, host, subject, from, to, nearProblem }) => [
      ...[kind, change, host, cell(subject), cell(from), cell(to), nearProblem ? "yes" : "-"],
    ]),
    names: changes.map(({ host, subject }) => subject ?? host),
    summary: {
      text: `${count} from ${isoSecond(before.asOf)} to ${isoSecond(after.asOf)}.${notes.join("")}`,
      fields: { from: pastFields(before), to: pastFields(after) },
    },
  };
}

function pastFields({ at, asOf, exact }: Past) {
  return { at: isoSecond(at), asOf: isoSecond(asOf), exact };
}

function print(listing: Listing, options: Omit<HistoryOptions, "output"> & { output: ListFormat }, terminal: Terminal) {
  const { output: format, headers, color } = options;
  return printListing(listing, { format, headers, paint: paintFor(terminal, color) }, terminal);
}
