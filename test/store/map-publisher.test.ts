import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Logger } from "../../src/logger.ts";
import { SILENT } from "../../src/logger.ts";
import type { Changes } from "../../src/model/changes.ts";
import { ChangesSum } from "../../src/model/changes-sum.ts";
import { MapPublisher } from "../../src/store/map-publisher.ts";
import { openStore, type RedisClient } from "../../src/store/redis.ts";
import { mergeChanges } from "../support/merge-changes.ts";
import { freePort } from "../support/process.ts";
import { availableEngines, plainClient, startTestStore, type TestStore } from "../support/redis.ts";
import { changes, EDGE, impact, NOW, picture, service, servicesOf } from "./examples.ts";
import { becomes } from "./stores.ts";

/** An engine that only remembers: its picture is all changes so far, what is gone taken out. */
class FakeEngine {
  private whole: Changes = changes({});
  /** How often everything was gathered. */
  sums = 0;

  /** Takes a change and hands it on, as a turn would. */
  turn(change: Changes): Changes {
    this.whole = mergeChanges(this.whole, change);
    return change;
  }

  sum(): ChangesSum {
    this.sums += 1;
    const sum = new ChangesSum(NOW);
    sum.add(this.everything());
    return sum;
  }

  everything(): Changes {
    const without = <T>(map: ReadonlyMap<string, T>): Map<string, T> =>
      new Map([...map].filter(([, value]) => value !== null && (value as { value?: unknown }).value !== null));
    const { whole } = this;
    return {
      ...whole,
      nodes: without(whole.nodes),
      services: without(whole.services),
      connections: without(whole.connections),
      edges: new Map([...whole.edges].map(([host, edges]) => [host, without(edges)])),
      resolver: without(whole.resolver),
      impacts: without(whole.impacts),
      events: [],
    };
  }
}

describe.each(availableEngines())("MapPublisher on %s", (engineName) => {
  let store: TestStore;
  let redis: Redis;
  let client: RedisClient;
  let engine: FakeEngine;
  let publisher: MapPublisher;
  let logged: string[];
  let now: number;

  beforeEach(async () => {
    store = await startTestStore(engineName);
    redis = await plainClient(store.options);
    client = openStore(store.options, SILENT);
    engine = new FakeEngine();
    logged = [];
    now = NOW;
    const logger: Logger = {
      ...SILENT,
      warn: (_, message) => logged.push(message),
      info: (_, message) => logged.push(message),
    };
    const options = { client, everything: () => engine.sum(), logger, now: () => now, beatInterval: 50 };
    publisher = new MapPublisher(options);
    publisher.start();
  });
  afterEach(async () => {
    await publisher.stop();
    client.disconnect();
    redis.disconnect();
    await store.stop();
  });

  it("writes nothing before it begins, then what it took by then", async () => {
    await client.connect();
    const early = new MapPublisher({ client, everything: () => engine.sum(), logger: SILENT, now: () => NOW });
    early.publish(engine.turn(picture()));
    await early.settled();
    expect([early.status().lastWrittenAt, await redis.exists("dotm::services::db01::3306")]).toEqual([0, 0]);
    early.start();
    await early.settled();
    expect(await redis.exists("dotm::services::db01::3306")).toBe(1);
    await early.stop();
  });

  it("holds changes until Redis is there, then writes them", async () => {
    publisher.publish(engine.turn(picture()));
    expect(publisher.status()).toMatchObject({ connected: false, lastWrittenAt: 0, error: null });
    expect(publisher.status().pendingKeys).toBeGreaterThan(10);
    await client.connect();
    await becomes("written", () => publisher.status().pendingKeys === 0 && publisher.status().lastWrittenAt === NOW);
    expect(await redis.exists("dotm::services::db01::3306")).toBe(1);
    expect(await redis.xlen("dotm::changes")).toBe(2);
    expect(publisher.status()).toEqual({ connected: true, pendingKeys: 0, lastWrittenAt: NOW, error: null });
  });

  it("clears what an earlier engine left behind with its first writing", async () => {
    await redis.set("dotm::impact::db01::Gone", "{}");
    await redis.zadd("dotm::impact::ranking", 3, "db01::Gone");
    publisher.publish(engine.turn(changes({ impacts: new Map([["db01::MySQL", impact("db01", "MySQL")]]) })));
    await client.connect();
    await written(publisher);
    expect(await redis.zrange("dotm::impact::ranking", "0", "-1")).toEqual(["db01::MySQL"]);
    expect(await redis.exists("dotm::impact::db01::Gone")).toBe(0);
  });

  it("writes the difference when the connection was cut but Redis kept what it had", async () => {
    await client.connect();
    publisher.publish(engine.turn(picture()));
    await written(publisher);
    await redis.set("dotm::services::web01::not-rewritten", "x");
    await redis.hset("dotm::services::web01::80", "touched", "1");
    const back = new Promise((resolve) => client.once("ready", resolve));
    await redis.call("CLIENT", ["KILL", "TYPE", "normal", "SKIPME", "yes"]);
    publisher.publish(engine.turn(changes({ services: servicesOf(service("web01", "443")) })));
    await back;
    await written(publisher);
    expect(await redis.exists("dotm::services::web01::443")).toBe(1);
    expect(await redis.hget("dotm::services::web01::80", "touched")).toBe("1");
  });

  it("writes everything anew when somebody has flushed Redis", async () => {
    await client.connect();
    publisher.publish(engine.turn(picture()));
    await written(publisher);
    await redis.flushall();
    await becomes("marked again", async () => (await redis.exists("dotm::marker")) === 1);
    expect(await redis.hget("dotm::services::db01::3306", "process")).toBe("mysqld");
    expect(await redis.lrange("dotm::nodes", 0, -1)).toHaveLength(2);
    expect(logged).toContain("The store has lost keys or is another one; the map is written anew");
  });

  it("gives the checks another hour although the clock was set back by a day", async () => {
    await client.connect();
    publisher.publish(engine.turn(picture()));
    await written(publisher);
    const [key = ""] = await redis.keys("dotm::checks::services::*");
    expect(key).not.toBe("");
    await redis.expire(key, 100);
    now -= 86_400;
    await becomes("renewed", async () => (await redis.ttl(key)) > 3_000);
  });

  it("signs life", async () => {
    await client.connect();
    await becomes("alive", async () => (await redis.hget("dotm::alive", "at")) === `${NOW}`);
  });

  it("keeps trying while Redis refuses everything, and says so once", async () => {
    await client.connect();
    const setting = async (value: string): Promise<void> => {
      await redis.config("SET", "maxmemory", value);
    };
    await setting("1");
    publisher.publish(engine.turn(picture()));
    await becomes("refused", () => publisher.status().error?.startsWith("OOM") === true);
    await delay(250);
    expect(publisher.status().pendingKeys).toBeGreaterThan(10);
    await setting("0");
    await becomes("accepted", () => publisher.status().pendingKeys === 0);
    expect(publisher.status().error).toBeNull();
    expect(logged.filter((message) => message.startsWith("The map cannot be written"))).toHaveLength(1);
    expect(await redis.exists("dotm::services::db01::3306")).toBe(1);
    // To gather a large site takes long: what could not be written is whole already.
    expect(engine.sums).toBe(1);
  });

  it("stop writes what is pending", async () => {
    await client.connect();
    publisher.publish(engine.turn(picture()));
    publisher.publish(engine.turn(changes({ resolver: new Map([["10.9.9.9", "web01"]]) })));
    await publisher.stop();
    expect(await redis.get("dotm::resolver::ip_to_node::10.9.9.9")).toBe("web01");
  });
});

describe.runIf(availableEngines().includes("redis-server"))("an outage while changes keep coming", () => {
  it("ends with the stored picture equal to the merged changes, though Redis came back empty", async () => {
    const port = await freePort();
    const first = await startTestStore("redis-server", [`port ${port}`]);
    const place = { url: `redis://127.0.0.1:${port}` };
    const client = openStore(place, SILENT);
    const engine = new FakeEngine();
    const publisher = new MapPublisher({
      client,
      everything: () => engine.sum(),
      logger: SILENT,
      now: () => NOW,
    });
    publisher.start();
    await client.connect();
    publisher.publish(engine.turn(picture()));
    await written(publisher);

    await first.stop();
    await becomes("away", () => !publisher.status().connected);
    for (let turn = 0; turn < 200; turn += 1) {
      const name = `${1_000 + (turn % 50)}`;
      const id = `web01:${name}`;
      const value = turn % 3 === 0 ? null : service("web01", name, { lastSeen: turn });
      publisher.publish(
        engine.turn(
          changes({
            services: new Map([[id, { node: "web01", port: name, value }]]),
            edges: new Map([["web01", new Map([[`edge ${turn % 7}`, turn % 2 === 0 ? null : EDGE]])]]),
            impacts: new Map([
              [`web01::check ${turn % 5}`, turn % 4 === 0 ? null : impact("web01", `check ${turn % 5}`)],
            ]),
          }),
        ),
      );
    }
    expect(publisher.status().pendingKeys).toBeLessThan(100);

    const second = await startTestStore("redis-server", [`port ${port}`]);
    const redis = await plainClient(place);
    await becomes(
      "written after the outage",
      () => publisher.status().pendingKeys === 0 && publisher.status().error === null,
    );
    const { services, impacts, edges } = engine.everything();
    const keysOf = async (pattern: string): Promise<string[]> => (await redis.keys(pattern)).sort();
    expect(await keysOf("dotm::services::*")).toEqual(
      [...services.values()].map(({ node, port }) => `dotm::services::${node}::${port}`).sort(),
    );
    for (const { node, port, value } of services.values()) {
      expect(await redis.hget(`dotm::services::${node}::${port}`, "last_seen")).toBe(`${value?.lastSeen}`);
    }
    expect((await redis.zrange("dotm::impact::ranking", "0", "-1")).sort()).toEqual([...impacts.keys()].sort());
    expect((await redis.hkeys("dotm::edges::web01")).sort()).toEqual([...(edges.get("web01")?.keys() ?? [])].sort());
    await publisher.stop();
    client.disconnect();
    redis.disconnect();
    await second.stop();
  });
});

async function written(publisher: MapPublisher): Promise<void> {
  await becomes("written", () => publisher.status().pendingKeys === 0 && publisher.status().lastWrittenAt === NOW);
  await publisher.settled();
}
