import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { Lease, type LeaseTimes } from "../../src/store/lease.ts";
import type { TestStore } from "../support/redis.ts";
import { becomes, keepOpen, STORES } from "./stores.ts";

/** Nobody asks a second time unless the test does. */
const SELDOM: LeaseTimes = { lasts: 15_000, renew: 3_600_000, writes: 10_000, wait: 3_600_000 };

describe.each(STORES)("the lease on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;
  let clock = 0;
  let told: string[] = [];
  let complained: unknown[] = [];
  let leases: Lease[] = [];

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });
  beforeEach(() => {
    clock = 1_000;
    told = [];
    complained = [];
    leases = [];
  });
  afterEach(async () => {
    await Promise.all(leases.map((lease) => lease.stop()));
  });

  function lease(token: string, times = SELDOM): Lease {
    const made = new Lease({
      client: store.client,
      token,
      monotonic: () => clock,
      onLead: (epoch) => told.push(`${token} leads in ${epoch}`),
      onLost: () => told.push(`${token} lost`),
      onRegained: () => told.push(`${token} goes on`),
      logger: { ...SILENT, error: (fields) => complained.push(fields) },
      times,
    });
    leases.push(made);
    return made;
  }

  it("is one's at a time, and for fifteen seconds", async () => {
    const [one, two] = [lease("one"), lease("two")];
    await one.start();
    await two.start();
    expect([one.mayWrite, two.mayWrite]).toEqual([true, false]);
    expect([one.leader, two.leader]).toEqual(["one", "one"]);
    expect(told).toEqual(["one leads in 1"]);
    expect(await redis.get("dotm::state::leader")).toBe("one");
    expect(await redis.pttl("dotm::state::leader")).toBeGreaterThan(14_000);
    expect(await redis.hgetall("{dotm::state::leader}::epoch")).toEqual({ epoch: "1", leader: "one" });
  });

  it("is nobody's where its key is somebody else's, which is said once each time that is so", async () => {
    const one = lease("one");
    for (const times of [1, 2]) {
      await redis.del("dotm::state::leader");
      await redis.rpush("dotm::state::leader", "foreign");
      await (times === 1 ? one.start() : one.ask());
      await one.ask();
      expect(complained).toHaveLength(times);
      expect(complained.at(-1)).toMatchObject({ key: "dotm::state::leader" });
      await redis.del("dotm::state::leader");
      await one.ask();
      expect(one.mayWrite).toBe(true);
    }
  });

  it("goes to the next at once where it is given back, in a higher epoch", async () => {
    const [one, two] = [lease("one"), lease("two")];
    await one.start();
    await two.start();
    await one.stop();
    expect(await redis.exists("dotm::state::leader")).toBe(0);
    await two.ask();
    expect(told).toEqual(["one leads in 1", "two leads in 2"]);
  });

  it("allows no writing ten seconds after the last renewal, and again after the next", async () => {
    const one = lease("one");
    await one.start();
    clock += 9_999;
    expect(one.mayWrite).toBe(true);
    clock += 1;
    expect([one.mayWrite, one.leads]).toEqual([false, true]);
    await one.ask();
    expect(one.mayWrite).toBe(true);
    expect(told).toEqual(["one leads in 1", "one goes on"]);
  });

  it("that ran out while nobody else led goes on as before", async () => {
    const one = lease("one");
    await one.start();
    await redis.del("dotm::state::leader");
    await one.ask();
    expect(told).toEqual(["one leads in 1"]);
    expect(await redis.get("dotm::state::leader")).toBe("one");
  });

  it("that another held meanwhile is a new one, even where that one is gone again", async () => {
    const [one, two] = [lease("one"), lease("two")];
    await one.start();
    await redis.del("dotm::state::leader");
    await two.start();
    await two.stop();
    clock += 20_000;
    await one.ask();
    expect(told).toEqual(["one leads in 1", "two leads in 2", "one lost", "one leads in 3"]);
  });

  it("is lost to whoever took it while the holder was stopped", async () => {
    const [one, two] = [lease("one"), lease("two")];
    await one.start();
    await redis.del("dotm::state::leader");
    await two.start();
    await one.ask();
    expect([one.leads, one.mayWrite, one.leader]).toEqual([false, false, "two"]);
    expect(told).toEqual(["one leads in 1", "two leads in 2", "one lost"]);
  });

  it("in a store that was emptied belongs to who led before, unless that one stays away", async () => {
    const [one, two] = [lease("one"), lease("two")];
    await one.start();
    await two.start();
    await redis.flushall();
    await two.ask();
    expect(two.leads).toBe(false);
    await one.ask();
    expect(told).toEqual(["one leads in 1"]);
    await redis.flushall();
    await two.ask();
    clock += 15_000;
    await two.ask();
    expect(two.leads).toBe(true);
  });

  it("is taken by force from a dead holder", async () => {
    await redis.set("dotm::state::leader", "dead");
    const one = lease("one");
    await one.start(true);
    expect(one.mayWrite).toBe(true);
  });

  it("of a dead holder whose clock was a day ahead lasts no longer than any other", async () => {
    await redis.set("dotm::state::leader", "dead", "PX", 86_400_000);
    await lease("one").start();
    expect(await redis.pttl("dotm::state::leader")).toBeLessThanOrEqual(15_000);
  });

  it("is renewed and waited for by itself", async () => {
    const times = { lasts: 60_000, renew: 100, writes: 10_000, wait: 50 };
    const [one, two] = [lease("one", times), lease("two", times)];
    await one.start();
    await two.start();
    await redis.pexpire("dotm::state::leader", 30_000);
    await becomes("it is renewed", async () => (await redis.pttl("dotm::state::leader")) > 30_000);
    expect([one.leads, two.leads]).toEqual([true, false]);
    await redis.set("dotm::state::leader", "three", "PX", 200);
    // Redis knows who has it before that one has heard its answer, and before the other one has asked.
    await becomes("one of them leads after three, and the other one does not", async () => {
      const holder = await redis.get("dotm::state::leader");
      return one.leads !== two.leads && holder === (one.leads ? "one" : "two");
    });
  });
});
