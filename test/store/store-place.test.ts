/** Redis in the ways people reach it, by real servers: TLS, a user with few rights, a database, a socket. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { MapWriter } from "../../src/store/map-writer.ts";
import { connectStore } from "../../src/store/redis.ts";
import { RedisMapReader } from "../../src/store/redis-map-reader.ts";
import { ReportStore } from "../../src/store/report-store.ts";
import { SettingsStore } from "../../src/store/settings-store.ts";
import { place, spread, storeAddress } from "../../src/store/store-place.ts";
import { makeAuthority, makeCertificate } from "../support/certificates.ts";
import { freePort, ROOT } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { startTestStore, type TestStore } from "../support/redis.ts";
import { picture } from "./examples.ts";

it("takes the login in a URL of many servers for theirs, and never shows it", () => {
  const options = { url: "redis-sentinel://dotm:a%40b@%:c@s1:26379,s2/mymaster/3" };
  const hosts = ["s1:26379", "s2"];
  expect(spread(options)).toMatchObject({
    username: "dotm",
    password: "a%40b@%:c",
    sentinel: { name: "mymaster", hosts },
  });
  expect(storeAddress(options)).toBe("mymaster of sentinels s1:26379, s2");
  expect(spread({ url: "rediss-cluster://:a%40b@s1,s2", password: "c" })).toEqual({
    ...{ password: "c", tls: true, cluster: ["s1", "s2"] },
  });
  expect(place({ url: "redis://u:50%25%@h" })).toMatchObject({ password: "50%25%", host: "h" });
});

describeReal("a redis-server", ["redis-server", "openssl"], () => {
  let folder = "";
  let store: TestStore;
  let wrongName: TestStore;
  let [port, otherPort] = [0, 0];
  const file = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-place-"));
    const authority = makeAuthority(folder, "own");
    makeAuthority(folder, "other");
    [port, otherPort] = [await freePort(), await freePort()];
    const served = (at: number, name: string) => {
      const { cert, key } = makeCertificate(folder, name, authority);
      const files = [`tls-cert-file ${cert}`, `tls-key-file ${key}`, `tls-ca-cert-file ${file("own.crt")}`];
      return startTestStore("redis-server", [`tls-port ${at}`, "bind 127.0.0.1", "tls-auth-clients no", ...files]);
    };
    store = await served(port, "localhost");
    wrongName = await served(otherPort, "elsewhere");
  });
  afterAll(async () => {
    await store.stop();
    await wrongName.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("is reached over TLS where its authority is known", async () => {
    const client = await connectStore({ url: `rediss://localhost:${port}`, caFile: file("own.crt") }, SILENT);
    expect(await client.ping()).toBe("PONG");
    client.disconnect();
  });

  it.each([
    ["another authority", () => ({ url: `rediss://localhost:${port}`, caFile: file("other.crt") }), /certificate/],
    ["the system's authorities", () => ({ url: `rediss://localhost:${port}` }), /certificate/],
    ["another name", () => ({ url: `rediss://localhost:${otherPort}`, caFile: file("own.crt") }), /altnames|localhost/],
  ])("is refused over TLS with %s, and why is said", async (_, options, reason) => {
    await expect(connectStore(options(), SILENT)).rejects.toMatchObject({
      code: "DOTM_STORE_UNREACHABLE",
      message: expect.stringMatching(reason),
    });
  });

  it("is used in the database that a URL names, over its socket, too", async () => {
    const socket = store.options.socket ?? "";
    const client = await connectStore({ url: `unix:${socket}?db=5` }, SILENT);
    await client.set("here", "1");
    client.disconnect();
    expect(await store.client.exists("here")).toBe(0);
    expect(await (store.client as Redis).info("keyspace")).toContain("db5:keys=1");
  });

  it("needs to give no more rights than docs/redis.md says, and says what is missing where it gives fewer", async () => {
    const rule = /^user dotm on >PASSWORD (.*)$/m.exec(await readFile(join(ROOT, "docs/redis.md"), "utf8"))?.[1] ?? "";
    const admin = store.client as Redis;
    await admin.call("ACL", ["SETUSER", "dotm", "on", ">sesame", ...rule.split(" ")]);
    const options = { ...store.options, username: "dotm", password: "sesame" };
    const client = await connectStore(options, SILENT);
    const writer = new MapWriter(client, SILENT);
    await writer.rewrite(picture());
    await writer.mark("mark");
    await writer.renew();
    await new ReportStore(client, options, SILENT, "id").saveReports(new Map([["web01", Buffer.from("x")]]), 1);
    await new SettingsStore(client, options, SILENT).set("aging", "600", "Services");
    expect(await new RedisMapReader(client, options, SILENT).nodes()).toEqual(["db01", "web01"]);
    expect(await admin.call("ACL", ["LOG"])).toEqual([]);
    await expect(client.call("FLUSHALL")).rejects.toThrow("NOPERM");
    await expect(client.call("GET", ["foreign"])).rejects.toThrow("NOPERM");
    client.disconnect();
    await admin.call("ACL", [
      "SETUSER",
      "few",
      "on",
      ">sesame",
      "~dotm::*",
      "-@all",
      "+@read",
      "+@connection",
      "+info",
    ]);
    const few = await connectStore({ ...options, username: "few" }, SILENT);
    await expect(new MapWriter(few, SILENT).write(picture())).rejects.toThrow("NOPERM");
    few.disconnect();
  });

  it("refuses a wrong password with the next step", async () => {
    const options = { ...store.options, username: "nobody", password: "wrong" };
    await expect(connectStore(options, SILENT)).rejects.toMatchObject({
      code: "DOTM_STORE_UNREACHABLE",
      next: "Check redis.url, redis.username and redis.password_file.",
    });
  });
});
