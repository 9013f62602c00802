import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { deliveryOf, fromJournal, journalRecord, ReportShelf, storedReport } from "../../src/daemon/report-shelf.ts";
import { SILENT } from "../../src/logger.ts";

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
    const back = await deliveryOf(await storedReport(delivery(gzipped)));
    expect(JSON.parse(back.raw.toString())).toMatchObject({ version: 1, host: "web01" });
    expect(back).toMatchObject({ sent: "2026-11-22T14:00:00Z", receivedAt: 1_795_348_800, authorization: undefined });
  },
);

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
    store: { saveReport: async (host) => void saved.push(host) },
    publisher: { status: () => ({ connected, pendingKeys: 0, lastWrittenAt: 0, error: null }) },
    journal: { end: 70, release: async (position) => void released.push(position) },
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
