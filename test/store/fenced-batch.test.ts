import type { Redis } from "ioredis";
import { beforeEach, describe, expect, it } from "vitest";
import { commandsOf } from "../../src/store/change-commands.ts";
import {
  type Command,
  deleteKey,
  replaceList,
  setText,
  updateUniqueList,
  writeHash,
} from "../../src/store/commands.ts";
import type { Fence } from "../../src/store/fenced-batch.ts";
import { isOutage } from "../../src/store/redis-errors.ts";
import { runCommands } from "../../src/store/run-commands.ts";
import type { TestStore } from "../support/redis.ts";
import { picture } from "./examples.ts";
import { contentOf, keepOpen, STORES } from "./stores.ts";

const FENCE: Fence = { key: "dotm::state::leader", token: "mine" };
const MANY = Array.from({ length: 3_000 }, (_, at) => writeHash(`h${at}`, [["at", at]])).flat();

describe.each(STORES.filter(({ name }) => !name.includes("cluster")))("a fenced batch on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;
  let refused: (readonly [key: string, reason: string])[];

  const run = (commands: readonly Command[], fence?: Fence) =>
    runCommands(store.client, commands, ({ key }, reason) => refused.push([key, reason]), fence);

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });
  beforeEach(async () => {
    refused = [];
    await redis.set(FENCE.key, FENCE.token);
  });

  it("writes the same as one without a fence", async () => {
    const steps = commandsOf({ ...picture(), events: [] }).steps;
    for (const step of steps) {
      await run(step);
    }
    const open = await contentOf(redis);
    await redis.flushall();
    await redis.set(FENCE.key, FENCE.token);
    for (const step of steps) {
      await run(step, FENCE);
    }
    expect(await contentOf(redis)).toEqual(open);
    expect(open.size).toBeGreaterThan(10);
  });

  it("runs our scripts, too", async () => {
    await run(
      [
        ...updateUniqueList("names", "{names}::members", "add", ["a", "b", "a"]),
        replaceList("list", ["one", "two"], 60),
        setText("gone", "soon"),
        deleteKey("gone", "string"),
      ],
      FENCE,
    );
    expect(refused).toEqual([]);
    expect(await redis.lrange("names", 0, -1)).toEqual(["a", "b"]);
    expect(await redis.lrange("list", 0, -1)).toEqual(["one", "two"]);
    expect(await redis.ttl("list")).toBeGreaterThan(0);
    expect(await redis.exists("gone")).toBe(0);
  });

  it("keeps the order of several batches, bytes included", async () => {
    const bytes = Buffer.from([0, 13, 10, 255]);
    await run([...MANY, setText("last", bytes), ...writeHash("h0", [["at", "after"]])], FENCE);
    expect(await redis.hget("h2999", "at")).toBe("2999");
    expect(await redis.hget("h0", "at")).toBe("after");
    expect(await redis.getBuffer("last")).toEqual(bytes);
  });

  it("rejects as a whole where the connection ends between two batches: no other failure is nobody's, which would end the daemon", async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown) => unheard.push(reason);
    process.on("unhandledRejection", hear);
    const { client } = store;
    for (const fence of [FENCE, undefined]) {
      function* ending(): Generator<Command> {
        for (const [at, command] of MANY.entries()) {
          if (at === 1_200) {
            client.disconnect(true);
          }
          yield command;
        }
      }
      await expect(runCommands(client, ending(), () => undefined, fence)).rejects.toThrow();
      await expect.poll(() => client.ping().catch(() => "away")).toBe("PONG");
    }
    process.off("unhandledRejection", hear);
    expect(unheard).toEqual([]);
  });

  it("tells each command that is refused, and goes on", async () => {
    await redis.set("h1", "not a hash");
    await redis.set("names", "not a list");
    await run(
      [...updateUniqueList("names", "{names}::members", "add", ["a"]), ...MANY, { key: "x", words: ["nonsense"] }],
      FENCE,
    );
    expect(refused.map(([key]) => key)).toEqual(["names", "h1", "x"]);
    expect(refused[0]?.[1]).toBe("WRONGTYPE names is a string");
    expect(refused[1]?.[1]).toMatch(/^WRONGTYPE/);
    expect(await redis.exists("h2999")).toBe(1);
  });

  it("an error thrown within a script of ours is that command's", async () => {
    const [name, text = ""] = replaceList("list", ["one"], 60).words;
    await run([{ key: "list", words: [name, text, 1, "list", "never", "one"] }, ...MANY], FENCE);
    expect(refused.map(([key]) => key)).toEqual(["list"]);
    expect(await redis.exists("h2999")).toBe(1);
  });

  it.each([
    ["is another's", () => redis.set(FENCE.key, "theirs")],
    ["has run out", () => redis.del(FENCE.key)],
  ])("writes nothing where the lease %s", async (_, lose) => {
    await lose();
    await expect(run(MANY, FENCE)).rejects.toMatchObject({ code: "DOTM_LEASE_LOST" });
    expect(await redis.exists("h0", "h2999")).toBe(0);
    expect(refused).toEqual([]);
  });

  it("writes nothing more once the lease is lost between two batches", async () => {
    const slow = function* () {
      yield* MANY.slice(0, 2_500);
      store.client.set(FENCE.key, "theirs");
      yield* MANY.slice(2_500);
    };
    await expect(runCommands(store.client, slow(), () => undefined, FENCE)).rejects.toMatchObject({
      code: "DOTM_LEASE_LOST",
    });
    expect(await redis.exists("h0", "h2499")).toBe(2);
    expect(await redis.exists("h2500", "h2999")).toBe(0);
  });

  it("an error of Redis as a whole rejects", async () => {
    await redis.config("SET", "maxmemory", "1");
    const failed = run(MANY, FENCE).catch((error: unknown) => error);
    expect(isOutage(await failed)).toBe(true);
    expect(String(await failed)).toContain("OOM");
    await redis.config("SET", "maxmemory", "0");
  });
});

describe.each(STORES.filter(({ name }) => name === "redis-server"))("a fenced batch on a replica", ({ start }) => {
  it("rejects, so that the connection is made anew where the master is now", async () => {
    const store = await start();
    const refused: string[] = [];
    await store.client.set(FENCE.key, FENCE.token);
    await store.client.call("replicaof", ["127.0.0.1", "1"]);
    const failed = await runCommands(store.client, MANY, ({ key }) => refused.push(key), FENCE).catch(
      (error: unknown) => error,
    );
    await store.stop();
    expect(String(failed)).toContain("READONLY");
    expect(refused).toEqual([]);
  });
});
