/** Whole captured texts, as the original agent sends them, against what is in them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Report } from "../../agent/report.ts";
import { readHostText } from "../../src/host-text/read-host-text.ts";
import { textReport } from "../../src/host-text/text-report.ts";
import { readReport } from "../../src/ingest/report-door.ts";

const FOLDER = "test/fixtures/host-text";
const HEAD = { agent: "test", time: "2026-11-22T14:00:00Z", interval: 60, sequence: 1, boot: "b" };

interface Expected {
  readonly hostname: string;
  readonly listeners: readonly {
    address: string;
    port: number;
    process_name: string | null;
    address_truncated?: boolean;
  }[];
  readonly connections: readonly {
    direction: "in" | "out";
    port: number;
    peer: string;
    process_name: string | null;
    count: number;
    established: number;
    states: Readonly<Record<string, number>>;
  }[];
  readonly ips: readonly string[];
  readonly interfaces: Readonly<Record<string, readonly string[]>>;
  readonly errors: readonly string[];
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith(".txt") && !name.startsWith("ss-"));

function reportOf(text: string): Report {
  const read = readHostText(text);
  return textReport(read, { ...HEAD, host: read.host ?? "unknown" }).report;
}

describe.each(files)("%s", (file) => {
  const text = readFileSync(join(FOLDER, file), "utf8");
  const expected = JSON.parse(readFileSync(join(FOLDER, file.replace(/\.txt$/, ".expected.json")), "utf8")) as Expected;
  const read = readHostText(text);
  const report = reportOf(text);

  it("names the host and its addresses", () => {
    expect(read.host).toBe(expected.hostname);
    expect(report.ips).toEqual(expected.ips);
    const interfaces = Object.entries(expected.interfaces).flatMap(([name, all]) =>
      all.map((address) => `${name} ${address.split("/")[0]}`),
    );
    expect(read.addresses.map((own) => `${own.interface} ${own.address}`)).toEqual(interfaces);
  });

  it("tells every listener", () => {
    expect(report.listeners.map(({ address, port, process }) => ({ address, port, process }))).toEqual(
      expected.listeners.map(({ address, port, process_name: process }) => ({ address, port, process })),
    );
  });

  it("tells every connection, and no other", () => {
    const told = (rows: Report["connections"]) =>
      rows.map((row) => ({
        end: `${row.direction} ${row.localPort ?? row.remotePort} ${row.remoteAddress} ${row.process}`,
        count: row.count,
        opened: row.opened,
      }));
    const opening = ({ SYN_SENT = 0, SYN_RECV = 0 }: Readonly<Record<string, number>>) => SYN_SENT + SYN_RECV;
    const wanted = expected.connections.map((row) => ({
      end: `${row.direction} ${row.port} ${row.peer} ${row.process_name}`,
      count: row.established,
      opened: row.count - opening(row.states),
    }));
    const byEnd = (a: { end: string }, b: { end: string }) => (a.end < b.end ? -1 : 1);
    expect(told(report.connections).sort(byEnd)).toEqual(wanted.sort(byEnd));
  });

  it("says what is missing, and passes the door", () => {
    const faults = [...read.faults].map(
      (fault) => ({ "no listing": "netstat", "no addresses": "ip addr" })[fault as never] ?? fault,
    );
    for (const error of expected.errors) {
      expect(faults).toContain(error);
    }
    const door = readReport(Buffer.from(JSON.stringify(report)), { receivedAt: 1_800_000_000 });
    expect(door.dropped).toBe(0);
    expect(door.report.partial).toBe(expected.errors.length > 0);
  });
});
