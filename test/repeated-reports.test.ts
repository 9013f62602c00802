/** Reports that repeat what their host said before, against the same reports read and computed as if nothing were known. */
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Engine } from "../src/compute.ts";
import { readReport } from "../src/ingest/report-door.ts";
import { ReportReader } from "../src/ingest/report-reader.ts";
import type { Changes } from "../src/model/changes.ts";
import type { Connection, HostReport, RepeatedReport, Roster } from "../src/model/host-report.ts";
import { NOON, rules } from "./support/builders.ts";

const OWNER = { unit: null, container: null, netns: null };
const HOSTS = ["web01", "db01", "app01"] as const;
const OWN = { web01: "10.0.0.11", db01: "10.0.0.21", app01: "10.0.0.31" } as const;
const ADDRESSES = ["10.0.0.11", "10.0.0.21", "10.0.0.31", "127.0.0.1", "172.17.0.1", "198.51.100.7", "203.0.113.9"];

type Row = Record<string, unknown> & { count: number; opened: number; lastSeen: string };

const row = fc.record({
  direction: fc.constantFrom("in", "out"),
  proto: fc.constantFrom("tcp", "tcp", "tcp", "udp"),
  process: fc.oneof(
    { arbitrary: fc.constantFrom("nginx", "mysqld", "check_http", null), weight: 60 },
    { arbitrary: fc.constant("odd {name"), weight: 1 },
  ),
  local: fc.constantFrom(...ADDRESSES),
  remote: fc.constantFrom(...ADDRESSES, "0.0.0.0"),
  port: fc.constantFrom(80, 3306, 0, 40_000),
  netns: fc.constantFrom(null, null, "box"),
  container: fc.constantFrom(null, null, "c1", "c2"),
  count: fc.constantFrom(0, 0, 1, 12),
  opened: fc.constantFrom(0, 3),
  silent: fc.constantFrom(0, 0, 0, 40),
});

const step = fc.record({
  host: fc.constantFrom(...HOSTS),
  /** What becomes of the rows of the report before. */
  change: fc.constantFrom("times", "times", "times", "counts", "counts", "order", "fewer", "more", "ips", "listeners"),
  later: fc.constantFrom(1, 20, 60, 400, 5_000),
  settles: fc.boolean(),
  picks: fc.array(fc.nat(40), { minLength: 3, maxLength: 3 }),
  added: row,
  otherwise: fc.constantFrom("", "", "", "", "", "", "", "rules", "blanks"),
});

interface State {
  readonly rows: readonly Row[];
  readonly ips: readonly string[];
  readonly ports: readonly number[];
}

function written(given: typeof row extends fc.Arbitrary<infer R> ? R : never): Row {
  const { direction, proto, process, local, remote, port, netns, container, count, opened } = given;
  const [localPort, remotePort] = direction === "in" ? [port, null] : [null, port];
  const ends = { localAddress: local, localPort, remoteAddress: remote, remotePort };
  return { direction, proto, process, ...OWNER, netns, container, ...ends, count, opened, lastSeen: `${given.silent}` };
}

function changed({ rows, ips, ports }: State, change: string, picks: readonly number[], added: Row): State {
  const [a = 0, b = 0, c = 0] = picks;
  const at = rows.length === 0 ? 0 : a % rows.length;
  switch (change) {
    case "counts":
      return { rows: rows.map((each, i) => (i === at ? { ...each, count: b % 4, opened: c % 3 } : each)), ips, ports };
    case "order":
      return { rows: [...rows.slice(at), ...rows.slice(0, at)], ips, ports };
    case "fewer":
      return { rows: rows.filter((_, i) => i !== at), ips, ports };
    case "more":
      return { rows: [...rows.slice(0, at), added, ...rows.slice(at)], ips, ports };
    case "ips":
      return { rows, ips: [ADDRESSES[b % ADDRESSES.length] ?? "", ...ips].slice(0, 2), ports };
    case "listeners":
      return { rows, ips, ports: [80 + (b % 3), 3306] };
    default:
      return { rows, ips, ports };
  }
}

function bodyOf(host: string, sequence: number, at: number, { rows, ips, ports }: State, blanks: boolean): Buffer {
  const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString();
  const listeners = ports.map((port) => ({ proto: "tcp", address: "0.0.0.0", port, process: "nginx", ...OWNER }));
  const connections = rows.map((each) => ({ ...each, lastSeen: isoOf(at - Number(each.lastSeen)) }));
  const head = { version: 1, host, time: isoOf(at), interval: 60, sequence, boot: "b", ips, listeners };
  const report = { ...head, connections, unix: [], processes: [], capture: { level: "proc", dropped: 0 } };
  return gzipSync(JSON.stringify(report, undefined, blanks ? 1 : 0), { level: 1 });
}

/** The whole report that a repeated one stands for. */
function wholeOf(report: RepeatedReport, known: readonly Connection[]): HostReport {
  const { roster: _, counts, opened, lastSeen, ...frame } = report;
  const connections = known.map((each, at) => ({
    ...each,
    count: counts[at] ?? -1,
    opened: opened[at] ?? -1,
    lastSeen: lastSeen[at] ?? -1,
  }));
  return { ...frame, connections };
}

function inOrder({ roster: _, connections, ...frame }: HostReport): unknown {
  return { ...frame, connections: connections.map((each) => JSON.stringify(each)).sort() };
}

/** Notes what readers have been told of connections, but for their times, as those may lag. */
function note(told: Map<string, unknown>, { connections, edges }: Changes): void {
  const put = (name: string, value: object | null) =>
    value === null ? told.delete(name) : told.set(name, { ...value, lastSeen: 0, lastConnection: 0 });
  for (const [id, { value }] of connections) {
    put(id, value);
  }
  for (const [host, fields] of edges) {
    for (const [field, value] of fields) {
      put(`${host} ${field}`, value);
    }
  }
}

it("a repeated report is the whole one, and leads to the same picture", () => {
  let repeats = 0;
  const property = fc.property(
    fc.array(row, { minLength: 1, maxLength: 12 }),
    fc.array(step, { minLength: 10, maxLength: 30 }),
    (first, steps) => {
      const [quick, slow, reader] = [new Engine(rules()), new Engine(rules()), new ReportReader()];
      const states = new Map<string, State>();
      const rosters = new Map<Roster, readonly Connection[]>();
      const takeWhole = (report: HostReport) => {
        if (report.roster !== undefined) {
          rosters.set(report.roster, report.connections);
        }
        quick.report(report);
      };
      const told = new Map<string, unknown>();
      let now = NOON;
      for (const [at, { host, change, later, settles, picks, added, otherwise }] of steps.entries()) {
        now += later;
        const before = states.get(host) ?? { rows: first.map(written), ips: [OWN[host]], ports: [80] };
        const state = changed(before, change, picks, written(added));
        states.set(host, state);
        const raw = bodyOf(host, at, now - 2, state, otherwise === "blanks");
        const arrival = { encoding: "gzip", receivedAt: now, sentHeader: new Date(now * 1000).toISOString() };
        const expected = readReport(raw, arrival);
        const { report, ...rest } = reader.read(raw, arrival);
        expect(rest).toEqual({ dropped: expected.dropped, warnings: expected.warnings });
        if ("connections" in report) {
          expect(inOrder(report)).toEqual(inOrder(expected.report));
          if (report.roster !== undefined) {
            rosters.set(report.roster, report.connections);
          }
          quick.report(report);
        } else {
          expect(inOrder(wholeOf(report, rosters.get(report.roster) ?? []))).toEqual(inOrder(expected.report));
          if (quick.repeat(report)) {
            repeats += 1;
          } else {
            takeWhole(reader.readWhole(raw, arrival).report);
          }
        }
        slow.report(expected.report);
        if (otherwise === "rules") {
          const given = rules({ otherInternalNetworks: at % 2 === 0 ? ["198.51.100.0/24"] : [] });
          quick.configure(given);
          slow.configure(given);
        }
        if (settles) {
          const changes = quick.settle(now);
          expect(changes).toEqual(slow.settle(now));
          note(told, changes);
        }
      }
      note(told, quick.settle(now));
      const everything = slow.everything(now);
      expect(quick.everything(now)).toEqual(everything);
      const whole = new Map<string, unknown>();
      note(whole, everything);
      expect(told).toEqual(whole);
    },
  );
  fc.assert(property, { numRuns: 20 });
  expect(repeats).toBeGreaterThan(5);
});
