/** An engine that begins to lead, and what is left of it once it no longer does. No Redis: nothing here gets as far as one. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { configFrom } from "../../src/config.ts";
import { SettingsFollower } from "../../src/daemon/follow-settings.ts";
import type { Delivery } from "../../src/daemon/report-intake.ts";
import { LeadingEngine } from "../../src/daemon/roles/leading-engine.ts";
import { storedReport } from "../../src/daemon/stored-report.ts";
import { SILENT } from "../../src/logger.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../src/model/settings.ts";
import { openStore, type RedisClient } from "../../src/store/redis.ts";
import { RedisMapReader } from "../../src/store/redis-map-reader.ts";
import { ReportStore, type StoredReport } from "../../src/store/report-store.ts";
import { reportOf } from "../support/dotm-process.ts";

const NOWHERE = { socket: "/nonexistent/redis.sock" };

/** Settings that are read when the test says so, and how many follow them. */
class TestSettings extends SettingsFollower {
  followers = 0;
  override follow(changed: (settings: Settings) => void): () => void {
    const end = super.follow(changed);
    this.followers += 1;
    return () => {
      end();
      this.followers -= 1;
    };
  }
}

/** Reports of others, and how often all of them were read. */
class TestReports extends ReportStore {
  readings = 0;
  stored: readonly StoredReport[] = [];
  whileRead: () => void = () => undefined;
  readonly forgotten: string[] = [];
  override async forgetReport(host: string) {
    this.forgotten.push(host);
  }
  override async *loadReports() {
    this.readings += 1;
    yield* this.stored;
    this.whileRead();
  }
  override async demandKnownSchema() {}
  override async loadOriginal() {
    return [];
  }
  override async *loadEdges() {}
  override async *loadListeners() {}
  override async *loadAlarms() {}
}

let folder: string;
let client: RedisClient;
let answer: (settings: Settings) => void;
/** What the settings are by now, where they changed since they were read first. */
let changed: Settings | undefined;
let settings: TestSettings;
let reports: TestReports;
let engine: LeadingEngine;
let unsaved: Delivery[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-leading-"));
  writeFileSync(
    join(folder, "status.dat"),
    `info {\n\tcreated=${Math.trunc(Date.now() / 1000)}\n\tversion=4.4.6\n\t}\n`,
  );
  writeFileSync(join(folder, "objects.cache"), "define host {\n\thost_name\tApplication 1\n\taddress\t10.0.0.1\n\t}\n");
  client = openStore(NOWHERE, SILENT);
  unsaved = [];
  changed = undefined;
  const asked = new Promise<Settings>((resolve) => {
    answer = resolve;
  });
  settings = new TestSettings({ settings: async () => changed ?? asked }, SILENT);
  reports = new TestReports(client, NOWHERE, SILENT);
  engine = new LeadingEngine({
    ...{ id: "me", version: "0", logger: SILENT, now: () => Date.now() / 1000, storeOptions: NOWHERE, client },
    config: configFrom({
      agents: { auth: "none" },
      sources: [{ name: "nagios", type: "status-file", status_file: join(folder, "status.dat") }],
    }),
    reader: new RedisMapReader(client, NOWHERE, SILENT),
    ...{ reports, settings, unsaved: () => unsaved, monotonic: () => performance.now() },
    lease: { fence: { key: "k", token: "me" }, mayWrite: () => false, onLost: () => undefined },
  });
});
afterEach(async () => {
  await engine.stop();
  client.disconnect();
  rmSync(folder, { recursive: true });
});

it("follows no settings where it was told to end before it had read them", async () => {
  const begun = engine.start();
  const ended = engine.stop();
  answer(DEFAULT_SETTINGS);
  await Promise.all([begun, ended]);
  expect(settings.followers).toBe(0);
  expect(reports.readings).toBe(0);
});

it("reads all reports once more, not once for each, where many ask for it at once", async () => {
  answer(DEFAULT_SETTINGS);
  await engine.start();
  expect(reports.readings).toBe(1);
  engine.observed(Array.from({ length: 1_000 }, () => ({ kind: "reload", from: "another" })));
  await engine.stop();
  expect(reports.readings).toBeLessThanOrEqual(3);
});

it("knows a report that is saved while those of the store are read", async () => {
  const raw = Buffer.from(JSON.stringify(reportOf("app02", 1)));
  const receivedAt = Date.now() / 1000;
  unsaved = [{ raw, encoding: undefined, sent: undefined, authorization: undefined, receivedAt }];
  reports.whileRead = () => {
    unsaved = [];
  };
  answer(DEFAULT_SETTINGS);
  await engine.start();
  engine.engine.settle(receivedAt);
  expect([...engine.engine.everything(receivedAt).nodes.keys()]).toContain("app02");
});

it("knows a host under the monitoring's name from the first turn on, also where a collector did not", async () => {
  const raw = Buffer.from(JSON.stringify(reportOf("app01.example.org", 1)));
  const receivedAt = Date.now() / 1000;
  const delivery = { raw, encoding: undefined, sent: undefined, authorization: undefined, receivedAt };
  reports.stored = [{ host: "app01.example.org", gzip: await storedReport(delivery) }];
  answer(DEFAULT_SETTINGS);
  await engine.start();
  engine.observed([{ kind: "fault", host: "app01.example.org", fault: "no route", from: "another" }]);
  engine.engine.settle(receivedAt);
  const { nodes } = engine.engine.everything(receivedAt);
  expect([...nodes.keys()]).toEqual(["Application 1"]);
  expect(nodes.get("Application 1")).toMatchObject({ fetchStatus: "no route", ips: ["10.0.0.1"] });
});

it("forgets what is stored of a host under the name it had before, and nothing newer", async () => {
  const gzip = (host: string, receivedAt: number) => {
    const raw = Buffer.from(JSON.stringify(reportOf(host, 1)));
    return storedReport({ raw, encoding: undefined, sent: undefined, authorization: undefined, receivedAt });
  };
  const now = Date.now() / 1000;
  reports.stored = [
    { host: "Application 1", gzip: await gzip("app01.example.org", now) },
    { host: "app01.example.org", gzip: await gzip("app01.example.org", now - 86_400) },
    { host: "app02", gzip: await gzip("app02", now) },
  ];
  answer(DEFAULT_SETTINGS);
  await engine.start();
  expect(reports.forgotten).toEqual(["app01.example.org"]);
});

it("obeys a setting at once: it does not wait for the next report of each host, stored or on its way there", async () => {
  const now = Date.now() / 1000;
  const delivery = (host: string): Delivery => {
    const raw = Buffer.from(JSON.stringify(reportOf(host, 1, { peer: "203.0.113.9" })));
    return { raw, encoding: undefined, sent: undefined, authorization: undefined, receivedAt: now };
  };
  reports.stored = [{ host: "app02", gzip: await storedReport(delivery("app02")) }];
  unsaved = [delivery("app03")];
  answer(DEFAULT_SETTINGS);
  await engine.start();
  const remotes = () => [...engine.engine.everything(now).connections.values()].map(({ value }) => value?.remote);
  const before = remotes();
  changed = { ...DEFAULT_SETTINGS, otherInternalNetworks: ["203.0.113.0/24"] };
  await settings.look();
  await engine.missed();
  expect([before, remotes()]).toEqual([
    ["Internet", "Internet"],
    ["203.0.113.9", "203.0.113.9"],
  ]);
  expect(reports.readings).toBeGreaterThan(1);
});

it("reads no report anew for a setting that none is read by", async () => {
  answer(DEFAULT_SETTINGS);
  await engine.start();
  changed = { ...DEFAULT_SETTINGS, aging: { services: 60, connections: 60 } };
  await settings.look();
  await engine.stop();
  expect(reports.readings).toBe(1);
});
