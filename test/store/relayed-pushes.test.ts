import type { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { PushIntake } from "../../src/daemon/push-intake.ts";
import { RelayedPushes } from "../../src/daemon/relayed-pushes.ts";
import { SILENT } from "../../src/logger.ts";
import { PushList } from "../../src/store/push-list.ts";
import { eventually } from "../support/process.ts";
import type { TestStore } from "../support/redis.ts";
import { keepOpen, STORES } from "./stores.ts";

describe.each(STORES)("pushes taken in by the engine, on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });

  it("stay for the next leader where the lease has lapsed, also where no script can look at it", async () => {
    const list = new PushList(store.client);
    await list.add({ source: "of another", format: "events", text: "{}", at: 1, journal: "j", position: 1 });
    const end = new AbortController();
    let looked = 0;
    let mayWrite = false;
    const relayed = new RelayedPushes({
      list,
      pushes: () => new PushIntake([]),
      mayWrite: () => {
        looked += 1;
        return mayWrite;
      },
      logger: SILENT,
      signal: end.signal,
    });
    relayed.take();
    await eventually("it has looked", async () => looked > 0 || undefined);
    expect(await redis.llen("dotm::pushes")).toBe(1);
    mayWrite = true;
    await relayed.settled();
    expect(await redis.llen("dotm::pushes")).toBe(0);
    end.abort();
  });

  it("keeps what many pushes left together once for all of them, and the newest last", async () => {
    const relayed = new RelayedPushes({
      ...{ list: new PushList(store.client), pushes: () => new PushIntake([]), mayWrite: () => true },
      ...{ logger: SILENT, signal: AbortSignal.abort() },
    });
    const copy = relayed.copyOf("alerts");
    await redis.config("RESETSTAT");
    await Promise.all(Array.from({ length: 20 }, () => copy.save("all states")));
    expect(await copy.load()).toBe("all states");
    const [, calls] = /^cmdstat_set:calls=(\d+)/m.exec(await redis.info("commandstats")) ?? [];
    expect(calls).toBe("1");
    const texts = Array.from({ length: 20 }, (_, at) => `states ${at}`);
    await Promise.all(texts.map((text) => copy.save(text)));
    expect(await copy.load()).toBe("states 19");
  });
});
