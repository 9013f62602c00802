/** The report that a captured text becomes, version 1. */
import { REPORT_LIMITS, REPORT_VERSION, type Report, type ReportUnixPeer } from "../../agent/report.ts";
import { type GroupedRows, groupRows, type SeenBefore } from "./group-rows.ts";
import { globalAddresses, innerAddresses } from "./ip-addr.ts";
import type { HostText, TextFault } from "./read-host-text.ts";
import type { UnixRow } from "./socket-row.ts";

/** What a text does not tell of itself. */
export interface TextHead {
  readonly host: string;
  /** Who captured it, and how. */
  readonly agent: string;
  /** ISO 8601. */
  readonly time: string;
  /** Seconds between two looks. */
  readonly interval: number;
  readonly sequence: number;
  readonly boot: string;
}

/** A report with what the next look at the same host needs. */
export interface TextReport {
  readonly report: Report;
  readonly seen: SeenBefore;
}

const NONE: SeenBefore = new Set();

/** Makes the report. */
export function textReport(text: HostText, head: TextHead, before: SeenBefore = NONE): TextReport {
  const { listing, addresses, faults } = text;
  const whole = !faults.includes("too long") && !(faults.includes("cut") && addresses.length === 0);
  const grouped = groupRows(listing.rows, { before, time: head.time, whole });
  const inner = innerAddresses(addresses);
  const unix = unixPeers(listing.unix);
  const missing = faults.filter((fault) => fault === "cut" || fault === "no listing").length;
  const report: Report = {
    version: REPORT_VERSION,
    ...head,
    ips: globalAddresses(addresses),
    ...(inner.length > 0 ? { innerIps: inner } : {}),
    listeners: grouped.listeners,
    connections: grouped.connections,
    unix,
    processes: [],
    capture: {
      level: listing.tool === "ss" ? "ss" : "proc",
      lost: 0,
      unattributed: grouped.unattributed,
      dropped: grouped.dropped + listing.skipped + listing.unsure + missing,
      notes: [...faults.map((fault) => FAULTS[fault]), ...notesOf(text, grouped)],
    },
  };
  return { report, seen: grouped.seen };
}

/** What each fault means, for people. */
export const FAULTS: Readonly<Record<TextFault, string>> = {
  "no hostname": "there is no line hostname=NAME, so the text does not tell whose it is",
  "several hosts": "there are several lines hostname=NAME: texts of several hosts in one",
  "no listing": "netstat or ss gave no listing of sockets",
  "no addresses": "ip addr gave no address of global scope",
  cut: "the text ends within a line: the transfer was cut, and what is missing is not known",
  "too long": "the text has more lines than are read, and the rest is left out",
};

function notesOf({ listing }: HostText, { dropped, unattributed, traces }: GroupedRows): string[] {
  const notes: readonly [number, string][] = [
    [listing.skipped, "not understood"],
    [listing.unsure, "left out, because netstat had cut an address; run it with -W"],
    [dropped, "left out, because the text was cut and nobody knows who opened the connection, or for the limits"],
    [listing.unknownStates, "with a state in a language that is not known; taken for closing"],
    [unattributed, "without a process: netstat and ss tell it to root only"],
    [traces, "of connections that are over, whose process nobody can tell any more"],
  ];
  return notes.flatMap(([count, note]) => (count > 0 ? [`${count} ${count === 1 ? "line" : "lines"} ${note}`] : []));
}

function unixPeers(rows: readonly UnixRow[]): ReportUnixPeer[] {
  const peers = new Map<string, ReportUnixPeer>();
  for (const { path, server, client } of rows) {
    const key = [path, server, client].join("\0");
    const count = (peers.get(key)?.count ?? 0) + 1;
    const nobody = { serverUnit: null, serverContainer: null, serverNetns: null };
    const noClient = { clientUnit: null, clientContainer: null, clientNetns: null };
    peers.set(key, { path, server, ...nobody, client, ...noClient, count });
  }
  return [...peers.values()].slice(0, REPORT_LIMITS.unix);
}
