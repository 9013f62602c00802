import { readFileSync } from "node:fs";
import { endianness, networkInterfaces } from "node:os";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Collector } from "../../agent/collect.ts";
import { encodeReport } from "../../agent/encode.ts";
import { createProcFiles } from "../../agent/proc-files.ts";
import { createAddressDecoder } from "../../agent/proc-net.ts";
import { REPORT_SCHEMA, type Report } from "../../agent/report.ts";

const HEAD = { host: "web01", agent: "test/1", interval: 60, sequence: 1, boot: "b" };

function report(connections: number): Report {
  const row = { direction: "out", proto: "tcp", process: "app", unit: null, container: null, netns: null } as const;
  const ends = {
    localAddress: "10.0.0.1",
    localPort: null,
    remotePort: 443,
    count: 1,
    opened: 1,
    lastSeen: "2026-11-22T14:00:00Z",
  };
  return {
    version: 1,
    ...HEAD,
    time: "2026-11-22T14:00:00.000Z",
    ips: [],
    listeners: [],
    connections: Array.from({ length: connections }, (_, i) => ({
      ...row,
      ...ends,
      remoteAddress: `10.1.${i >> 8}.${i & 255}`,
    })),
    unix: [],
    processes: [],
    capture: { level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] },
  };
}

describe("the format of reports", () => {
  it("is published as JSON Schema (vitest -u writes it)", async () => {
    await expect(`${JSON.stringify(REPORT_SCHEMA, null, 2)}\n`).toMatchFileSnapshot("../../docs/report.schema.json");
  });

  it("is what the agent sends, and what the design shows", async () => {
    const schema = z.fromJSONSchema(REPORT_SCHEMA as Parameters<typeof z.fromJSONSchema>[0]);
    const collector = new Collector({
      files: createProcFiles(),
      decodeAddress: createAddressDecoder(endianness()),
      interfaces: networkInterfaces,
      unixSockets: () => Promise.resolve(undefined),
      socketGroups: () => Promise.resolve(undefined),
      now: () => Date.now() / 1000,
    });
    schema.parse(await collector.collect(HEAD));
    const sample = readFileSync(new URL("../fixtures/proc/report.json", import.meta.url), "utf8");
    schema.parse(JSON.parse(sample));
    expect(schema.safeParse({ ...JSON.parse(sample), host: "" }).success).toBe(false);
    expect(schema.safeParse({ ...JSON.parse(sample), version: 2 }).success).toBe(false);
  });
});

describe("encodeReport", () => {
  it("leaves the last connections out where the server would not take so much, and says so", () => {
    const whole = report(1_000);
    const text = encodeReport(whole, 100_000);
    expect(text.length).toBeLessThanOrEqual(100_000);
    const sent = JSON.parse(text) as Report;
    expect(sent.connections.length).toBeGreaterThan(100);
    expect(sent.connections).toEqual(whole.connections.slice(0, sent.connections.length));
    expect(sent.capture.dropped).toBe(1_000 - sent.connections.length);
    expect(JSON.parse(encodeReport(whole))).toEqual(whole);
  });
});
