/** Folds a report into what is remembered: owners named, noise left out, foreign addresses made one Internet. */
import { isLoopback, isWildcard } from "../model/address.ts";
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import type { Connection, HostReport, Listener, Owner, UnixPeer } from "../model/host-report.ts";
import { INTERNET, portName } from "../model/ids.ts";
import { newRhythm } from "../model/rhythm.ts";

/** The one remote address for everything on the host itself. */
export const LOCAL = "127.0.0.1";

/** What folding needs to know of the rest. */
export interface Folding {
  /** Whether an address is one of every host's own. */
  readonly isLoopback: (address: string) => boolean;
  /** Whether an address belongs to our networks or to a known host. */
  readonly isOurs: (address: string) => boolean;
  /** Whether a service port is ignored (`service_port_whitelist`). */
  readonly ignoresPort: (port: number) => boolean;
  /** Whether a process is ignored (`service_name_whitelist`). */
  readonly ignoresProcess: (name: string) => boolean;
}

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

/** A process that runs, named as its sockets name it. */
export interface RunningProcess {
  readonly process: string | null;
  readonly owner: string | null;
  /** Unix seconds. */
  readonly started: number;
}

/** Folds one report. */
export function foldReport(report: HostReport, rules: Folding): FoldedReport {
  const folding = { ...rules, ownerOf: rememberingLast(rules.ignoresProcess) };
  const own = ownAddresses(report);
  const edges = new Map<string, EdgeRecord>();
  const ports = listenersByPort(report, folding);
  for (const connection of report.connections) {
    const record = isElsewhere(connection, ports) ? undefined : connectionRecord(connection, own, folding);
    if (record !== undefined) {
      addEdge(edges, record);
    }
  }
  for (const peer of report.unix) {
    const record = unixRecord(peer, report.seenAt);
    if (!ignored(peer.client, folding) && !ignored(peer.server, folding)) {
      addEdge(edges, record);
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

function running({ processes }: HostReport): RunningProcess[] {
  return processes.flatMap(({ started, ...owner }) => (started === null ? [] : [{ ...nameOwner(owner), started }]));
}

/** Key of an edge within its host. */
export function edgeKey(edge: EdgeRecord): string {
  const { direction, process, owner, protocol, port, remote } = edge;
  return `${direction}|${process ?? ""}|${owner ?? ""}|${protocol}|${port}|${remote}`;
}

/** Process name and owner of a socket: a container tells more than a unit, a login session tells nothing. */
function nameOwner(owner: Owner): { process: string | null; owner: string | null } {
  const unit = owner.unit !== null && !/^(session-|user-|user@|init\.scope)/.test(owner.unit) ? owner.unit : null;
  const process = owner.process ?? unit?.replace(/\.(service|scope|socket)$/, "") ?? null;
  return { process, owner: owner.container ?? unit };
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
  // An attempt that nobody answered is no connection.
  const attempt = connection.count + connection.opened === 0;
  if (port === null || attempt || folding.ignoresPort(port)) {
    return undefined;
  }
  const { process, owner, ignored } = folding.ownerOf(connection);
  if (ignored) {
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

function addEdge(edges: Map<string, EdgeRecord>, record: EdgeRecord): void {
  const key = edgeKey(record);
  const other = edges.get(key);
  edges.set(
    key,
    other === undefined
      ? record
      : { ...other, count: other.count + record.count, lastSeen: Math.max(other.lastSeen, record.lastSeen) },
  );
}

/**
 * Whose each port is, by port name, best first: the host's own listeners, ignored ones too; else those of one network
 * namespace, as a container's port that is not published is reached by nobody at the host's address.
 */
function listenersByPort({ listeners }: HostReport, folding: Folding): Map<string, readonly Listener[]> {
  const ports = new Map<string, readonly Listener[]>();
  for (const [port, there] of grouped(listeners, portOf)) {
    const own = there.filter(({ netns }) => netns === null);
    const ranked = (own.length > 0 ? own : there.filter((each) => !ignored(each, folding))).sort(byRank);
    ports.set(
      port,
      ranked.filter(({ netns }) => netns === ranked[0]?.netns),
    );
  }
  return ports;
}

/** One service per port. */
function foldListeners(
  ports: ReadonlyMap<string, readonly Listener[]>,
  seenAt: number,
  folding: Folding,
): Map<string, ListenerRecord> {
  const listeners = new Map<string, ListenerRecord>();
  for (const [port, there] of ports) {
    const [first, ...others] = there.filter((each) => !ignored(each, folding));
    if (first !== undefined && !folding.ignoresPort(first.port)) {
      listeners.set(port, listenerRecord(first, others, seenAt));
    }
  }
  return listeners;
}

/** Whether a container took a connection at a port that is another's here; a published port is told as the host's. */
function isElsewhere(
  { netns, container, proto, localPort }: Connection,
  ports: ReadonlyMap<string, readonly Listener[]>,
) {
  const there = netns === null || localPort === null ? undefined : ports.get(portName(proto, localPort));
  return there?.every((each) => each.netns !== netns && (container === null || each.container !== container)) === true;
}

function portOf({ proto, port }: Listener): string {
  return portName(proto, port);
}

/** Listeners on any address before those on one, those before loopback, then by name: the same in every report. */
function byRank(a: Listener, b: Listener): number {
  return breadth(a) - breadth(b) || compareIds(rankName(a), rankName(b));
}

function rankName({ process, container, unit, netns }: Listener): string {
  return [process ?? "~", container ?? "", unit ?? "", netns ?? ""].join("\0");
}

/** Other listeners at the port only tell more addresses of it. */
function listenerRecord(first: Listener, others: readonly Listener[], seenAt: number): ListenerRecord {
  return {
    protocol: first.proto,
    port: first.port,
    addresses: [...new Set([first, ...others].map(({ address }) => address))].sort(),
    ...nameOwner(first),
    firstSeen: seenAt,
    lastSeen: seenAt,
  };
}

function breadth(listener: Listener): number {
  if (isWildcard(listener.address)) {
    return 0;
  }
  return isLoopback(listener.address) ? 2 : 1;
}

function ignored(owner: Owner, folding: Folding): boolean {
  const { process } = nameOwner(owner);
  return process !== null && folding.ignoresProcess(process);
}
