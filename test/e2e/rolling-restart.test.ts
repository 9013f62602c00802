/** A rolling restart of two engines, two collectors and two webs under load: no report and no page is lost. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DotmProcess, leads, reportOf, sendReport, startDotm } from "../support/dotm-process.ts";
import { eventually, freePort } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { plainClient, startTestStore, type TestStore } from "../support/redis.ts";

/** Hosts that report; each report names another process, so that the newest one is known by it. */
const HOSTS = 30;

describeReal("a rolling restart", ["redis-server"], () => {
  let folder: string;
  let store: TestStore;
  let redis: Redis;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-rolling-"));
    store = await startTestStore("redis-server");
    redis = await plainClient(store.options);
  });
  afterEach(async () => {
    redis.disconnect();
    await store.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** An agent as agents are: sends again, to the next server, until somebody has acknowledged. */
  async function agent(host: string, urls: readonly string[], done: () => boolean): Promise<number> {
    let sequence = 0;
    while (!done()) {
      sequence += 1;
      const report = reportOf(host, sequence, { process: `p${sequence}` });
      for (let attempt = 0; (await sendReport(urls[attempt % urls.length] ?? "", report)) !== 200; attempt += 1) {
        await delay(50);
      }
      await delay(400);
    }
    return sequence;
  }

  /** A reader behind a balancer: one of the two must show the page. Counts the pages that neither showed. */
  async function reader(urls: readonly string[], done: () => boolean, seen: { pages: number; lost: number }) {
    while (!done()) {
      const shown = await Promise.any(
        urls.map(async (url) => {
          const answer = await fetch(`${url}host/app0`, { signal: AbortSignal.timeout(20_000) });
          const text = await answer.text();
          return answer.status === 200 && text.includes("8080") ? true : Promise.reject(new Error(`${answer.status}`));
        }),
      ).catch(() => false);
      seen.pages += 1;
      seen.lost += shown ? 0 : 1;
      await delay(100);
    }
  }

  it("loses no report and no page", async () => {
    const roles = ["engine", "engine", "collector", "collector", "web", "web"];
    const ports = await Promise.all(roles.map(() => freePort()));
    const start = (at: number) =>
      startDotm({ name: `p${at}`, roles: roles[at] ?? "", folder, store: store.options, port: ports[at] ?? 0 });
    const running: DotmProcess[] = [];
    for (let at = 0; at < roles.length; at += 1) {
      running.push(await start(at));
    }
    const urls = running.map(({ url }) => url);
    await eventually("an engine leads", async () => (await leads(urls[0] ?? "")) || undefined);
    await sendReport(urls[2] ?? "", reportOf("app0", 0, { boot: "first" }));
    await eventually("app0 is in the picture", async () => (await redis.exists("dotm::graph::app0")) || undefined);

    let ended = false;
    const done = () => ended;
    const seen = { pages: 0, lost: 0 };
    const agents = Array.from({ length: HOSTS }, (_, at) => agent(`app${at}`, urls.slice(2, 4), done));
    const reading = reader(urls.slice(4, 6), done, seen);
    for (let at = 0; at < roles.length; at += 1) {
      await running[at]?.process.stop("SIGTERM", 20_000);
      running[at] = await start(at);
      // As an administrator does: the next one goes when this one is ready.
      await eventually(`${roles[at]} is ready`, async () =>
        (await fetch(`${urls[at]}readyz`)).status === 200 ? true : undefined,
      );
    }
    ended = true;
    const sent = await Promise.all(agents);
    await reading;
    for (const [at, sequence] of sent.entries()) {
      await eventually(`the last report of app${at} is in the picture`, async () =>
        (await redis.hget(`dotm::services::app${at}::8080`, "process")) === `p${sequence}` ? true : undefined,
      );
    }
    expect(seen.lost).toBe(0);
    expect(seen.pages).toBeGreaterThan(20);
    await Promise.all(running.map(({ process }) => process.stop("SIGTERM", 20_000)));
  }, 300_000);
});
