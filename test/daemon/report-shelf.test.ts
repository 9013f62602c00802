import { gunzipSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { fromJournal, journalRecord, ReportShelf } from "../../src/daemon/report-shelf.ts";
import { deliveryOf, storedReport } from "../../src/daemon/stored-report.ts";
import { DotmError } from "../../src/errors.ts";
import { SILENT } from "../../src/logger.ts";

const NONE: ReadonlyMap<string, DotmError> = new Map();
const BODY = ' {"version":1,"host":"web01"}';

function delivery(gzipped: boolean) {
  const raw = gzipped ? gzipSync(BODY) : Buffer.from(BODY);
  return {
    raw,
    encoding: gzipped ? "gzip" : undefined,
    sent: "2026-11-22T14:00:00Z",
    authorization: "Bearer secret",
    receivedAt: 1_795_348_800,
  };
}

it.each([true, false])(
  "stores a report as gzip of its JSON and gives it back as it came (gzip: %s), without the token",
  async (gzipped) => {
    const back = deliveryOf(await storedReport(delivery(gzipped)));
    expect(back.encoding).toBe("gzip");
    expect(JSON.parse(gunzipSync(back.raw).toString())).toMatchObject({ version: 1, host: "web01" });
    expect(back).toMatchObject({ sent: "2026-11-22T14:00:00Z", receivedAt: 1_795_348_800, authorization: undefined });
  },
);

it("stores exactly the JSON the agent sent for whoever reads gzip, whatever the header says of the time", async () => {
  const sent = 'a"\0\u0100}';
  const stored = await storedReport({ ...delivery(true), sent });
  expect(gunzipSync(stored).toString()).toBe(BODY);
  expect(deliveryOf(stored)).toMatchObject({ receivedAt: 1_795_348_800, sent: 'a"\0?}' });
});

it("reads what earlier versions stored", () => {
  const stored = gzipSync('{"stored":{"receivedAt":12.5,"sent":"2026-11-22T14:00:00Z"},"version":1,"host":"web01"}');
  const back = deliveryOf(stored);
  expect(JSON.parse(back.raw.toString())).toMatchObject({ version: 1, host: "web01" });
  expect(back).toMatchObject({ sent: "2026-11-22T14:00:00Z", receivedAt: 12.5 });
});

it("keeps the reports that could not be saved, and saves them and what came behind them when that is possible again", async () => {
  const hosts = Array.from({ length: 250 }, (_, at) => `web${at}`);
  const saved: string[] = [];
  const released: number[] = [];
  let broken = "web150";
  let now = 0;
  const shelf = new ReportShelf({
    store: {
      saveReports: async (reports) => {
        if (reports.has(broken)) {
          throw new Error("no room");
        }
        saved.push(...reports.keys());
        return NONE;
      },
    },
    identity: async () => "",
    isConnected: () => true,
    journal: { end: 70, release: async (position) => void released.push(position), async *replay() {} },
    now: () => now,
    logger: SILENT,
  });
  for (const host of hosts) {
    shelf.put(host, delivery(true), 70);
  }
  await shelf.stop();
  now = 100;
  expect(saved).toEqual(hosts.slice(0, 150));
  broken = "";
  await shelf.stop();
  expect(saved).toEqual(hosts);
  expect(released).toEqual([]);
});

it("lets the journal forget what others sent where the key of one host is somebody else's, and says so once", async () => {
  let now = 1_000;
  const [released, warned]: [number[], unknown[]] = [[], []];
  const shelf = new ReportShelf({
    store: {
      saveReports: async (reports) => {
        const fault = new DotmError("DOTM_STORE_FAILED", "dotm::reports::web01 in Redis is not DOTM's (WRONGTYPE).");
        return reports.has("web01") ? new Map([["web01", fault]]) : NONE;
      },
    },
    identity: async () => "",
    isConnected: () => true,
    journal: { end: 70, release: async (position) => void released.push(position), async *replay() {} },
    now: () => now,
    logger: { ...SILENT, warn: (fields) => warned.push(fields) },
  });
  shelf.put("web01", delivery(true), 35);
  shelf.put("web02", delivery(true), 70);
  await shelf.stop();
  now += 61;
  await shelf.stop();
  expect(released).toEqual([70]);
  expect(warned).toEqual([expect.objectContaining({ error: expect.stringContaining("dotm::reports::web01") })]);
  expect([...shelf.unsaved()]).toHaveLength(1);
});

it("reads a record of the journal back as it came, without the token", () => {
  const back = fromJournal(journalRecord(delivery(true)));
  expect(back).toEqual({ ...delivery(true), authorization: undefined });
});

it("releases the journal only a minute after the store took a report, and not while it is away", async () => {
  let now = 1_000;
  let connected = false;
  const saved: string[] = [];
  const released: number[] = [];
  const shelf = new ReportShelf({
    store: {
      saveReports: async (reports) => {
        saved.push(...reports.keys());
        return NONE;
      },
    },
    identity: async () => "",
    isConnected: () => connected,
    journal: { end: 70, release: async (position) => void released.push(position), async *replay() {} },
    now: () => now,
    logger: SILENT,
  });
  shelf.put("web01", delivery(false), 70);
  await shelf.stop();
  expect(saved).toEqual([]);
  connected = true;
  await shelf.stop();
  expect([saved, released]).toEqual([["web01"], []]);
  now += 61;
  await shelf.stop();
  expect([saved, released]).toEqual([["web01"], [70]]);
});

it("saves again what was saved within the last minute, once another server has taken over, and nothing older", async () => {
  let now = 1_000;
  let saved: [string, number][] = [];
  let identity = "master";
  const records = ["old", "web01", "web01", "web02"].map((host, at) => {
    return { host, delivery: { ...delivery(true), receivedAt: at }, position: 100 * (at + 1) };
  });
  const shelf = new ReportShelf({
    store: {
      saveReports: async (reports) => {
        for (const [host, gzip] of reports) {
          saved.push([host, deliveryOf(gzip).receivedAt]);
        }
        return NONE;
      },
    },
    isConnected: () => true,
    identity: async () => identity,
    journal: {
      end: 400,
      release: async () => undefined,
      async *replay() {
        for (const { delivery: kept, position } of records) {
          yield { payload: journalRecord(kept), position };
        }
      },
    },
    now: () => now,
    logger: SILENT,
  });
  for (const { host, delivery: given, position } of records) {
    shelf.put(host, given, position);
    await shelf.stop();
    now += host === "old" ? 70 : 1;
  }
  saved = [];
  await shelf.stop();
  expect(saved).toEqual([]);
  identity = "new master";
  await shelf.stop();
  expect(saved).toEqual([
    ["web01", 2],
    ["web02", 3],
  ]);
});
