import type { Redis } from "ioredis";
import { beforeEach, describe, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import type { Changes } from "../../src/model/changes.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import { expireSnapshots } from "../../src/store/history-expire.ts";
import { HistoryLog } from "../../src/store/history-log.ts";
import { HistoryReader } from "../../src/store/history-reader.ts";
import { takeSnapshot } from "../../src/store/history-take.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import { MapWriter } from "../../src/store/map-writer.ts";
import { RedisMapReader } from "../../src/store/redis-map-reader.ts";
import { seeded } from "../support/random.ts";
import type { TestStore } from "../support/redis.ts";
import { changes, check, graph, impact, NOW, picture, SILENT_SOURCE, UNUSED } from "./examples.ts";
import { keepOpen, STORES } from "./stores.ts";

const SOURCE = { kind: "health", source: "nagios", type: "status-file", ok: true, error: null, asOf: NOW } as const;
const HEALTH = { ...SOURCE, staleAfter: 60, hosts: 2, checks: 3, lag: 0, errors: 0 };

/** Everything a reader can tell, as one value. */
async function toldBy(reader: MapReader) {
  const hosts = ["web01", "db01", "web02", "a b", "__proto__"];
  const ranking = await reader.ranking(0, 1_000);
  return {
    nodes: await reader.nodes(),
    records: await Promise.all(hosts.map((host) => reader.node(host))),
    graphs: await reader.graphs(hosts),
    notes: await reader.notes(hosts),
    hostChecks: await Promise.all(hosts.map((host) => reader.hostCheck(host))),
    checks: await reader.checksOf(hosts),
    ranking,
    problems: await reader.problems(),
    impacts: await Promise.all(ranking.map(({ host, check: name }) => reader.impact(host, name))),
    sources: await reader.sources(),
    alarms: await reader.alarms(),
    ofHosts: await reader.alarms(hosts),
  };
}

/** Some turn of an engine. */
function randomChanges(random: () => number): Partial<Changes> {
  const one = <T>(...values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  const host = one("web01", "db01", "web02", "a b", "__proto__");
  const gone = random() < 0.2;
  const node = { lastFetch: NOW + Math.floor(random() * 50), fetchStatus: "OK", ips: [], serviceAlerts: {} };
  const base = graph(host);
  const drawn = { ...base, lastReport: Math.floor(random() * 9), nodes: random() < 0.3 ? [] : base.nodes };
  const checks = ["HTTP", "Disk", "Load"]
    .filter(() => random() < 0.7)
    .map((name) => check(host, name, { status: one("OK", "CRITICAL"), lastCheck: NOW + Math.floor(random() * 99) }));
  const problem = `${host}::${one("HTTP", "Disk", "_HOST_")}`;
  const name = problem.split("::")[1] ?? "";
  return one<() => Partial<Changes>>(
    () => ({ nodes: new Map([[host, gone ? null : node]]) }),
    () => ({ graphs: new Map([[host, gone ? null : drawn]]) }),
    () => ({ graphs: new Map([[host, drawn]]), serviceChecks: new Map([[host, gone ? null : checks]]) }),
    () => ({ impacts: new Map([[problem, gone ? null : impact(host, name === "_HOST_" ? null : name, [80, 443])]]) }),
    () => ({ sources: new Map([["nagios", gone ? null : { ...HEALTH, asOf: Math.floor(random() * 99) }]]) }),
    () => ({
      alarms: new Map([[one("", host), gone ? null : one([UNUSED], [SILENT_SOURCE], [UNUSED, SILENT_SOURCE])]]),
    }),
  )();
}

describe.each(STORES)("history on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;
  let now = NOW;
  let enabled = true;
  let warnings: object[];
  let writer: MapWriter;
  let live: RedisMapReader;
  let past: HistoryReader;
  const onRefused = (): void => undefined;

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });
  beforeEach(() => {
    now = NOW;
    enabled = true;
    warnings = [];
    writer = newWriter();
    live = new RedisMapReader(store.client, store.options, SILENT);
    past = newReader();
  });
  const newWriter = () =>
    new MapWriter(store.client, SILENT, {
      history: new HistoryLog(store.client, { now: () => now, enabled: () => enabled }),
    });
  const newReader = () =>
    new HistoryReader(store.client, store.options, {
      logger: { ...SILENT, warn: (fields) => warnings.push(fields as object) },
      now: () => now,
      settings: async () => DEFAULT_SETTINGS,
    });
  const take = () => takeSnapshot(store.client, { now: () => now, onRefused });

  it.each([1, 2, 3, 4])("gives exactly what was stored live at any moment (row %d)", async (seed) => {
    const random = seeded(seed);
    await writer.rewrite(picture());
    await take();
    const moments: { readonly at: number; readonly told: unknown }[] = [];
    for (let turn = 0; turn < 60; turn += 1) {
      now += 0.004 + random();
      await writer.write(changes(randomChanges(random)));
      if (random() < 0.1) {
        await take();
      }
      moments.push({ at: now + 0.001, told: await toldBy(live) });
    }
    now += 100;
    for (const { at, told } of moments.sort(() => random() - 0.5)) {
      const { reader, exact, asOf } = await past.at(at);
      expect({ exact, asOf }).toEqual({ exact: true, asOf: at });
      expect(await toldBy(reader)).toEqual(told);
    }
  });

  it("a snapshot taken while the picture changes is repaired by the log", async () => {
    await writer.rewrite(picture());
    const random = seeded(7);
    let writing = true;
    const turns = (async () => {
      while (writing) {
        now += 0.003;
        await writer.write(changes(randomChanges(random)));
      }
    })();
    for (let round = 0; round < 10; round += 1) {
      await take();
      now += 1;
    }
    writing = false;
    await turns;
    await take();
    now += 20;
    const { reader, exact } = await past.at(now);
    expect(exact).toBe(true);
    expect(await toldBy(reader)).toEqual(await toldBy(live));
    await redis.ltrim("dotm::history", 0, 0);
    const replayed = await newReader().at(now);
    expect(replayed.exact).toBe(true);
    expect(await toldBy(replayed.reader)).toEqual(await toldBy(live));
  });

  it("says where changes are missing, and shows what is known until there", async () => {
    await writer.rewrite(picture());
    await take();
    now += 10;
    await writer.write(changes({ graphs: new Map([["web01", null]]) }));
    now += 10;
    await newWriter().rewrite(picture());
    now += 30;
    expect(await past.at(NOW + 10)).toMatchObject({ exact: true, asOf: NOW + 10 });
    const after = await past.at(NOW + 25);
    expect(after).toMatchObject({ exact: false, asOf: NOW + 10 });
    expect((await after.reader.graphs(["web01"])).size).toBe(0);
    await redis.xtrim("dotm::history::log", "MAXLEN", 1);
    expect(await newReader().at(NOW + 10)).toMatchObject({ exact: false, asOf: NOW });
    await redis.del("dotm::history::log");
    expect(await newReader().at(NOW + 10)).toMatchObject({ exact: false, asOf: NOW });
  });

  it.each(["switched off", "off when the daemon starts"])(
    "is exact for no time at which it was off: %s",
    async (how) => {
      const gone = changes({ graphs: new Map([["web01", null]]) });
      await writer.rewrite(picture());
      await take();
      now += 10;
      enabled = false;
      const off = how === "switched off" ? writer : newWriter();
      await (off === writer ? off.write(gone) : off.rewrite(picture()));
      now += 10;
      await off.write(gone);
      expect(await past.at(NOW + 5)).toMatchObject({ exact: true, asOf: NOW + 5 });
      expect(await past.at(NOW + 15)).toMatchObject({ exact: false, asOf: NOW });
      enabled = true;
      now += 10;
      await off.write(changes({ graphs: new Map([["db01", null]]) }));
      now += 10;
      expect(await past.at(NOW + 15)).toMatchObject({ exact: false, asOf: NOW });
      expect(await past.at(NOW + 35)).toMatchObject({ exact: false, asOf: NOW });
      await take();
      expect(await past.at(NOW + 40)).toMatchObject({ exact: true, asOf: NOW + 40 });
      expect(await redis.xlen("dotm::history::log")).toBeLessThanOrEqual(7);
    },
  );

  it("is exact for no time after a snapshot that somebody asked for while it was off", async () => {
    enabled = false;
    await writer.rewrite(picture());
    await writer.write(changes({ graphs: new Map([["web01", null]]) }));
    now += 10;
    await take();
    now += 10;
    await writer.write(changes({ graphs: new Map([["db01", null]]) }));
    now += 10;
    expect(await newReader().at(NOW + 15)).toMatchObject({ exact: false, asOf: NOW + 10 });
    enabled = true;
    await writer.write(changes({ graphs: new Map([["db02", null]]) }));
    now += 10;
    expect(await newReader().at(NOW + 15)).toMatchObject({ exact: false, asOf: NOW + 10 });
    expect(await newReader().at(NOW + 35)).toMatchObject({ exact: false, asOf: NOW + 10 });
    await take();
    expect(await newReader().at(NOW + 40)).toMatchObject({ exact: true });
  });

  it("takes no snapshot that the list would not lead to", async () => {
    await writer.rewrite(picture());
    await redis.set("dotm::history", "foreign");
    const told: string[] = [];
    const onRefused = ({ key }: { readonly key: string }) => told.push(key);
    expect(await takeSnapshot(store.client, { now: () => now, onRefused })).toBeUndefined();
    expect(told).toEqual(["dotm::history"]);
    expect(await redis.exists(`dotm::history::${NOW}`)).toBe(0);
    const named = {
      code: "DOTM_STORE_FAILED",
      message: expect.stringContaining("dotm::history in Redis is not DOTM's"),
    };
    await expect(newReader().list()).rejects.toMatchObject(named);
    await expect(newReader().at(NOW)).rejects.toMatchObject(named);
  });

  it("trusts nothing between the beginning and the end of writing the whole picture anew", async () => {
    await writer.rewrite(picture());
    const entries = await redis.xrange("dotm::history::log", "-", "+");
    expect(entries.map(([, fields]) => fields.includes("new"))).toEqual([true, true]);
  });

  it("says that an entry is missing in the middle, or is garbage", async () => {
    await writer.rewrite(picture());
    await take();
    for (const host of ["web01", "db01"]) {
      now += 1;
      await writer.write(changes({ graphs: new Map([[host, null]]) }));
    }
    now += 20;
    const entries = await redis.xrange("dotm::history::log", "-", "+");
    await redis.xdel("dotm::history::log", entries[1]?.[0] ?? "");
    expect(await past.at(NOW + 5)).toMatchObject({ exact: false, asOf: NOW });
    await redis.xtrim("dotm::history::log", "MAXLEN", 0);
    await redis.xadd("dotm::history::log", "9999999999999-0", "junk", "x");
    expect(await newReader().at(NOW + 5)).toMatchObject({ exact: false, asOf: NOW });
  });

  it("takes the snapshot before one that is garbage or lost, and says so", async () => {
    await writer.rewrite(picture());
    await take();
    now += 60;
    await take();
    await redis.set(`dotm::history::${now}`, "garbage");
    await redis.rpush("dotm::history", String(now + 1), "junk", "99999999999999999");
    now += 60;
    expect(await past.at(now - 30)).toMatchObject({ exact: true });
    expect(warnings).toEqual([
      { key: `dotm::history::${NOW + 61}`, reason: "it is in the list but not there" },
      { key: `dotm::history::${NOW + 60}`, reason: "it is not what DOTM writes" },
    ]);
    expect(await past.list()).toMatchObject([
      { at: NOW, hosts: 2, problems: 2, fault: null },
      { at: NOW + 60, fault: "it is not what DOTM writes" },
      { at: NOW + 61, bytes: 0, fault: "it is being written, or was lost" },
    ]);
    await redis.set(`dotm::history::${NOW}`, (await redis.getBuffer(`dotm::history::${NOW}`))?.subarray(0, 300) ?? "");
    await expect(newReader().at(now - 30)).rejects.toThrow("cannot be read");
    await redis.del(`dotm::history::${NOW}`);
    await redis.lpush(`dotm::history::${NOW}`, "a list");
    await expect(newReader().at(now - 30)).rejects.toThrow("cannot be read");
  });

  it("knows no time before the first snapshot, none to come, and none after a flush", async () => {
    await expect(past.at(NOW - 1)).rejects.toThrow("No snapshot has been taken yet.");
    await writer.rewrite(picture());
    await take();
    await expect(past.at(NOW - 1)).rejects.toThrow(/Nothing is known of .* history begins at/);
    await expect(past.at(NOW + 60)).rejects.toThrow("has not come yet");
    await redis.flushall();
    await expect(newReader().at(NOW)).rejects.toThrow("No snapshot has been taken yet.");
  });

  it("goes by the latest time of a clock that was set back", async () => {
    await writer.rewrite(picture());
    await take();
    now = NOW - 3_600;
    await writer.write(changes({ graphs: new Map([["web01", null]]) }));
    await take();
    now += 60;
    const { reader, exact } = await past.at(NOW - 3_590);
    expect(exact).toBe(true);
    expect((await reader.graphs(["web01"])).size).toBe(0);
    expect((await past.list()).map(({ at }) => at)).toEqual([NOW - 3_600, NOW]);
  });

  it("expires old snapshots, and of the streams what none leads to", async () => {
    await writer.rewrite(picture());
    for (let hour = 0; hour < 5; hour += 1) {
      now = NOW + hour * 3_600;
      await writer.write(changes({ graphs: new Map([["web01", hour % 2 === 0 ? null : graph("web01")]]) }));
      await take();
    }
    await redis.rpush("dotm::history", String(now - 700));
    const removed = await expireSnapshots(store.client, { now, expire: 7_200, onRefused });
    expect(removed).toEqual([NOW, NOW + 3_600, now - 700]);
    expect(await redis.lrange("dotm::history", 0, -1)).toEqual([2, 3, 4].map((hour) => `${NOW + hour * 3_600}`));
    expect(await redis.exists(`dotm::history::${NOW}`)).toBe(0);
    now += 60;
    expect(await past.at(NOW + 4 * 3_600)).toMatchObject({ exact: true });
    expect(await expireSnapshots(store.client, { now: now * 2, expire: 0, onRefused })).toEqual([]);
  });

  it("bounds the log by its bytes", async () => {
    await writer.rewrite(picture());
    await take();
    for (let turn = 0; turn < 300; turn += 1) {
      await writer.write(changes({ graphs: new Map([["web01", { ...graph("web01"), lastReport: turn }]]) }));
    }
    await expireSnapshots(store.client, { now, expire: 0, onRefused, logBytes: 10_000 });
    expect(await redis.memory("USAGE", "dotm::history::log")).toBeLessThan(15_000);
    now += 60;
    expect(await past.at(now - 30)).toMatchObject({ exact: false, asOf: NOW });
  });

  it("a stranger can read a snapshot", async () => {
    await writer.rewrite(picture());
    await take();
    const [head] = (await redis.getrange(`dotm::history::${NOW}`, 0, 200)).split("\n");
    expect(head).toMatch(/^dotm-history 1 \{"at":\d+,"from":\{"id":"\d+-\d+",.*"hosts":2,"problems":2,"text":\d+\}$/);
  });
});
