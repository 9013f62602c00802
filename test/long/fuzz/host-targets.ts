/** Readers of what hosts and agents tell. */
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { createAddressDecoder, parseProcNet } from "../../../agent/proc-net.ts";
import { parseCgroup, parseProcessStat } from "../../../agent/process.ts";
import { parseSsEvent } from "../../../agent/ss-events.ts";
import { traceDecoders } from "../../../agent/trace-events.ts";
import { readTracePage } from "../../../agent/trace-page.ts";
import { readHostText } from "../../../src/host-text/read-host-text.ts";
import { textReport } from "../../../src/host-text/text-report.ts";
import { readReport } from "../../../src/ingest/report-door.ts";
import { ReportReader } from "../../../src/ingest/report-reader.ts";
import { ReportRefused } from "../../../src/ingest/report-refused.ts";
import type { Connection, HostReport, RepeatedReport } from "../../../src/model/host-report.ts";
import { demand, fixtures, outline, type Target } from "./target.ts";

const NOW = 1_795_356_000;
const ARRIVAL = { receivedAt: NOW };
const HEAD = { host: "web01", agent: "x", time: "2026-11-22T14:00:00Z", interval: 60, sequence: 1, boot: "b" };

const hostText: Target = {
  name: "host-text",
  seeds: () => fixtures("host-text", /\.txt$/, 8_000),
  run: (input) => {
    const { report } = textReport(readHostText(input.toString()), HEAD);
    const taken = readReport(Buffer.from(JSON.stringify(report)), ARRIVAL).report;
    demand(taken.host === HEAD.host, "what is made of the text is no report");
    return outline(report);
  },
};

const [page, ...formats] = [
  "page.bin",
  ...["inet_sock_set_state", "task_newtask", "task_rename"].map((name) => `${name}.format`),
].map((name) => readFileSync(new URL(`../../fixtures/tracefs/${name}`, import.meta.url)));

const tracePage: Target = {
  name: "trace-page",
  seeds: () => [page as Buffer],
  run: (input) => {
    const [socket = "", newTask = "", rename = ""] = formats.map(String);
    const decoders = traceDecoders(socket, newTask, rename);
    const kinds = readTracePage(input).map(({ offset, length, time }) => {
      const event = decoders?.get(input.readUInt16LE(offset))?.(input, offset, length, time);
      return event?.kind ?? "none";
    });
    return `${Math.min(40, kinds.length)} ${[...new Set(kinds)]}`;
  },
};

const traceFormat: Target = {
  name: "trace-format",
  seeds: () => formats,
  run: (input) => {
    const [socket = "", newTask = "", rename = ""] = formats.map(String);
    const text = input.toString();
    const all = [
      traceDecoders(text, newTask, rename),
      traceDecoders(socket, text, rename),
      traceDecoders(socket, newTask, text),
    ];
    for (const { offset, length, time } of readTracePage(page as Buffer)) {
      for (const decoders of all) {
        decoders?.get((page as Buffer).readUInt16LE(offset))?.(page as Buffer, offset, length, time);
      }
    }
    return all.map((decoders) => decoders?.size).join();
  },
};

const proc: Target = {
  name: "proc",
  seeds: () => [
    ...fixtures("proc/shop", /./, 6_000),
    Buffer.from("812 (php-fpm: (pool) www) S 1 812 812 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 1 0 4242 1 1"),
    Buffer.from("0::/system.slice/docker-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope\n"),
    Buffer.from("tcp UNCONN 0 0 10.0.0.1:34512 10.0.0.2:3306 ino:0 sk:1 cgroup:/system.slice/x.service"),
  ],
  run: (input) => {
    const decode = createAddressDecoder("LE");
    const text = input.toString("latin1");
    const tables = (["tcp", "udp"] as const).map((proto) => parseProcNet(text, proto, decode));
    const again = parseProcNet(
      text,
      "tcp",
      decode,
      null,
      new Map((tables[0]?.sockets ?? []).map((socket) => [socket.inode, socket])),
    );
    // Of what is no row at all only the parts are looked at that tell a known socket.
    const isTable = tables[0]?.skipped === 0;
    demand(!isTable || isDeepStrictEqual(again.sockets, tables[0]?.sockets), "known sockets are read otherwise");
    const events = text.split("\n").map((line) => parseSsEvent(line, decode, "LE") !== undefined);
    const sockets = tables.map((table) => `${Math.min(9, table.sockets.length)}/${Math.min(9, table.skipped)}`);
    return `${sockets} ${events.filter(Boolean).length} ${outline(parseProcessStat(text))} ${outline(parseCgroup(text))}`;
  },
};

/** A report as agents write it. */
function report(rows: number, more: object = {}): Buffer {
  const owner = { process: "php-fpm", unit: "php.service", container: null, netns: null };
  const connections = Array.from({ length: rows }, (_, at) => ({
    ...{ direction: at % 2 === 0 ? "out" : "in", proto: "tcp", ...owner, localAddress: "10.0.0.11" },
    ...{
      localPort: at % 2 === 0 ? null : 8080,
      remoteAddress: `10.0.0.${20 + at}`,
      remotePort: at % 2 === 0 ? 3306 : null,
    },
    ...{ count: at, opened: 1, lastSeen: "2026-11-22T14:00:00Z" },
  }));
  return Buffer.from(
    JSON.stringify({
      ...{
        version: 1,
        host: "web01",
        agent: "dotm-agent/1",
        time: "2026-11-22T14:00:00Z",
        interval: 60,
        sequence: 812,
      },
      ...{ boot: "b", ips: ["10.0.0.11", "2001:db8::11"] },
      listeners: [{ proto: "tcp", address: "0.0.0.0", port: 80, ...owner }],
      connections,
      unix: [{ path: "/run/x.sock", server: "php-fpm", client: "nginx", count: 4 }],
      processes: [{ name: "php-fpm", unit: null, container: null, started: "2026-11-20T03:00:00Z", instances: 8 }],
      capture: { level: "proc", lost: 0, unattributed: 3, dropped: 0, notes: ["x"] },
      ...more,
    }),
  );
}

const KNOWN = report(6);

/** What came of a body: the whole report, by the connections of the known one where it repeats that; or why it was refused. */
function outcome(read: () => { readonly report: HostReport | RepeatedReport }, known: readonly Connection[]): unknown {
  try {
    const { roster: _, ...rest } = read().report;
    if ("connections" in rest) {
      return rest;
    }
    const { counts, opened, lastSeen, ...frame } = rest;
    const connections = known.map((each, at) => ({
      ...each,
      ...{ count: counts[at], opened: opened[at], lastSeen: lastSeen[at] },
    }));
    return { ...frame, connections };
  } catch (error) {
    if (error instanceof ReportRefused) {
      return { refused: error.status, text: error.message };
    }
    throw error;
  }
}

const byRemote = (value: unknown) => {
  const { connections, ...rest } = value as { connections?: readonly Connection[] };
  return connections === undefined
    ? value
    : { ...rest, connections: connections.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) };
};

/** Reports: one that knows the report before says what one that knows nothing says. */
const reports: Target = {
  name: "report",
  seeds: () => [KNOWN, report(0), report(2, { host: "db01" }), report(6, { sequence: 813 })],
  run: (input) => {
    const reader = new ReportReader();
    const base = reader.read(KNOWN, ARRIVAL).report as HostReport;
    const fast = outcome(() => reader.read(input, ARRIVAL), base.connections);
    const slow = outcome(() => readReport(input, ARRIVAL), []);
    demand(isDeepStrictEqual(byRemote(fast), byRemote(slow)), "the fast and the slow reader of reports differ");
    outcome(() => readReport(input, { ...ARRIVAL, encoding: "gzip" }), []);
    return outline(slow);
  },
};

/** All of them. */
export const HOST_TARGETS: readonly Target[] = [hostText, tracePage, traceFormat, proc, reports];
