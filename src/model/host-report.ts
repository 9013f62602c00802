/**
 * What one agent said of its host, past the door: names cleaned, addresses normalised (see address.ts),
 * times in our own clock. Made by `ingest`, read by `topology`.
 */
import type { Protocol } from "./ids.ts";

/** Whose a socket is; all null where the agent had no right to see it. */
export interface Owner {
  /** The kernel's comm value, at most 15 characters, or null. */
  readonly process: string | null;
  /** systemd unit, or null. */
  readonly unit: string | null;
  /** Container name or short id, or null. */
  readonly container: string | null;
  /** Network namespace where it is not the host's own, or null. */
  readonly netns: string | null;
}

/** A socket that accepts connections (tcp) or datagrams (udp). */
export interface Listener extends Owner {
  readonly proto: Protocol;
  /** Normalised address; `0.0.0.0` for any. */
  readonly address: string;
  readonly port: number;
}

/** Connections of one process with one remote service, grouped. */
export interface Connection extends Owner {
  /** `out`: the local process opened it; `in`: the remote end did. */
  readonly direction: "in" | "out";
  readonly proto: Protocol;
  readonly localAddress: string;
  /** The service port for `in`, null for `out`. */
  readonly localPort: number | null;
  readonly remoteAddress: string;
  /** The service port for `out`, null for `in`. */
  readonly remotePort: number | null;
  /** Established now. */
  readonly count: number;
  /** Opened since the last report, short-lived ones included. */
  readonly opened: number;
  /** Unix seconds in the server's clock. */
  readonly lastSeen: number;
}

/** A client process connected to a server process over a Unix socket. */
export interface UnixPeer {
  readonly path: string;
  readonly server: Owner;
  readonly client: Owner;
  readonly count: number;
}

/** Processes of one name, unit and container. */
export interface ProcessSeen extends Owner {
  /** Unix seconds in the server's clock when the eldest of them started, null where unknown. */
  readonly started: number | null;
}

/** What one report of one host says beside its connections. */
export interface ReportFrame {
  readonly host: string;
  /** Program and version of the agent. */
  readonly agent: string;
  /** Unix seconds when we took it in. */
  readonly receivedAt: number;
  /** Unix seconds in our clock when the agent looked. */
  readonly seenAt: number;
  /** Seconds between two reports of this agent. */
  readonly interval: number;
  readonly sequence: number;
  readonly boot: string;
  readonly ips: readonly string[];
  readonly listeners: readonly Listener[];
  readonly unix: readonly UnixPeer[];
  readonly processes: readonly ProcessSeen[];
  /** True where the report is known to be incomplete: what it lacks is then not taken as gone. */
  readonly partial: boolean;
}

/** One report of one host. */
export interface HostReport extends ReportFrame {
  readonly connections: readonly Connection[];
  /** By which reports to come may be known to repeat this one; undefined where nobody looks. */
  readonly roster?: Roster;
}

/**
 * Stands for the connections, listeners and addresses of a report. Reports with the same one (as object) differ in how many
 * connections there were of each kind, and when, and in nothing else of these.
 */
export interface Roster {
  /** Number of connections. */
  readonly size: number;
}

/** One report of one host that repeats an earlier one; of each connection, by its place there, what may differ. */
export interface RepeatedReport extends ReportFrame {
  readonly roster: Roster;
  readonly counts: readonly number[];
  readonly opened: readonly number[];
  /** Unix seconds in the server's clock. */
  readonly lastSeen: readonly number[];
}

/** By what a machine is known again, whatever it calls itself: names are given twice, addresses of bridges are alike. */
export type MachineMarks = Pick<HostReport, "boot" | "ips">;

/** Whether two reports are of one machine: of one run of it, or with all the same addresses. */
export function isSameMachine(a: MachineMarks, b: MachineMarks): boolean {
  return a.boot === b.boot || (a.ips.length > 0 && [...a.ips].sort().join() === [...b.ips].sort().join());
}
