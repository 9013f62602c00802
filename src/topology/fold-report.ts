/** Folds a report into what is remembered: owners named, noise left out, foreign addresses made one Internet. */
import { isWildcard } from "../model/address.ts";
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import type { Connection, HostReport, Owner, ReportFrame, UnixPeer } from "../model/host-report.ts";
import { INTERNET } from "../model/ids.ts";
import { newRhythm } from "../model/rhythm.ts";
import { foldListeners, isElsewhere, listenersByPort } from "./fold-listeners.ts";
import { type Folding, ignored, nameOwner } from "./folding.ts";

/** The one remote address for everything on the host itself. */
export const LOCAL = "127.0.0.1";

/** One report, folded; records by internal keys. */
export interface FoldedReport {
  readonly receivedAt: number;
  /** When the agent looked, Unix seconds. */
  readonly seenAt: number;
  readonly interval: number;
  readonly partial: boolean;
  readonly ips: readonly string[];
  readonly edges: ReadonlyMap<string, EdgeRecord>;
  /** By port name. */
  readonly listeners: ReadonlyMap<string, ListenerRecord>;
  readonly running: readonly RunningProcess[];
}

/** A whole report, folded. */
export interface FoldedWhole extends FoldedReport {
  /** For each connection of the report the key of its edge; empty where it is left out, however many there are. */
  readonly keys: readonly string[];
}

/** A process that runs, named as its sockets name it. */
export interface RunningProcess {
  readonly process: string | null;
  readonly owner: string | null;
  /** Unix seconds. */
  readonly started: number;
}

/** Folds one report. */
export function foldReport(report: HostReport, rules: Folding): FoldedWhole {
  const folding = { ownerOf: rememberingLast(rules.ignoresProcess), ...rules };
  const own = ownAddresses(report);
  const edges = new Map<string, EdgeRecord>();
  const ports = listenersByPort(report, folding);
  const keys = report.connections.map((connection) => {
    const record = isElsewhere(connection, ports) ? undefined : connectionRecord(connection, own, folding);
    const key = record === undefined ? "" : edgeKey(record);
    if (record !== undefined && !isAttempt(connection)) {
      addEdge(edges, key, record);
    }
    return key;
  });
  return { keys, ...foldRest(report, ports, edges, folding) };
}

/** Folds all of a report but its connections. */
export function foldFrame(report: ReportFrame, folding: Folding): FoldedReport {
  return foldRest(report, listenersByPort(report, folding), new Map(), folding);
}

/** Everything but connections. */
function foldRest(
  report: ReportFrame,
  ports: ReturnType<typeof listenersByPort>,
  edges: Map<string, EdgeRecord>,
  folding: Folding,
): FoldedReport {
  for (const peer of report.unix) {
    const record = unixRecord(peer, report.seenAt);
    if (!ignored(peer.client, folding) && !ignored(peer.server, folding)) {
      addEdge(edges, edgeKey(record), record);
    }
  }
  const { receivedAt, seenAt, interval, partial, ips } = report;
  return {
    receivedAt,
    seenAt,
    interval,
    partial,
    ips,
    edges,
    listeners: foldListeners(ports, seenAt, folding),
    running: running(report),
  };
}

/** An attempt that nobody answered is no connection. */
function isAttempt({ count, opened }: Pick<Connection, "count" | "opened">): boolean {
  return count + opened === 0;
}

/** Addresses others know, and those that sockets have here: bridges of containers are told to nobody, but are ours. */
function ownAddresses({ ips, connections }: HostReport): Set<string> {
  const own = new Set(ips);
  for (const { netns, localAddress } of connections) {
    if (netns === null && !own.has(localAddress) && !isWildcard(localAddress)) {
      own.add(localAddress);
    }
  }
  return own;
}

function running({ processes }: ReportFrame): RunningProcess[] {
  return processes.flatMap(({ started, ...owner }) => (started === null ? [] : [{ started, ...nameOwner(owner) }]));
}

/** Key of an edge within its host. */
export function edgeKey(edge: EdgeRecord): string {
  const { direction, process, owner, protocol, port, remote } = edge;
  return `${direction}|${process ?? ""}|${owner ?? ""}|${protocol}|${port}|${remote}`;
}

/** The remote of a Unix edge: the server process with its owner. */
function unixRemote(process: string | null, owner: string | null): string {
  return `${process ?? ""}@${owner ?? ""}`;
}

/** An owner as it is remembered, and whether its process is ignored. */
interface NamedOwner {
  readonly process: string | null;
  readonly owner: string | null;
  readonly ignored: boolean;
}

/** Folding of one report. */
interface OwnersFolding extends Folding {
  readonly ownerOf: (owner: Owner) => NamedOwner;
}

/** Most rows of a report have the owner of the row before. */
function rememberingLast(ignores: (name: string) => boolean): (owner: Owner) => NamedOwner {
  let last: Owner | undefined;
  let named: NamedOwner = { process: null, owner: null, ignored: false };
  return (owner) => {
    if (last?.process !== owner.process || last.unit !== owner.unit || last.container !== owner.container) {
      const { process, owner: name } = nameOwner(owner);
      named = { process, owner: name, ignored: process !== null && ignores(process) };
      last = owner;
    }
    return named;
  };
}

function connectionRecord(
  connection: Connection,
  own: ReadonlySet<string>,
  folding: OwnersFolding,
): EdgeRecord | undefined {
  const port = connection.direction === "in" ? connection.localPort : connection.remotePort;
  if (port === null || folding.ignoresPort(port)) {
    return undefined;
  }
  const { process, owner, ignored } = folding.ownerOf(connection);
  // What a plugin of the monitoring looks at is nothing that it needs.
  const probe = connection.direction === "out" && process?.startsWith("check_") === true;
  if (ignored || probe) {
    return undefined;
  }
  return {
    direction: connection.direction,
    process,
    owner,
    protocol: connection.proto,
    port,
    remote: foldAddress(connection.remoteAddress, own, folding),
    firstSeen: connection.lastSeen,
    lastSeen: connection.lastSeen,
    count: connection.count,
    ...(connection.count === 0 ? PASSING : {}),
    path: null,
    rhythm: newRhythm(connection.lastSeen),
  };
}

function foldAddress(address: string, own: ReadonlySet<string>, folding: Folding): string {
  if (own.has(address) || folding.isLoopback(address)) {
    return LOCAL;
  }
  return folding.isOurs(address) ? address : INTERNET;
}

function unixRecord(peer: UnixPeer, seenAt: number): EdgeRecord {
  const server = nameOwner(peer.server);
  return {
    direction: "unix",
    ...nameOwner(peer.client),
    protocol: "unix",
    port: 0,
    remote: unixRemote(server.process, server.owner),
    firstSeen: seenAt,
    lastSeen: seenAt,
    count: peer.count,
    path: peer.path,
    rhythm: newRhythm(seenAt),
  };
}

function addEdge(edges: Map<string, EdgeRecord>, key: string, record: EdgeRecord): void {
  const other = edges.get(key);
  edges.set(
    key,
    other === undefined
      ? record
      : {
          ...lasting(other, record),
          count: other.count + record.count,
          lastSeen: Math.max(other.lastSeen, record.lastSeen),
        },
  );
}

const PASSING = { passing: true } as const;

/** What is told of twice is more than a trace where either tells of more. */
export function lasting<R extends { readonly passing?: true }>(record: R, other: { readonly passing?: true }): R {
  if (record.passing !== true || other.passing === true) {
    return record;
  }
  const { passing: _, ...rest } = record;
  return rest as R;
}
