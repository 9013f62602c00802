/** Rows of a listing to rows of a report: listeners, and connections with a direction, grouped. */
import { REPORT_LIMITS, type ReportConnection, type ReportListener, type SocketOwner } from "../../agent/report.ts";
import type { SocketRow } from "./socket-row.ts";

/** Connections seen in the look before, by their four ends. */
export type SeenBefore = ReadonlySet<string>;

/** What grouping gives. */
export interface GroupedRows {
  readonly listeners: readonly ReportListener[];
  /** Busiest first. */
  readonly connections: readonly ReportConnection[];
  /** Connections that somebody holds whom we may not see. */
  readonly unattributed: number;
  /** Connections that are over, of which nothing tells whose they were. */
  readonly traces: number;
  /** Rows left out for the limits. */
  readonly dropped: number;
  readonly seen: SeenBefore;
}

type Group = { -readonly [K in keyof ReportConnection]: ReportConnection[K] };

const NOBODY: Omit<SocketOwner, "process"> = { unit: null, container: null, netns: null };
const EPHEMERAL_FROM = 32_768;

/**
 * Groups rows. `in`: the local port is one that listens, else `out`. `count` is what is established; a connection that
 * is closing proves that it was and is `opened` once, where the look before had not seen it. An attempt that nobody
 * answered is a group with both at 0: who wants what, but no connection. Of a text that was cut in its listing (`whole`
 * false) only rows are taken whose direction does not hang on a listener that may be missing.
 */
export function groupRows(
  rows: readonly SocketRow[],
  { before, time, whole }: { readonly before: SeenBefore; readonly time: string; readonly whole: boolean },
): GroupedRows {
  const listening = rows.filter(({ phase }) => phase === "listening");
  const servers = new Map(listening.toReversed().map((row) => [`${row.proto}${row.localPort}`, row.process]));
  const talking = rows.filter(({ phase }) => phase !== "listening");
  const seen = new Set<string>();
  const groups = new Groups(time);
  let uncertain = 0;
  for (const row of talking) {
    const server = servers.get(`${row.proto}${row.localPort}`);
    if (server === undefined && !whole && row.localPort < EPHEMERAL_FROM) {
      uncertain++;
      continue;
    }
    const key = keyOf(row);
    groups.add(row, server === undefined ? "out" : "in", server ?? null, !before.has(key));
    seen.add(key);
  }
  const all = groups.busiestFirst();
  const listeners = listening.slice(0, REPORT_LIMITS.listeners).map(listenerOf);
  const connections = all.slice(0, REPORT_LIMITS.connections);
  return {
    listeners,
    connections,
    unattributed: listeners.filter(({ process }) => process === null).length + groups.unattributed,
    traces: groups.traces,
    dropped: uncertain + listening.length - listeners.length + all.length - connections.length,
    seen,
  };
}

function listenerOf({ proto, local, localPort, process }: SocketRow): ReportListener {
  return { proto, address: local, port: localPort, process, ...NOBODY };
}

function keyOf({ proto, local, localPort, remote, remotePort }: SocketRow): string {
  return `${proto} ${local} ${localPort} ${remote} ${remotePort}`;
}

/** Groups that grow with every row. */
class Groups {
  readonly #time: string;
  readonly #groups = new Map<string, Group>();
  /** The first group of each end that has a process. */
  readonly #named = new Map<string, Group>();
  readonly #orphans: {
    readonly row: SocketRow;
    readonly direction: "in" | "out";
    readonly server: string | null;
    readonly fresh: boolean;
  }[] = [];

  /** Established connections of which nobody tells the process. */
  unattributed = 0;
  /** Connections that are over, which nothing that stands can be asked for. */
  traces = 0;

  constructor(time: string) {
    this.#time = time;
  }

  /** Adds a row; one that closes has no process any more and waits for one that has. */
  add(row: SocketRow, direction: "in" | "out", server: string | null, fresh: boolean): void {
    if (row.process === null && row.phase !== "established") {
      this.#orphans.push({ row, direction, server, fresh });
      return;
    }
    const process = row.process ?? server;
    this.unattributed += process === null ? 1 : 0;
    const group = this.#group(row, direction, process);
    count(group, row, fresh);
    const end = endOf(row, direction);
    if (row.process !== null && !this.#named.has(end)) {
      this.#named.set(end, group);
    }
  }

  /** The groups, those with most connections first. */
  busiestFirst(): ReportConnection[] {
    for (const { row, direction, server, fresh } of this.#orphans.splice(0)) {
      const group = this.#named.get(endOf(row, direction)) ?? this.#group(row, direction, server);
      this.traces += group.process === null ? 1 : 0;
      count(group, row, fresh);
    }
    return [...this.#groups.values()].sort((a, b) => b.count - a.count || b.opened - a.opened);
  }

  #group(row: SocketRow, direction: "in" | "out", process: string | null): Group {
    const key = `${endOf(row, direction)}\0${process ?? ""}`;
    const known = this.#groups.get(key);
    if (known !== undefined) {
      return known;
    }
    const group: Group = {
      direction,
      proto: row.proto,
      process,
      ...NOBODY,
      localAddress: row.local,
      localPort: direction === "in" ? row.localPort : null,
      remoteAddress: row.remote,
      remotePort: direction === "out" ? row.remotePort : null,
      count: 0,
      opened: 0,
      lastSeen: this.#time,
    };
    this.#groups.set(key, group);
    return group;
  }
}

function endOf(row: SocketRow, direction: "in" | "out"): string {
  return `${direction} ${row.proto} ${direction === "in" ? row.localPort : row.remotePort} ${row.remote}`;
}

function count(group: Group, { phase }: SocketRow, fresh: boolean): void {
  group.count += phase === "established" ? 1 : 0;
  group.opened += fresh && phase !== "opening" ? 1 : 0;
}
