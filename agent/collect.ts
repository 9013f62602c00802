/** One report of this host: reads the kernel's tables through given functions and turns them into rows. */
import { type Interfaces, ownAddresses } from "./addresses.ts";
import { bringHome, type HomeRows } from "./at-home.ts";
import { type GroupedSockets, groupSockets, type SeenConnections } from "./group.ts";
import { groupUnix } from "./group-unix.ts";
import { readHomes } from "./home-addresses.ts";
import { isoTime } from "./iso-time.ts";
import { findNamespaces, type Namespace, OWN_NAMESPACE } from "./namespaces.ts";
import { notesOf } from "./notes.ts";
import { nobodyIn } from "./owner.ts";
import { OwnerBook } from "./owner-book.ts";
import { attempt, type ProcFiles } from "./proc-files.ts";
import type { AddressDecoder, Socket } from "./proc-net.ts";
import { ProcessTable } from "./process.ts";
import { type NamingRows, processRows } from "./process-rows.ts";
import { readPublishedPorts } from "./published-ports.ts";
import { REPORT_LIMITS, REPORT_VERSION, type Report, type ReportUnixPeer } from "./report.ts";
import { type Holder, SocketGroups } from "./socket-groups.ts";
import { type Owners, SocketOwners } from "./socket-owner.ts";
import { TableReader } from "./tables.ts";
import { TurnedPorts } from "./turned-ports.ts";
import { readUnixPairs, type UnixPairs } from "./unix-pairs.ts";
import { UNWATCHED, type Watch } from "./watch.ts";

/** What collecting needs of the machine; tests hand in texts. */
export interface Machine {
  readonly files: ProcFiles;
  readonly decodeAddress: AddressDecoder;
  readonly interfaces: () => Interfaces;
  /**
   * Text of `ss -xanH` in the agent's own network namespace, or in that of a process; undefined where there is none.
   */
  readonly unixSockets: (pid?: number) => Promise<string | undefined>;
  /** Text of `ss -tunaeH` in the agent's own network namespace; undefined where there is none. */
  readonly socketGroups: () => Promise<string | undefined>;
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

const EPHEMERAL_FROM = 32_768;

/** Collects report after report; what it learned at one look makes the next one cheap. */
export class Collector {
  readonly #machine: Machine;
  readonly #processes: ProcessTable;
  readonly #tables: TableReader;
  readonly #owners: SocketOwners;
  readonly #groups: SocketGroups;
  readonly #turned: TurnedPorts;
  readonly #watch: Watch | undefined;
  #seen: SeenConnections = new Map();

  /** `watch`, where there is one, tells of connections that come and go between two looks. */
  constructor(machine: Machine, watch?: Watch, processes = new ProcessTable(machine.files)) {
    this.#machine = machine;
    this.#processes = processes;
    this.#tables = new TableReader(machine.files, machine.decodeAddress);
    this.#owners = new SocketOwners(machine.files, this.#processes);
    this.#groups = new SocketGroups(machine.socketGroups);
    this.#turned = new TurnedPorts(machine.files);
    this.#watch = watch;
  }

  /** Looks once. Never throws for what cannot be read: the report says what it could not see. */
  async collect(head: ReportHead): Promise<Report> {
    const { files, now } = this.#machine;
    this.#processes.refresh();
    const namespaces = findNamespaces(files, this.#processes.eldestFirst());
    const unix = await readUnixPairs(files, namespaces, this.#machine.unixSockets);
    const watched = this.#watch?.take() ?? UNWATCHED;
    const tables = this.#tables.read(namespaces);
    const owners = this.#owners.find(inodesOf(tables.sockets, unix));
    const holders = await this.#holders(owners, tables.sockets);
    const book = new OwnerBook(owners.byInode, holders, namespaces);
    const time = isoTime(now());
    const grouped = groupSockets({
      sockets: tables.sockets,
      ownerOf: ({ inode, netns }) => book.ofSocket(inode, netns),
      ownerFor: (process) => book.ofProcess(process),
      nobodyIn: strangers(namespaces),
      ephemeralFrom: ephemeralFrom(files),
      before: this.#seen,
      watched,
      time,
    });
    this.#seen = grouped.seen;
    const peers = groupUnix(unix.pairs, (inode) => book.ofFile(inode));
    const { kept, dropped } = limited(this.#atHome(grouped, namespaces), peers.rows);
    return {
      version: REPORT_VERSION,
      ...head,
      time,
      ips: ownAddresses(this.#machine.interfaces()),
      ...kept,
      processes: processRows(kept, this.#processes.eldestFirst(), bootTimeOf(files)),
      capture: {
        level: watched.level,
        lost: watched.lost,
        unattributed: grouped.unattributed + peers.unattributed,
        dropped: tables.skipped + unix.skipped + dropped,
        notes: notesOf(tables, { denied: owners.denied, placed: holders.size > 0 }, unix, [
          ...watched.notes,
          ...this.#turned.notes,
        ]),
      },
    };
  }

  /** Without the right to see whose a socket is, its control group still tells the unit. */
  async #holders({ byInode, denied }: Owners, sockets: readonly Socket[]): Promise<ReadonlyMap<number, Holder>> {
    const unowned = denied === 0 ? [] : sockets.filter(({ inode, netns }) => netns === null && !byInode.has(inode));
    const inodes = new Set(unowned.map(({ inode }) => inode));
    inodes.delete(0);
    return inodes.size === 0 ? new Map() : this.#groups.find(inodes, this.#processes.eldestFirst());
  }

  /** Where there are containers, their addresses are of this host, and their published ports its services. */
  #atHome(grouped: GroupedSockets, namespaces: readonly Namespace[]): HomeRows {
    const { files, interfaces } = this.#machine;
    if (namespaces.length === 1) {
      return grouped;
    }
    const homeOf = readHomes(files, namespaces, interfaces());
    const published = readPublishedPorts(files, this.#processes.eldestFirst());
    const containers = new Map(namespaces.map(({ label, container }) => [label, container]));
    const containerOf = (netns: string) => containers.get(netns) ?? null;
    return bringHome(grouped, { homeOf, containerOf, published: [...published, ...this.#turned.find(homeOf)] });
  }
}

function inodesOf(sockets: readonly Socket[], { pairs }: UnixPairs): Set<number> {
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

/** Owners of sockets of which nobody is known, by namespace. */
function strangers(namespaces: readonly Namespace[]) {
  const known = new Map(namespaces.map((namespace) => [namespace.label, nobodyIn(namespace)]));
  return (netns: string | null) => known.get(netns) ?? nobodyIn({ ...OWN_NAMESPACE, label: netns });
}

function limited(grouped: HomeRows, unix: readonly ReportUnixPeer[]): { kept: NamingRows; dropped: number } {
  const listeners = grouped.listeners.slice(0, REPORT_LIMITS.listeners);
  const connections = grouped.connections.slice(0, REPORT_LIMITS.connections);
  const peers = unix.slice(0, REPORT_LIMITS.unix);
  const all = grouped.listeners.length + grouped.connections.length + unix.length;
  const kept = { listeners, connections, unix: peers };
  return { kept, dropped: all - listeners.length - connections.length - peers.length };
}

function ephemeralFrom(files: ProcFiles): number {
  const from = Number.parseInt(attempt(() => files.read("sys/net/ipv4/ip_local_port_range")) ?? "", 10);
  return from >= 1_024 && from <= 65_535 ? from : EPHEMERAL_FROM;
}

function bootTimeOf(files: ProcFiles): number | undefined {
  const line = /^btime (\d+)$/m.exec(attempt(() => files.read("stat")) ?? "");
  return line === null ? undefined : Number(line[1]);
}
