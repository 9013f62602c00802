/** What the agent of one of the site's hosts reports at a moment. */
import type {
  Report,
  ReportConnection,
  ReportListener,
  ReportProcess,
  ReportUnixPeer,
  SocketOwner,
} from "../../../agent/report.ts";
import { REPORT_VERSION } from "../../../agent/report.ts";
import { parseId } from "../../model/ids.ts";
import { seededBetween } from "./seeded.ts";
import type { Site, SiteHost, SiteProgram } from "./site.ts";

/** What a report needs to know beside the site. */
export interface ReportMoment {
  /** Unix seconds. */
  readonly now: number;
  /** Grows by one with each report. */
  readonly sequence: number;
  /** Seconds between two reports. */
  readonly interval: number;
  readonly boot: string;
  readonly seed: number;
}

/** The report of one host of the site; hosts without an agent have none. */
export function agentReport(site: Site, host: SiteHost, moment: ReportMoment): Report {
  const time = new Date(moment.now * 1000).toISOString();
  return {
    version: REPORT_VERSION,
    host: host.name,
    agent: "dotm-demo/1.0.0",
    time,
    interval: moment.interval,
    sequence: moment.sequence,
    boot: moment.boot,
    ips: host.ips,
    innerIps: [],
    listeners: host.programs.flatMap(listenersOf),
    connections: [...linkRows(site, host, moment, time), ...outsideRows(site, host, moment, time)],
    unix: site.sockets.filter((socket) => socket.host === host.name).map((socket) => unixPeer(host, socket)),
    processes: host.programs.map((program) => processOf(program, moment)),
    capture: { level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] },
  };
}

function listenersOf(program: SiteProgram): ReportListener[] {
  return program.listens.map((listen) => ({ ...listen, ...ownerOf(program) }));
}

function ownerOf(program: SiteProgram): SocketOwner {
  return { process: program.process, unit: program.unit, container: null, netns: null };
}

function processOf(program: SiteProgram, { now, seed }: ReportMoment): ReportProcess {
  const age = seededBetween(3, 40, seed, program.unit) * 86_400;
  // Started at a fixed hour, so that two reports tell the same moment.
  const started = new Date((Math.floor(now / 86_400) * 86_400 - age + 10_800) * 1000).toISOString();
  return { name: program.process, unit: program.unit, container: null, started, instances: program.instances };
}

function linkRows(site: Site, host: SiteHost, moment: ReportMoment, time: string): ReportConnection[] {
  return site.links.flatMap((link) => {
    const client = endOf(site, link.from);
    const server = endOf(site, link.to);
    const local = client.host === server.host;
    const count = Math.max(1, link.count + seededBetween(-1, 1, moment.seed, link.from, link.to, moment.sequence));
    const opened = seededBetween(0, 3, moment.seed, "opened", link.from, link.to, moment.sequence);
    const row = { proto: "tcp", count, opened, lastSeen: time } as const;
    const rows: ReportConnection[] = [];
    if (client.host === host) {
      const { address, other } = local ? LOOPBACK : { address: ipOf(host), other: ipOf(server.host) };
      const ends = { localAddress: address, localPort: null, remoteAddress: other, remotePort: server.port };
      rows.push({ direction: "out", ...row, ...ends, ...ownerOf(client.program) });
    }
    if (server.host === host) {
      const { address, other } = local ? LOOPBACK : { address: ipOf(host), other: ipOf(client.host) };
      const ends = { localAddress: address, localPort: server.port, remoteAddress: other, remotePort: null };
      rows.push({ direction: "in", ...row, ...ends, ...ownerOf(server.program) });
    }
    return rows;
  });
}

const LOOPBACK = { address: "127.0.0.1", other: "127.0.0.1" } as const;

function outsideRows(site: Site, host: SiteHost, moment: ReportMoment, time: string): ReportConnection[] {
  const mine = site.outside.filter((row) => row.host === host.name);
  return mine.flatMap(({ process, direction, port, addresses }) =>
    addresses.map((address) => ({
      ...{ direction, proto: "tcp" as const, lastSeen: time },
      localAddress: address.includes(":") ? (host.ips[1] ?? ipOf(host)) : ipOf(host),
      localPort: direction === "in" ? port : null,
      remoteAddress: address,
      remotePort: direction === "in" ? null : port,
      count: seededBetween(1, 6, moment.seed, host.name, address, moment.sequence),
      opened: seededBetween(0, 9, moment.seed, "opened", host.name, address, moment.sequence),
      ...ownerOf(programNamed(host, process)),
    })),
  );
}

function unixPeer(host: SiteHost, socket: Site["sockets"][number]): ReportUnixPeer {
  const client = programNamed(host, socket.client);
  const server = programNamed(host, socket.server);
  return {
    path: socket.path,
    ...{ server: server.process, serverUnit: server.unit, serverContainer: null, serverNetns: null },
    ...{ client: client.process, clientUnit: client.unit, clientContainer: null, clientNetns: null },
    count: socket.count,
  };
}

interface End {
  readonly host: SiteHost;
  readonly program: SiteProgram;
  /** Null for a client's end. */
  readonly port: number | null;
}

function endOf(site: Site, id: string): End {
  const parsed = parseId(id);
  const host = site.hosts.find(({ name }) => name === parsed?.host);
  if (parsed === undefined || host === undefined) {
    throw new RangeError(`the site has no ${id}`);
  }
  if (parsed.kind === "process") {
    return { host, program: programNamed(host, parsed.name), port: null };
  }
  const port = Number(parsed.port);
  const program = host.programs.find(({ listens }) => listens.some((listen) => listen.port === port));
  if (program === undefined) {
    throw new RangeError(`nobody listens at ${id}`);
  }
  return { host, program, port };
}

function programNamed(host: SiteHost, name: string): SiteProgram {
  const program = host.programs.find(({ process }) => process === name);
  if (program === undefined) {
    throw new RangeError(`${host.name} runs no ${name}`);
  }
  return program;
}

function ipOf(host: SiteHost): string {
  return host.ips[0] ?? "127.0.0.1";
}
