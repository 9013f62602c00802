/**
 * The real incident, end to end: a real Nagios checks a real Redis on which a real client depends; the agent reads the
 * sockets of this very machine; the daemon writes the map into another real Redis. Then the Redis that is checked ends.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openPage, startChromium } from "../support/chromium.ts";
import { type RunningNagios, startNagios } from "../support/nagios.ts";
import type { TestProcess } from "../support/process.ts";
import { eventually, type Finished, freePort, runScript, startProgram, startScript } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { plainClient, startTestStore, type TestStore } from "../support/redis.ts";

const HOST = "shop01";
const CHECK = "Redis";

describeReal("the real incident", ["nagios4", "redis-server", "chromium"], () => {
  let folder: string;
  let ports: { readonly redis: number; readonly shop: number; readonly web: number };
  let nagios: RunningNagios;
  let redis: TestProcess;
  let shop: string;
  let daemon: TestProcess;
  let agent: TestProcess;
  let store: TestStore;
  let map: Redis;
  let config: string;
  let origin: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-incident-"));
    ports = { redis: await freePort(), shop: await freePort(), web: await freePort() };
    redis = await startRedis(ports.redis, folder);
    // The kernel keeps 15 characters; the port makes it this test's own.
    shop = `shop-${ports.shop}`;
    const client = startScript("test/support/shop-client.js", [`${ports.shop}`, `${ports.redis}`, "3", shop]);
    await client.waitFor(/connected 3 of 3/);
    nagios = await startNagios({
      hosts: [{ name: HOST, check: "check_state!host" }],
      services: [
        { host: HOST, name: CHECK, check: `check_tcp!${ports.redis}` },
        { host: HOST, name: "Shop", check: `check_tcp!${ports.shop}` },
      ],
      states: { host: [0, "PING OK"] },
    });
    store = await startTestStore("redis-server");
    map = await plainClient(store.options);
    origin = `http://127.0.0.1:${ports.web}`;
    config = join(folder, "dotm.yaml");
    writeFileSync(config, configText(nagios.config, folder, `unix:${store.options.socket}`, ports.web));
    daemon = startScript("bin/dotm.js", ["serve", "--config", config]);
    agent = startScript("bin/dotm-agent.js", [
      ...["run", "--server", origin, "--host", HOST],
      ...["--interval", "5", "--spool", join(folder, "spool"), "--token-file", tokenFile(folder)],
    ]);
  });

  afterAll(async () => {
    map?.disconnect();
    await store?.stop();
    await nagios?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const dotm = (...args: readonly string[]): Promise<Finished> =>
    runScript("bin/dotm.js", [...args, "--config", config]);

  const impact = async (): Promise<ImpactAnswer> => {
    const { stdout, stderr } = await dotm("impact", HOST, CHECK, "-o", "json");
    return stdout === "" ? Promise.reject(new Error(stderr)) : (JSON.parse(stdout) as ImpactAnswer);
  };

  const shopRow = () => ({
    id: `${HOST}:${ports.shop}`,
    host: HOST,
    port: ports.shop,
    process: shop,
    hops: 1,
    path: [`${HOST}:${ports.shop}`, `${HOST}/${shop}`, `${HOST}:${ports.redis}`],
  });

  it("says before anything happened what would be hit", async () => {
    await nagios.waitFor(HOST, CHECK, (fields) => fields.get("current_state") === "0" && hard(fields));
    const answer = await eventually("the client is known", async () => {
      const said = await impact();
      return said.affected.length > 0 && said.problem.state === "OK" ? said : undefined;
    });
    expect(answer.hypothetical).toBe(true);
    expect(answer.summary).toContain("would");
    expect(answer.affected).toContainEqual(expect.objectContaining(shopRow()));
    expect(await map.exists(`dotm::impact::${HOST}::${CHECK}`)).toBe(0);
  });

  it("names what is hit once Nagios says CRITICAL", async () => {
    await redis.stop();
    await nagios.waitFor(HOST, CHECK, (fields) => fields.get("current_state") === "2" && hard(fields));
    const answer = await eventually("the problem has an impact", async () => {
      const said = await impact();
      return said.hypothetical ? undefined : said;
    });
    expect(answer).toMatchObject({
      apiVersion: "dotm/v1",
      kind: "Impact",
      problem: { host: HOST, check: CHECK, state: "CRITICAL", stateType: "HARD", source: "nagios", handled: false },
      failed: [{ id: `${HOST}:${ports.redis}`, host: HOST, port: ports.redis, process: "redis-server" }],
      hosts: [HOST],
      rootProblem: true,
      explainedBy: [],
    });
    expect(answer.affected).toContainEqual(
      expect.objectContaining({ ...shopRow(), degree: "affected", ownState: "OK", propagatedState: "CRITICAL" }),
    );
    expect(answer.summary).toContain(`${HOST} / ${CHECK} is CRITICAL`);
    expect(answer.summary).toContain(`${HOST}:${ports.shop}`);
  });

  it("ends with the exit codes that are documented", async () => {
    expect((await dotm("impact", HOST, CHECK)).code).toBe(0);
    expect((await dotm("impact", HOST, CHECK, "--exit-code")).code).toBe(2);
    expect((await dotm("impact", HOST, "Shop", "--exit-code")).code).toBe(0);
    const unknown = await dotm("impact", "shop02");
    expect(unknown.code).toBe(3);
    expect(unknown.stdout).toBe("");
    expect(unknown.stderr).toContain(HOST);
    expect((await dotm("impact")).code).toBe(2);
  });

  it("has written the keys of the contract, as a plain client reads them", async () => {
    const types = await Promise.all(
      Object.keys(contract(ports)).map(async (key) => [key, await map.type(key)] as const),
    );
    expect(Object.fromEntries(types)).toEqual(contract(ports));
    expect(await map.lrange("dotm::nodes", 0, -1)).toEqual([HOST]);
    expect(await map.hgetall(`dotm::services::${HOST}::${ports.redis}`)).toMatchObject({
      process: "redis-server",
      alert_status: "CRITICAL",
    });
    expect(await map.hgetall(`dotm::connections::${HOST}::${ports.redis}::${HOST}`)).toMatchObject({
      remote_host: HOST,
    });
    const node = await map.hgetall(`dotm::nodes::${HOST}`);
    expect(node).toMatchObject({ fetch_status: "OK" });
    expect(JSON.parse(node["service_alerts"] ?? "")).toEqual({ [ports.redis]: "CRITICAL" });
    const checks = (await map.lrange(`dotm::checks::services::${HOST}`, 0, -1)).map((text) => JSON.parse(text));
    expect(checks).toContainEqual(
      expect.objectContaining({ node: HOST, service: CHECK, status: "CRITICAL", mapping: "redis-server" }),
    );
    expect(await map.ttl(`dotm::checks::services::${HOST}`)).toBeGreaterThan(0);
    expect(await map.ttl(`dotm::checks::nodes::${HOST}`)).toBeGreaterThan(0);
    const stored = JSON.parse((await map.get(`dotm::impact::${HOST}::${CHECK}`)) ?? "") as ImpactAnswer;
    expect(stored.affected).toContainEqual(expect.objectContaining(shopRow()));
    expect(await map.zrange("dotm::impact::ranking", "0", "-1", "WITHSCORES")).toEqual([`${HOST}::${CHECK}`, "1"]);
  });

  it("shows it in Chromium, on the page that the link in Nagios opens", async () => {
    const browser = await startChromium();
    const { page, complaints } = await openPage(browser, `${origin}/graph?host=${HOST}&srv=${CHECK}`);
    expect(await page.textContent("body")).toContain(`${HOST} / ${CHECK} is CRITICAL`);
    expect(await page.textContent("body")).toContain("Connection refused");
    const image = await openPage(browser, `${origin}/image?host=${HOST}&srv=${CHECK}`);
    expect(await image.page.evaluate("document.documentElement.nodeName")).toBe("svg");
    for (const shown of [page, image.page]) {
      const failed = shown.locator(`[aria-label*=":${ports.redis} redis-server, CRITICAL"]`);
      const affected = shown.locator(`[aria-label*=":${ports.shop} ${shop}, OK"]`);
      const edge = shown.locator("g", {
        has: shown.locator(`title:text("${HOST}/${shop} needs ${HOST}:${ports.redis}")`),
      });
      for (const part of [failed.first(), affected.first(), edge.last().locator("path").first()]) {
        // A report that comes in meanwhile has the picture drawn anew, and the part that was looked at is gone.
        await expect.poll(async () => (await part.boundingBox())?.height ?? 0).toBeGreaterThan(5);
      }
    }
    expect([...complaints, ...image.complaints]).toEqual([]);
    await browser.close();
  });

  it("still knows it when the agent has seen that the connections are gone", async () => {
    const lastReport = async () => Number(await map.hget(`dotm::nodes::${HOST}`, "last_fetch"));
    const before = await lastReport();
    await eventually("two more reports", async () => ((await lastReport()) >= before + 9 ? true : undefined));
    expect((await impact()).affected).toContainEqual(expect.objectContaining({ ...shopRow(), degree: "affected" }));
  });

  it("clears when the Redis comes back", async () => {
    redis = await startRedis(ports.redis, folder);
    await nagios.waitFor(HOST, CHECK, (fields) => fields.get("current_state") === "0" && hard(fields));
    await eventually("the impact is deleted", async () =>
      (await map.exists(`dotm::impact::${HOST}::${CHECK}`)) === 0 ? true : undefined,
    );
    expect(await map.zcard("dotm::impact::ranking")).toBe(0);
    const answer = await impact();
    expect(answer).toMatchObject({ hypothetical: true, problem: { state: "OK" } });
    expect(answer.affected).toContainEqual(expect.objectContaining({ ...shopRow(), ownState: "OK" }));
    expect((await dotm("impact", HOST, CHECK, "--exit-code")).code).toBe(0);
    expect(JSON.parse((await map.hget(`dotm::nodes::${HOST}`, "service_alerts")) ?? "")).toEqual({});
  });

  it("ends cleanly when asked to", async () => {
    expect(await agent.stop()).toEqual({ code: 0, signal: null });
    expect(await daemon.stop()).toEqual({ code: 0, signal: null });
  });
});

/** What is read of DESIGN's Impact. */
interface ImpactAnswer {
  readonly problem: { readonly state: string };
  readonly hypothetical: boolean;
  readonly affected: readonly { readonly id: string }[];
  readonly summary: string;
}

async function startRedis(port: number, folder: string): Promise<TestProcess> {
  const dir = join(folder, `redis-${port}`);
  mkdirSync(dir, { recursive: true });
  const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--save", "", "--dir", dir];
  const started = startProgram("redis-server", args);
  await started.waitFor(/Ready to accept connections/);
  return started;
}

function configText(nagiosConfig: string, folder: string, redis: string, web: number): string {
  return `data_dir: ${join(folder, "data")}
redis:
  url: ${redis}
web:
  listen: 127.0.0.1:${web}
sources:
  - name: nagios
    type: nagios
    config: ${nagiosConfig}
agents:
  tokens_file: ${join(folder, "tokens.json")}
`;
}

/** Makes a token that may speak for the host: the server is told its hash only. Returns the agent's file. */
function tokenFile(folder: string): string {
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  writeFileSync(join(folder, "tokens.json"), JSON.stringify([{ host: HOST, hashes: [hash] }]), { mode: 0o600 });
  writeFileSync(join(folder, "token"), `${token}\n`, { mode: 0o600 });
  return join(folder, "token");
}

/** Keys and their Redis types while the incident lasts. */
function contract(ports: { readonly redis: number; readonly shop: number }): Record<string, string> {
  return {
    "dotm::nodes": "list",
    [`dotm::nodes::${HOST}`]: "hash",
    [`dotm::services::${HOST}::${ports.redis}`]: "hash",
    [`dotm::services::${HOST}::${ports.shop}`]: "hash",
    [`dotm::connections::${HOST}::${ports.redis}::${HOST}`]: "hash",
    [`dotm::checks::nodes::${HOST}`]: "string",
    [`dotm::checks::services::${HOST}`]: "list",
    "dotm::checks::config": "hash",
    [`dotm::impact::${HOST}::${CHECK}`]: "string",
    "dotm::impact::ranking": "zset",
    [`dotm::reports::${HOST}`]: "string",
    [`dotm::edges::${HOST}`]: "hash",
    "dotm::observations": "stream",
    "dotm::changes": "stream",
  };
}

function hard(fields: ReadonlyMap<string, string>): boolean {
  return fields.get("state_type") === "1" && fields.get("has_been_checked") === "1";
}
