/** One report of this host: reads the kernel's tables through given functions and turns them into rows. */
import { type Interfaces, ownAddresses } from "./addresses.ts";
import { type GroupedSockets, groupSockets, type SeenConnections } from "./group.ts";
import { groupUnix } from "./group-unix.ts";
import { socketOwner } from "./owner.ts";
import { attempt, type ProcFiles } from "./proc-files.ts";
import { type AddressDecoder, parseProcNet, type Socket } from "./proc-net.ts";
import { type Process, ProcessTable } from "./process.ts";
import {
  REPORT_LIMITS,
  REPORT_VERSION,
  type Report,
  type ReportConnection,
  type ReportListener,
  type ReportProcess,
  type ReportUnixPeer,
  type SocketOwner,
} from "./report.ts";
import { type Owners, SocketOwners } from "./socket-owner.ts";
import { parseUnixSockets, type UnixPair } from "./unix-peers.ts";

/** What collecting needs of the machine; tests hand in texts. */
export interface Machine {
  readonly files: ProcFiles;
  readonly decodeAddress: AddressDecoder;
  readonly interfaces: () => Interfaces;
  /** Text of `ss -xanH`, undefined where there is none. */
  readonly unixSockets: () => Promise<string | undefined>;
  /** Unix seconds. */
  readonly now: () => number;
}

/** What a report says beside what was seen. */
export interface ReportHead {
  readonly host: string;
  readonly agent: string;
  readonly interval: number;
  readonly sequence: number;
  readonly boot: string;
}

interface Tables {
  readonly sockets: readonly Socket[];
  readonly skipped: number;
  readonly missing: readonly string[];
}

const TABLES = [
  ["net/tcp", "tcp"],
  ["net/tcp6", "tcp"],
  ["net/udp", "udp"],
  ["net/udp6", "udp"],
] as const;
/** USER_HZ, 100 on every architecture Node runs on. */
const TICKS_PER_SECOND = 100;
const EPHEMERAL_FROM = 32_768;

/** Collects report after report; what it learned at one look makes the next one cheap. */
export class Collector {
  readonly #machine: Machine;
  readonly #processes: ProcessTable;
  readonly #owners: SocketOwners;
  #seen: SeenConnections = new Map();

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#processes = new ProcessTable(machine.files);
    this.#owners = new SocketOwners(machine.files, this.#processes);
  }

  /** Looks once. Never throws for what cannot be read: the report says what it could not see. */
  async collect(head: ReportHead): Promise<Report> {
    const { files, now } = this.#machine;
    const unixText = await this.#machine.unixSockets();
    const unix = parseUnixSockets(unixText ?? "");
    const tables = readTables(files, this.#machine.decodeAddress);
    const owners = this.#owners.find(inodesOf(tables.sockets, unix.pairs));
    const time = isoTime(now());
    const grouped = groupSockets({
      sockets: tables.sockets,
      ownerOf: ownersByInode(owners),
      ephemeralFrom: ephemeralFrom(files),
      before: this.#seen,
      time,
    });
    this.#seen = grouped.seen;
    const peers = groupUnix(unix.pairs, owners.byInode);
    const rows = limited(grouped, peers.rows);
    return {
      version: REPORT_VERSION,
      ...head,
      time,
      ips: ownAddresses(this.#machine.interfaces()),
      ...rows.kept,
      processes: this.#holders(rows.kept),
      capture: {
        level: "proc",
        lost: 0,
        unattributed: grouped.unattributed + peers.unattributed,
        dropped: tables.skipped + unix.skipped + rows.dropped,
        notes: notesOf(tables, owners, unixText !== undefined, this.#otherNamespaces()),
      },
    };
  }

  /** How many network namespaces beside our own have a process. */
  #otherNamespaces(): number {
    const own = attempt(() => this.#machine.files.link("self/ns/net"));
    const all = new Set(this.#processes.eldestFirst().map(({ netns }) => netns ?? own));
    return [...all].filter((netns) => netns !== own).length;
  }

  /** The processes named in the rows, with how many of each there are. */
  #holders({ listeners, connections, unix }: KeptRows): ReportProcess[] {
    const named = new Set<string>();
    for (const row of [...listeners, ...connections]) {
      named.add(groupKey(row.process, row.unit, row.container));
    }
    for (const row of unix) {
      named.add(groupKey(row.server, row.serverUnit, row.serverContainer));
      named.add(groupKey(row.client, row.clientUnit, row.clientContainer));
    }
    const bootTime = bootTimeOf(this.#machine.files);
    const holders = new Map<string, ReportProcess>();
    for (const process of this.#processes.eldestFirst()) {
      const { name, unit, container } = process;
      const key = groupKey(name, unit, container);
      const eldest = holders.get(key);
      if (eldest !== undefined) {
        holders.set(key, { ...eldest, instances: eldest.instances + 1 });
      } else if (named.has(key) && holders.size < REPORT_LIMITS.processes) {
        const started =
          bootTime === undefined ? null : isoTime(bootTime + Math.floor(process.started / TICKS_PER_SECOND));
        holders.set(key, { name, unit, container, started, instances: 1 });
      }
    }
    return [...holders.values()];
  }
}

interface KeptRows {
  readonly listeners: readonly ReportListener[];
  readonly connections: readonly ReportConnection[];
  readonly unix: readonly ReportUnixPeer[];
}

function readTables(files: ProcFiles, decode: AddressDecoder): Tables {
  const sockets: Socket[] = [];
  const missing: string[] = [];
  let skipped = 0;
  for (const [path, proto] of TABLES) {
    const text = attempt(() => files.read(path));
    if (text === undefined) {
      missing.push(path);
      continue;
    }
    const table = parseProcNet(text, proto, decode);
    skipped += table.skipped;
    for (const socket of table.sockets) {
      sockets.push(socket);
    }
  }
  return { sockets, skipped, missing };
}

function inodesOf(sockets: readonly Socket[], pairs: readonly UnixPair[]): Set<number> {
  const inodes = new Set<number>();
  for (const { inode } of sockets) {
    inodes.add(inode);
  }
  for (const { server, client } of pairs) {
    inodes.add(server).add(client);
  }
  inodes.delete(0);
  return inodes;
}

/** Owners as rows carry them, one object for each process. */
function ownersByInode({ byInode }: Owners): (inode: number) => SocketOwner | undefined {
  const known = new Map<Process, SocketOwner>();
  return (inode) => {
    const process = byInode.get(inode);
    if (process === undefined) {
      return undefined;
    }
    const owner = known.get(process) ?? socketOwner(process);
    known.set(process, owner);
    return owner;
  };
}

function limited(grouped: GroupedSockets, unix: readonly ReportUnixPeer[]): { kept: KeptRows; dropped: number } {
  const listeners = grouped.listeners.slice(0, REPORT_LIMITS.listeners);
  const connections = grouped.connections.slice(0, REPORT_LIMITS.connections);
  const peers = unix.slice(0, REPORT_LIMITS.unix);
  const all = grouped.listeners.length + grouped.connections.length + unix.length;
  const kept = { listeners, connections, unix: peers };
  return { kept, dropped: all - listeners.length - connections.length - peers.length };
}

function notesOf({ missing, skipped }: Tables, owners: Owners, unixSeen: boolean, otherNamespaces: number): string[] {
  const notes = missing.filter((path) => !path.endsWith("6")).map((path) => `/proc/${path} cannot be read`);
  if (skipped > 0) {
    notes.push(`${skipped} lines of /proc/net were not understood`);
  }
  if (owners.denied > 0) {
    notes.push(
      `no right to see the files of ${owners.denied} processes: their sockets have no process name; ` +
        "run as root or with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH",
    );
  }
  if (otherNamespaces > 0) {
    notes.push(`the sockets of ${otherNamespaces} other network namespaces (containers) are not seen`);
  }
  if (!unixSeen) {
    notes.push("ss did not answer: Unix sockets are not seen; install iproute2");
  }
  return notes;
}

function ephemeralFrom(files: ProcFiles): number {
  const from = Number.parseInt(attempt(() => files.read("sys/net/ipv4/ip_local_port_range")) ?? "", 10);
  return from >= 1_024 && from <= 65_535 ? from : EPHEMERAL_FROM;
}

function bootTimeOf(files: ProcFiles): number | undefined {
  const line = /^btime (\d+)$/m.exec(attempt(() => files.read("stat")) ?? "");
  return line === null ? undefined : Number(line[1]);
}

function groupKey(process: string | null, unit: string | null, container: string | null): string {
  return [process, unit, container].join("\0");
}

function isoTime(seconds: number): string {
  return new Date(Math.round(seconds * 1000)).toISOString();
}
