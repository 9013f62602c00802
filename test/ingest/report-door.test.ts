import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DotmError } from "../../src/errors.ts";
import type { Arrival } from "../../src/ingest/arrival.ts";
import { type ReadReport, readReport } from "../../src/ingest/report-door.ts";
import { ReportRefused } from "../../src/ingest/report-refused.ts";

const NOW = 1_795_356_000;
const SAMPLE = JSON.parse(readFileSync(new URL("../fixtures/proc/report.json", import.meta.url), "utf8"));

function read(report: unknown, arrival: Partial<Arrival> = {}): ReadReport {
  const raw = Buffer.isBuffer(report)
    ? report
    : Buffer.from(typeof report === "string" ? report : JSON.stringify(report));
  return readReport(raw, { receivedAt: NOW, ...arrival });
}

function refusal(report: unknown, arrival: Partial<Arrival> = {}): ReportRefused {
  try {
    read(report, arrival);
  } catch (error) {
    expect(error).toBeInstanceOf(ReportRefused);
    return error as ReportRefused;
  }
  throw new Error("it was taken");
}

/** The sample with one listener in place of its own. */
function listener(row: unknown) {
  return read({ ...SAMPLE, listeners: [row] });
}

/** The sample with one connection, changed. */
function connection(change: Record<string, unknown>) {
  return read({ ...SAMPLE, connections: [{ ...SAMPLE.connections[0], ...change }] });
}

describe("readReport", () => {
  it("reads a report as the design shows it", () => {
    const { report, dropped, warnings } = read(SAMPLE, { sentHeader: "2026-11-22T14:00:00Z" });
    expect([dropped, warnings]).toEqual([0, []]);
    const nobody = { unit: null, container: null, netns: null };
    expect(report).toEqual({
      host: "web01",
      agent: "dotm-agent/1.0.0",
      receivedAt: NOW,
      seenAt: NOW,
      interval: 60,
      sequence: 812,
      boot: "6d1f3c44-0000-4000-8000-000000000001-aa55",
      ips: ["10.0.0.11", "2001:db8:0:0:0:0:0:11"],
      listeners: [
        {
          proto: "tcp",
          address: "0.0.0.0",
          port: 80,
          process: "nginx",
          unit: "nginx.service",
          container: null,
          netns: null,
        },
      ],
      connections: [
        {
          direction: "out",
          proto: "tcp",
          process: "php-fpm",
          unit: "php8.2-fpm.service",
          container: null,
          netns: null,
          localAddress: "10.0.0.11",
          localPort: null,
          remoteAddress: "10.0.0.21",
          remotePort: 3306,
          count: 12,
          opened: 340,
          lastSeen: NOW,
        },
      ],
      unix: [
        {
          path: "/run/php/php-fpm.sock",
          server: { process: "php-fpm", ...nobody },
          client: { process: "nginx", ...nobody },
          count: 4,
        },
      ],
      processes: [
        {
          ...nobody,
          process: "php-fpm",
          unit: "php8.2-fpm.service",
          started: Date.parse("2026-11-20T03:00:00Z") / 1000,
        },
      ],
      partial: false,
    });
  });

  it("inflates gzip", () => {
    expect(read(gzipSync(JSON.stringify(SAMPLE)), { encoding: "gzip" }).report.host).toBe("web01");
  });

  it("ignores fields it does not know and takes defaults for those that are not there", () => {
    const { report } = read({
      version: 1,
      host: "h",
      time: "2026-11-22T14:00:00Z",
      listeners: [],
      connections: [],
      more: { a: [1] },
    });
    expect(report).toMatchObject({ agent: "", interval: 60, sequence: 0, boot: "", ips: [], unix: [] });
    const { interval: _, ...silent } = SAMPLE;
    expect(read(silent, { interval: 300 }).report.interval).toBe(300);
    expect(read({ ...SAMPLE, interval: 30 }, { interval: 300 }).report.interval).toBe(30);
  });
});

describe("what is refused", () => {
  it.each<[string, unknown, number]>([
    ["no JSON", "{", 400],
    ["HTML", "<html>", 400],
    ["nothing", "", 400],
    ["a list", "[]", 400],
    ["a word", '"report"', 400],
    ["null", "null", 400],
    ["a NUL byte", '{"version":1,"host":"a\u0000b"}', 400],
    ["no version", { ...SAMPLE, version: undefined }, 400],
    ["a version in words", { ...SAMPLE, version: "1" }, 400],
    ["an old version", { ...SAMPLE, version: 0 }, 426],
    ["no listeners", { ...SAMPLE, listeners: undefined }, 400],
    ["connections that are no list", { ...SAMPLE, connections: {} }, 400],
    ["no host", { ...SAMPLE, host: undefined }, 400],
    ["an empty host", { ...SAMPLE, host: "" }, 400],
    ["a blank host", { ...SAMPLE, host: " " }, 400],
    ["a host with ::", { ...SAMPLE, host: "web::01" }, 400],
    ["a host that begins with a colon", { ...SAMPLE, host: ":web01" }, 400],
    ["a host that ends with a colon", { ...SAMPLE, host: "web01:" }, 400],
    ["a host with /", { ...SAMPLE, host: "web/nginx" }, 400],
    ["a host like an option", { ...SAMPLE, host: "-oProxyCommand=x" }, 400],
    ["a host like an option behind a blank", { ...SAMPLE, host: " -oProxyCommand=x" }, 400],
    ["a host with a line feed", { ...SAMPLE, host: "web\n01" }, 400],
    ["a host with a turned direction", { ...SAMPLE, host: "web\u202e01" }, 400],
    ["a host with half a character", `{"version":1,"host":"a\\ud800","listeners":[],"connections":[]}`, 400],
    ["a host too long", { ...SAMPLE, host: "a".repeat(256) }, 400],
    ["a number as host", { ...SAMPLE, host: 7 }, 400],
  ])("%s", (_, report, status) => {
    const error = refusal(report);
    expect(error).toBeInstanceOf(DotmError);
    expect(error).toMatchObject({ code: "DOTM_REPORT_REFUSED", status });
    expect(error.message).toMatch(/^(?:the|report|it) /);
    expect(error.next).toMatch(/\w/);
  });

  it("host names of 255 characters and IPv6 addresses without :: are fine", () => {
    expect(read({ ...SAMPLE, host: "a".repeat(255) }).report.host).toHaveLength(255);
    expect(read({ ...SAMPLE, host: "2001:db8:0:0:0:0:0:1" }).report.host).toBe("2001:db8:0:0:0:0:0:1");
    expect(read({ ...SAMPLE, host: "Datenbank 1 (Köln)" }).report.host).toBe("Datenbank 1 (Köln)");
  });

  it("too much, packed or not", () => {
    expect(refusal(SAMPLE, { maxBytes: 100 }).status).toBe(413);
    expect(refusal(gzipSync(JSON.stringify(SAMPLE)), { encoding: "gzip", maxBytes: 500 }).status).toBe(413);
  });

  it("what is not the encoding it says, and encodings we do not know", () => {
    expect(refusal(SAMPLE, { encoding: "gzip" }).status).toBe(400);
    expect(refusal(gzipSync(JSON.stringify(SAMPLE)).subarray(0, 50), { encoding: "gzip" }).status).toBe(400);
    expect(refusal(SAMPLE, { encoding: "br" }).status).toBe(415);
  });

  it("deep nesting, before it is parsed where it is large; brackets in texts do not count", () => {
    expect(refusal("[".repeat(1_000_000)).message).toContain("nested deeper than 16");
    const large = "[[[[{{{{".repeat(50_000);
    expect(read({ ...SAMPLE, note: large }).report.host).toBe("web01");
    expect(refusal(`{"version":1,"x":${'{"y":'.repeat(16)}1${"}".repeat(16)}}`).message).toContain("nested");
    expect(read({ ...SAMPLE, x: JSON.parse("[".repeat(15) + "]".repeat(15)) }).report.host).toBe("web01");
    expect(refusal(`{"version":1,"x":${"[".repeat(16)}${"]".repeat(16)}}`).message).toContain("nested");
    const text = `${'["\\"'.repeat(50)}\\\\`;
    expect(read({ ...SAMPLE, note: text, agent: "[[[[{{{{".repeat(10) }).report.host).toBe("web01");
  });
});

describe("rows", () => {
  it.each([-1, 0, 65_536, 1.5, "80", "80;x", null, undefined, true, [80]])(
    "leaves out a listener at port %j",
    (port) => {
      const { report, dropped, warnings } = listener({ ...SAMPLE.listeners[0], port });
      expect(report.listeners).toEqual([]);
      expect(dropped).toBe(1);
      expect(warnings).toEqual(["1 rows were no rows and were left out"]);
      expect(report.connections).toHaveLength(1);
      expect(report.partial).toBe(true);
    },
  );

  it("leaves out 1e309, which JSON makes infinite", () => {
    const text = JSON.stringify({ ...SAMPLE, listeners: [{ ...SAMPLE.listeners[0], port: 9999 }] }).replace(
      "9999",
      "1e309",
    );
    expect(read(text)).toMatchObject({ dropped: 1, report: { listeners: [] } });
  });

  it.each([
    null,
    5,
    "row",
    [],
    { proto: "tcp" },
    { ...SAMPLE.listeners[0], address: "localhost" },
    { ...SAMPLE.listeners[0], proto: "sctp" },
  ])("leaves out %j as a listener", (row) => {
    expect(listener(row)).toMatchObject({ dropped: 1, report: { listeners: [] } });
  });

  it.each([
    { direction: "sideways" },
    { remotePort: null },
    { direction: "in" },
    { remoteAddress: "example.net" },
    { remoteAddress: "0.0.0.0" },
    { localAddress: undefined },
    { count: -1 },
    { count: "12" },
    { opened: 1.5 },
    { proto: 6 },
  ])("leaves out a connection with %j", (change) => {
    expect(connection(change)).toMatchObject({ dropped: 1, report: { connections: [], host: "web01" } });
  });

  it("keeps of both ports only the service's", () => {
    expect(connection({ localPort: 50_000 }).report.connections[0]).toMatchObject({
      localPort: null,
      remotePort: 3306,
    });
    const incoming = connection({ direction: "in", localPort: 80, remotePort: 50_000 });
    expect(incoming.report.connections[0]).toMatchObject({ localPort: 80, remotePort: null });
  });

  it("writes addresses in the one way", () => {
    expect(connection({ remoteAddress: "::ffff:10.0.0.1" }).report.connections[0]?.remoteAddress).toBe("10.0.0.1");
    expect(connection({ remoteAddress: "fe80::1%eth0" }).report.connections[0]?.remoteAddress).toBe(
      "fe80:0:0:0:0:0:0:1",
    );
    const { report } = read({
      ...SAMPLE,
      ips: ["::ffff:10.0.0.1", "10.0.0.1", "127.0.0.1", "::1", "fe80::1", "0.0.0.0", "x", 7, "2001:DB8::1"],
    });
    expect(report.ips).toEqual(["10.0.0.1", "2001:db8:0:0:0:0:0:1"]);
  });

  it("makes listeners for any address one, whatever the family", () => {
    const row = SAMPLE.listeners[0];
    const { report, dropped } = read({
      ...SAMPLE,
      listeners: [row, { ...row, address: "::" }, { ...row, address: "*" }, { ...row, address: "[::]" }],
    });
    expect(report.listeners).toHaveLength(1);
    expect(dropped).toBe(0);
  });

  it("adds up rows that become the same", () => {
    const row = SAMPLE.connections[0];
    const { report } = read({
      ...SAMPLE,
      connections: [row, { ...row, remoteAddress: "::ffff:10.0.0.21", count: 3, opened: 5 }],
    });
    expect(report.connections).toMatchObject([{ count: 15, opened: 345 }]);
  });

  it("takes no more rows than the limit and says that the report is not whole", () => {
    const { report, dropped, warnings } = read({
      ...SAMPLE,
      listeners: Array.from({ length: 5_000 }, (_, i) => ({ ...SAMPLE.listeners[0], port: i + 1 })),
    });
    expect(report.listeners).toHaveLength(4_096);
    expect(dropped).toBe(904);
    expect(warnings).toEqual(["904 rows were over the limit and were left out"]);
    expect(report.partial).toBe(true);
  });

  it("believes an agent that says it left rows out", () => {
    expect(read({ ...SAMPLE, capture: { dropped: 7 } }).report.partial).toBe(true);
    expect(read({ ...SAMPLE, capture: [] }).report.partial).toBe(false);
  });

  it("leaves out Unix sockets with an unknown end", () => {
    expect(read({ ...SAMPLE, unix: [{ ...SAMPLE.unix[0], client: null }] })).toMatchObject({
      dropped: 1,
      report: { unix: [] },
    });
    const units = { serverUnit: "php8.2-fpm.service", clientContainer: "3f4e01234567" };
    expect(read({ ...SAMPLE, unix: [{ ...SAMPLE.unix[0], ...units }] }).report.unix[0]).toMatchObject({
      server: { process: "php-fpm", unit: "php8.2-fpm.service" },
      client: { process: "nginx", container: "3f4e01234567" },
    });
  });
});

describe("texts", () => {
  function named(process: unknown): string | null | undefined {
    return listener({ ...SAMPLE.listeners[0], process }).report.listeners[0]?.process;
  }

  it.each<[unknown, string | null]>([
    ["nginx", "nginx"],
    ["\u001b[31mred\u001b[0m", "red"],
    ["\u001b]0;title\u0007x", "x"],
    ["a\nb\tc\u0000d", "a b c d"],
    ["  x  ", "x"],
    ["<script>alert(1)</script>", "<script>alert(1)</script>"],
    ["evil\u202egnp", "evil gnp"],
    ["a|b", "a_b"],
    ["Ünïcode-漢字", "Ünïcode-漢字"],
    ["\ud800half", "half"],
    ["__proto__", "__proto__"],
    ["", null],
    ["\u001b[2J", null],
    [null, null],
    [5, null],
    [{}, null],
  ])("cleans the process name %j", (name, expected) => {
    expect(named(name)).toBe(expected);
  });

  it("cuts long names, between characters", () => {
    expect(named("x".repeat(10_000))).toBe("x".repeat(64));
    expect(named("😀".repeat(100))).toBe("😀".repeat(64));
  });
});

describe("time", () => {
  const at = (seconds: number) => new Date(seconds * 1000).toISOString();
  const seen = (time: number, lastSeen: number | string, sent: number | undefined) => {
    const row = { ...SAMPLE.connections[0], lastSeen: typeof lastSeen === "number" ? at(lastSeen) : lastSeen };
    const { report, warnings } = read(
      { ...SAMPLE, time: at(time), connections: [row] },
      { sentHeader: sent === undefined ? undefined : at(sent) },
    );
    return { ago: NOW - report.seenAt, rowAgo: NOW - (report.connections[0]?.lastSeen ?? 0), warnings };
  };

  it("counts ages, so that a clock that is wrong does no harm", () => {
    for (const off of [-86_400, -1, 0, 1, 86_400 * 365]) {
      const { ago, rowAgo } = seen(NOW + off - 10, NOW + off - 30, NOW + off);
      expect([ago, rowAgo]).toEqual([10, 30]);
    }
  });

  it("never lets an hour in the spool look fresh", () => {
    expect(seen(NOW - 3_600, NOW - 3_600, NOW).ago).toBe(3_600);
  });

  it("never sees into the future", () => {
    expect(seen(NOW, NOW + 500, NOW)).toMatchObject({ ago: 0, rowAgo: 0 });
    expect(seen(NOW + 500, NOW + 500, undefined)).toMatchObject({
      ago: 0,
      rowAgo: 0,
      warnings: ["the agent's clock is 500 s off ours"],
    });
    expect(seen(NOW - 60, NOW + 500, NOW)).toMatchObject({ ago: 60, rowAgo: 60 });
  });

  it("tells clocks that are far apart", () => {
    expect(seen(NOW - 300, NOW - 300, NOW - 300).warnings).toEqual(["the agent's clock is 300 s off ours"]);
    expect(seen(NOW - 3, NOW - 3, NOW - 3).warnings).toEqual([]);
  });

  it("takes the time of the look where a row tells none, and of receiving where nobody does", () => {
    expect(seen(NOW - 7, "yesterday", NOW).rowAgo).toBe(7);
    const { report, warnings } = read({ ...SAMPLE, time: "2026-13-45T99:00:00Z" });
    expect(report.seenAt).toBe(NOW);
    expect(warnings).toEqual(["the report does not tell when it was made"]);
  });
});

describe("hostile reports", () => {
  it("are read or refused, and never anything else", () => {
    const row = fc.oneof(fc.constantFrom(SAMPLE.listeners[0], SAMPLE.connections[0]), fc.jsonValue());
    const change = fc.dictionary(fc.constantFrom(...Object.keys(SAMPLE)), fc.oneof(fc.jsonValue(), fc.array(row)));
    const mutated = change.map((fields) => Buffer.from(JSON.stringify({ ...SAMPLE, ...fields })));
    const damaged = fc.tuple(fc.nat(1_000), fc.uint8Array({ maxLength: 20 })).map(([at, bytes]) => {
      const text = Buffer.from(JSON.stringify(SAMPLE));
      text.set(bytes.subarray(0, Math.max(0, text.length - at)), Math.min(at, text.length - 20));
      return text;
    });
    fc.assert(
      fc.property(fc.oneof(mutated, damaged, fc.uint8Array().map(Buffer.from)), fc.string(), (raw, sentHeader) => {
        try {
          const { report } = readReport(raw, { receivedAt: NOW, sentHeader });
          expect(report.seenAt).toBeLessThanOrEqual(NOW);
          for (const { port, address } of report.listeners) {
            expect(port >= 1 && port <= 65_535 && !address.includes("::")).toBe(true);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(ReportRefused);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
