/** The words the demo's site is described in. Everything here is plain data; nothing is random but by the seed. */
import type { CheckState } from "../../model/state.ts";

/** A whole site: hosts, who talks to whom, what the monitoring checks. */
export interface Site {
  readonly hosts: readonly SiteHost[];
  readonly links: readonly SiteLink[];
  readonly sockets: readonly SiteSocket[];
  readonly outside: readonly SiteOutside[];
  readonly checks: readonly SiteCheck[];
}

/** One host. */
export interface SiteHost {
  readonly name: string;
  readonly alias: string;
  /** Addresses, the first the one Nagios knows. */
  readonly ips: readonly string[];
  readonly group: string;
  /** Hosts on the path from the monitoring server. */
  readonly parents: readonly string[];
  /** False for what cannot run one, such as a router. */
  readonly agent: boolean;
  readonly programs: readonly SiteProgram[];
  /** In a scheduled downtime, with the reason; else absent. */
  readonly downtime?: string;
}

/** A running program and what it listens on. */
export interface SiteProgram {
  readonly process: string;
  readonly unit: string;
  readonly instances: number;
  readonly listens: readonly { readonly proto: "tcp" | "udp"; readonly address: string; readonly port: number }[];
}

/** Connections of a process with a service of the site. */
export interface SiteLink {
  /** `HOST/PROCESS`. */
  readonly from: string;
  /** `HOST:PORT`. */
  readonly to: string;
  /** Usual number of connections. */
  readonly count: number;
}

/** Connections over a Unix socket within a host. */
export interface SiteSocket {
  readonly host: string;
  readonly path: string;
  readonly client: string;
  readonly server: string;
  readonly count: number;
}

/** Connections with addresses that are no host of the site: clients (`in`) or servers (`out`). */
export interface SiteOutside {
  readonly host: string;
  readonly process: string;
  readonly direction: "in" | "out";
  /** Our port for `in`, theirs for `out`. */
  readonly port: number;
  readonly addresses: readonly string[];
}

/** One service check as Nagios runs it. */
export interface SiteCheck {
  readonly host: string;
  readonly check: string;
  /** Command with arguments, `!` separated. */
  readonly command: string;
  readonly state: CheckState;
  /** Plugin output while in that state; `{20-60}` stands for a number that varies. */
  readonly output: string;
  readonly perfdata: string;
  /** Acknowledged with this comment; else absent. */
  readonly acknowledged?: string;
}
