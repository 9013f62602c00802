/** Two engines on one Redis, as real processes: who leads, who stands by, and what happens when the leader ends or sleeps. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DotmProcess, leads, partsOf, reportOf, sendReport, startDotm } from "../../support/dotm-process.ts";
import { eventually } from "../../support/process.ts";
import { describeReal } from "../../support/real.ts";
import { plainClient, startTestStore, type TestStore } from "../../support/redis.ts";

describeReal("two engines on one Redis", ["redis-server"], () => {
  let folder: string;
  let store: TestStore;
  let redis: Redis;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-takeover-"));
    store = await startTestStore("redis-server");
    redis = await plainClient(store.options);
  });
  afterEach(async () => {
    redis.disconnect();
    await store.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = (name: string, roles = "engine,collector,web") =>
    startDotm({ name, roles, folder, store: store.options, config: "sources: [{ name: alerts, type: push }]\n" });
  const processAt = (host: string) => redis.hget(`dotm::services::${host}::8080`, "process");
  const isStored = (host: string, process: string, within = 30_000) =>
    eventually(
      `${host} runs ${process} in the picture`,
      async () => ((await processAt(host)) === process ? true : undefined),
      within,
      20,
    );

  async function pair(): Promise<readonly [first: DotmProcess, second: DotmProcess]> {
    const first = await start("first");
    await eventually("the first leads", async () => (await leads(first.url)) || undefined);
    const second = await start("second");
    expect((await partsOf(second.url))["engine"]).toMatchObject({
      ok: true,
      detail: expect.stringMatching(/^stands by; .+ leads$/),
    });
    return [first, second];
  }

  it("a report sent to the one that stands by is in the picture, and its pages show it", async () => {
    const [first, second] = await pair();
    expect(await sendReport(second.url, reportOf("app01", 1))).toBe(200);
    await isStored("app01", "app");
    expect(await (await fetch(`${second.url}host/app01`)).text()).toContain("8080");
    await Promise.all([first, second].map(({ process }) => process.stop()));
  });

  it("H08 it stands by, and leads within 20 s after the first was killed, with all that came in between", async ({
    annotate,
  }) => {
    const [first, second] = await pair();
    await sendReport(first.url, reportOf("app01", 1, { peer: "10.0.9.1" }));
    await sendReport(first.url, reportOf("app01", 2, { peer: "10.0.9.2" }));
    await sendReport(second.url, reportOf("app02", 1));
    await isStored("app01", "app");
    await isStored("app02", "app");
    await eventually("both connections are remembered", async () =>
      (await redis.hlen("dotm::edges::app01")) === 2 ? true : undefined,
    );
    const killed = Date.now();
    first.process.kill("SIGKILL");
    await first.process.ended;
    expect(await sendReport(second.url, reportOf("app02", 2, { process: "later" }))).toBe(200);
    expect(await sendReport(second.url, reportOf("app03", 1))).toBe(200);
    await isStored("app02", "later");
    await isStored("app03", "app");
    const took = Date.now() - killed;
    await annotate(`led after ${(took / 1000).toFixed(1)} s`, "figure");
    expect(took).toBeLessThan(20_000);
    expect(await leads(second.url)).toBe(true);
    expect(await processAt("app01")).toBe("app");
    expect(await redis.hlen("dotm::edges::app01")).toBe(2);
    await second.process.stop();
  });

  it("states pushed to either are in the picture, and still are when the other leads", async () => {
    const [first, second] = await pair();
    const push = async ({ url }: DotmProcess, check: string) => {
      const events = [{ host: "db01", check, state: "CRITICAL", stateType: "HARD", output: "refused" }];
      const body = JSON.stringify({ events });
      const headers = { "Content-Type": "application/json" };
      return (await fetch(`${url}api/v1/events`, { method: "POST", headers, body })).status;
    };
    const problems = async () => (await redis.zrange("dotm::impact::ranking", "0", "-1")).sort();
    const has = (wanted: readonly string[]) =>
      eventually(`problems ${wanted}`, async () => {
        expect(await problems()).toEqual(wanted.map((check) => `db01::${check}`));
        return true;
      });
    expect(await push(first, "one")).toBe(200);
    expect(await push(second, "two")).toBe(200);
    await has(["one", "two"]);
    first.process.kill("SIGKILL");
    await first.process.ended;
    expect(await push(second, "three")).toBe(200);
    await eventually("the second leads", async () => (await leads(second.url)) || undefined);
    await has(["one", "three", "two"]);
    // What they are about is in the picture before they are taken off.
    await eventually("no push waits", async () => (await redis.llen("dotm::pushes")) === 0 || undefined);
    expect((await partsOf(second.url))["source alerts"]?.detail).toContain("1 hosts, 3 checks");
    await second.process.stop();
  });

  it("a clean stop gives the lease back at once", async () => {
    const [first, second] = await pair();
    await first.process.stop();
    await eventually("the second leads", async () => (await leads(second.url)) || undefined, 9_000, 20);
    await second.process.stop();
    expect(await redis.exists("dotm::state::leader")).toBe(0);
    expect(await redis.hlen("dotm::members")).toBe(0);
  });

  it("H17 another one leads meanwhile; when it goes on it stands by and overwrites nothing (units are Type=exec: no watchdog)", async () => {
    const [first, second] = await pair();
    await sendReport(first.url, reportOf("app01", 1));
    await isStored("app01", "app");
    // Turns and writes are under way when it falls asleep.
    const many = Array.from({ length: 40 }, (_, at) => sendReport(first.url, reportOf(`app${at + 10}`, 1)));
    await delay(15);
    first.process.kill("SIGSTOP");
    const slept = Date.now();
    await eventually("the second leads", async () => (await leads(second.url)) || undefined, 60_000);
    await sendReport(second.url, reportOf("app01", 2, { process: "newer" }));
    await isStored("app01", "newer");
    const [marker, leader] = await redis.mget("dotm::marker", "dotm::state::leader");
    await delay(Math.max(0, 30_000 - (Date.now() - slept)));
    first.process.kill("SIGCONT");
    await eventually("the first stands by", async () =>
      (await partsOf(first.url))["engine"]?.detail.startsWith("stands by") === true ? true : undefined,
    );
    // It slept longer than a sender waits: what was not acknowledged is sent again, as agents do, under the same number.
    for (const [at, status] of (await Promise.all(many)).entries()) {
      const report = reportOf(`app${at + 10}`, 1);
      expect(status === 200 ? status : await sendReport(first.url, report)).toBe(200);
    }
    // What it took in reaches the picture through the one that leads.
    for (let host = 10; host < 50; host += 1) {
      await isStored(`app${host}`, "app");
    }
    await delay(3_000);
    expect(await processAt("app01")).toBe("newer");
    expect(await redis.mget("dotm::marker", "dotm::state::leader")).toEqual([marker, leader]);
    expect(await sendReport(first.url, reportOf("app02", 1))).toBe(200);
    await isStored("app02", "app");
    await Promise.all([first, second].map(({ process }) => process.stop()));
  });
});
