import { describe, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { Delivery, type DeliveryOptions } from "../../src/notify/delivery.ts";
import type { Sent, Target } from "../../src/notify/target.ts";
import { eventually } from "../support/process.ts";

const parcel = (key: string, content = key, at = 100) => ({ key, content, at });

function delivery(send: Target<string>["send"], parts: Partial<DeliveryOptions<string>> = {}, atOnce = 10) {
  const target = { name: "t", atOnce, send };
  const times = { now: () => 100, pauses: [5], patience: 50 };
  return new Delivery({ target, room: 3, keepFor: 60, maySend: () => true, logger: SILENT, ...times, ...parts });
}

const idle = (each: Delivery<string>) => eventually("all is sent", async () => each.state.waiting === 0 || undefined);

describe("a delivery", () => {
  it("sends what is put at once together, the newest of each key, and as much at once as the target takes", async () => {
    const sent: (readonly string[])[] = [];
    const way = delivery(async (contents) => ({ refused: Number(sent.push(contents) === 0) }), {}, 2);
    for (const [key, content] of Object.entries({ a: "1", b: "2", c: "3" })) {
      way.put(parcel(key, content));
    }
    way.put(parcel("a", "4"));
    await idle(way);
    expect(sent).toEqual([["2", "3"], ["4"]]);
    expect(way.state).toMatchObject({ sent: 3, dropped: 0, error: null });
  });

  it("tries again until the target takes it, and tells meanwhile what is wrong", async () => {
    let attempts = 0;
    const states: (string | null)[] = [];
    const way: Delivery<string> = delivery(async () => {
      states.push(way.state.error);
      attempts += 1;
      if (attempts < 3) {
        throw new Error("refused");
      }
      return { refused: 0 };
    });
    way.put(parcel("a"));
    await idle(way);
    expect(states).toEqual([null, "refused", "refused"]);
    expect(way.state).toMatchObject({ sent: 1, failures: 2, dropped: 0, error: null });
  });

  it("waits for no target that hangs, even where that ignores being given up", async () => {
    const way = delivery(() => new Promise<Sent>(() => undefined));
    way.put(parcel("a"));
    await eventually("it is given up", async () => way.state.failures > 1 || undefined);
    expect(way.state).toMatchObject({ sent: 0, waiting: 1, error: "no answer within 0.05 s" });
    await way.stop();
  });

  it("keeps no more than it has room for, nothing that is too old, and nothing once another leads", async () => {
    let now = 100;
    let leads = true;
    const way = delivery(() => Promise.reject(new Error("away")), { now: () => now, maySend: () => leads });
    for (const key of ["a", "b", "c", "d", "e"]) {
      way.put(parcel(key));
    }
    expect(way.state).toMatchObject({ waiting: 3, dropped: 2 });
    now = 161;
    await idle(way);
    expect(way.state.dropped).toBe(5);
    now = 100;
    leads = false;
    way.put(parcel("f"));
    await idle(way);
    expect(way.state).toMatchObject({ dropped: 6, sent: 0 });
  });

  it("counts what the target will never take as dropped, and goes on", async () => {
    const way = delivery(async () => ({ refused: 1, reason: "unknown there" }));
    way.put(parcel("a"));
    way.put(parcel("b"));
    await idle(way);
    expect(way.state).toMatchObject({ sent: 1, dropped: 1, error: null });
  });
});
