import { describe, expect, it } from "vitest";
import { availableEngines, plainClient, startTestStore } from "../support/redis.ts";

describe.each(availableEngines())("a throw-away store on %s", (engine) => {
  it("starts empty, answers a plain client and is gone after stop", async () => {
    const store = await startTestStore(engine);
    const plain = await plainClient(store.options);
    expect(await store.client.dbsize()).toBe(0);
    await store.client.set("a", "1");
    expect(await plain.get("a")).toBe("1");
    plain.disconnect();
    await store.stop();
    await expect(plain.connect().then(() => plain.ping())).rejects.toThrow();
    plain.disconnect();
  });
});
