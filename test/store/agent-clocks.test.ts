import { describe, expect, it } from "vitest";
import { storedReport } from "../../src/daemon/stored-report.ts";
import { agentClocks } from "../../src/store/agent-clocks.ts";
import { keepOpen, type OpenStore, STORES } from "./stores.ts";

describe.each(STORES)("agentClocks on $name", ({ start }) => {
  let open: OpenStore;
  keepOpen(start, (opened) => {
    open = opened;
  });

  it("tells how far agents' clocks are from ours, by the stamps in front of their reports", async () => {
    const receivedAt = Date.parse("2026-11-22T14:00:00Z") / 1000;
    const stored = async (host: string, sent: string | undefined) => {
      const raw = Buffer.from(`{"version":1,"host":"${host}"}`);
      const report = await storedReport({ raw, receivedAt, sent, encoding: undefined, authorization: undefined });
      await open.redis.set(`dotm::reports::${host}`, report);
    };
    await stored("right", "2026-11-22T14:00:00.000Z");
    await stored("fast", "2026-11-22T15:00:00Z");
    await stored("untold", undefined);
    await stored("odd", 'no"time');
    const told = [];
    for await (const clock of agentClocks(open.store.client, ["right", "untold", "none", "odd", "fast"])) {
      told.push(clock);
    }
    expect(told).toEqual([
      { host: "right", ahead: 0 },
      { host: "fast", ahead: 3600 },
    ]);
  });
});
