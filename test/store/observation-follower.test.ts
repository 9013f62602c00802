import type { Redis } from "ioredis";
import { describe, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { ObservationFollower } from "../../src/store/observation-follower.ts";
import { openStore } from "../../src/store/redis.ts";
import { eventually } from "../support/process.ts";
import type { TestStore } from "../support/redis.ts";
import { keepOpen, STORES } from "./stores.ts";

describe.each(STORES)("what other processes saw, followed on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });

  it("is told after a server has taken over whose numbers begin below the last one told", async () => {
    const told: (string | undefined)[] = [];
    let missed = 0;
    const client = openStore(store.options, SILENT);
    const onObserved = (entries: readonly Readonly<Record<string, string>>[]) =>
      void told.push(...entries.map(({ kind }) => kind));
    const onMissed = () => {
      missed += 1;
    };
    const follower = new ObservationFollower({ client, onObserved, onMissed, logger: SILENT });
    await follower.start();
    await redis.xadd("dotm::observations", "9999999999999-0", "kind", "before");
    await eventually("the first is told", async () => told.includes("before") || undefined);
    await redis.del("dotm::observations");
    await redis.xadd("dotm::observations", "5-0", "kind", "between");
    client.disconnect(true);
    await eventually("it says that some may be missed", async () => missed > 0 || undefined);
    await redis.xadd("dotm::observations", "6-0", "kind", "after");
    await eventually("the next is told", async () => told.includes("after") || undefined);
    await follower.stop();
  });
});
