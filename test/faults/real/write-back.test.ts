/** DOTM's own results in a real Nagios and a real Icinga 2: they come, they come again after a crash, and they grow stale. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PassiveResult } from "../../../nagios/passive-result.ts";
import type { NotifyTarget } from "../../../src/config/config-value.ts";
import { Secret } from "../../../src/config/secret.ts";
import { type Daemon, startDaemon } from "../../../src/daemon/start-daemon.ts";
import { SILENT } from "../../../src/logger.ts";
import { commandPipe } from "../../../src/notify/command-pipe.ts";
import { Delivery } from "../../../src/notify/delivery.ts";
import { icinga2Target } from "../../../src/notify/icinga2-target.ts";
import type { Target } from "../../../src/notify/target.ts";
import { icinga2PassiveServices, nagiosPassiveServices } from "../../../src/render/passive-services.ts";
import { daemonConfig } from "../../support/daemon-config.ts";
import { partsOf } from "../../support/dotm-process.ts";
import { type RunningIcinga2, startIcinga2 } from "../../support/icinga2.ts";
import { API_USERS } from "../../support/icinga2-config.ts";
import { type RunningNagios, startNagios } from "../../support/nagios.ts";
import { eventually } from "../../support/process.ts";
import { describeReal } from "../../support/real.ts";
import { plainClient, startTestStore, type TestStore } from "../../support/redis.ts";

const TTL = 6;
const HOSTS = ["db01", "web01"];
const SITE = {
  hosts: [
    { name: "db01", address: "10.0.0.21", check: "check_state!up" },
    { name: "web01", address: "10.0.0.11", check: "check_state!up" },
  ],
  services: [
    { host: "db01", name: "MySQL", check: "check_state!mysql" },
    { host: "web01", name: "HTTP", check: "check_state!http" },
  ],
  states: { up: [0, "UP"], mysql: [0, "MySQL OK"], http: [0, "HTTP OK"] },
} as const;

/** web01's nginx needs db01's mysqld. */
function report(host: string): object {
  const time = new Date().toISOString();
  const [process, port, ip] = host === "db01" ? ["mysqld", 3306, "10.0.0.21"] : ["nginx", 80, "10.0.0.11"];
  const owner = { process, unit: null, container: null, netns: null };
  const out = { direction: "out", proto: "tcp", ...owner, localAddress: ip, localPort: null, count: 3, opened: 3 };
  return {
    ...{ version: 1, host, agent: "test", time, interval: 60, sequence: 1, boot: "b", ips: [ip], unix: [] },
    listeners: [{ proto: "tcp", address: "0.0.0.0", port, ...owner }],
    connections: host === "db01" ? [] : [{ ...out, remoteAddress: "10.0.0.21", remotePort: 3306, lastSeen: time }],
    processes: [],
    capture: { level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] },
  };
}

/** A result whose output tells its number. */
const numbered = (at: number): PassiveResult => ({
  ...{ host: "web01", check: "DOTM impact", state: 0, output: `number ${at}`, details: [], figures: [] },
  at: Date.now() / 1000,
});

/** Puts so many results at once, and resolves when all were sent; the milliseconds that took. */
async function sendAll(target: Target<PassiveResult>, count: number): Promise<number> {
  const times = { now: () => Date.now() / 1000, maySend: () => true };
  const way = new Delivery({ target, room: 20_000, keepFor: 300, logger: SILENT, ...times });
  const begun = performance.now();
  for (let at = 0; at < count; at++) {
    way.put({ key: `${at}`, content: numbered(at), at: Date.now() / 1000 });
  }
  await eventually(`${count} results to be sent`, async () => way.state.waiting === 0 || undefined, 60_000, 5);
  expect(way.state).toMatchObject({ sent: count, dropped: 0 });
  return performance.now() - begun;
}

describeReal("results written back", ["nagios4", "icinga2", "redis-server"], () => {
  let folder: string;
  let store: TestStore;
  let redis: Redis;
  let hanging: Server;
  let daemon: Daemon | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-write-back-"));
    store = await startTestStore("redis-server");
    redis = await plainClient(store.options);
    // Takes connections and never answers.
    hanging = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => hanging.once("listening", resolve));
  });
  afterEach(async () => {
    await daemon?.stop();
    daemon = undefined;
  });
  afterAll(async () => {
    hanging.close();
    redis.disconnect();
    await store.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(source: object, target: NotifyTarget): Promise<Daemon> {
    await redis.flushall();
    const { port } = hanging.address() as { port: number };
    const nowhere = {
      name: "nowhere",
      site: null,
      type: "nrdp",
      url: `http://127.0.0.1:${port}/`,
      token: new Secret("x"),
    };
    const targets = [{ ...nowhere, caFile: null } as NotifyTarget, target];
    const config = daemonConfig(folder, store.options, {
      sources: [{ site: null, name: "monitoring", ...source } as never],
      notify: { base: "https://dotm.example.com/", host: null, interval: 2, ttl: TTL, targets },
    });
    daemon = await startDaemon({ config, version: "0", logger: SILENT, now: () => Date.now() / 1_000 });
    for (const host of HOSTS) {
      const body = JSON.stringify(report(host));
      const headers = { "Content-Type": "application/json", "X-DOTM-Sent": new Date().toISOString() };
      const answer = await fetch(`${daemon.url}api/v1/agents/report`, { method: "POST", headers, body });
      expect(answer.status).toBe(200);
    }
    return daemon;
  }

  /** Whoever hangs holds nobody up, and what is written is no problem, though it is CRITICAL. */
  async function expectNoLoop({ url }: Daemon, target: string): Promise<void> {
    const parts = await eventually("the target that hangs is told", async () => {
      const found = await partsOf(url);
      return found["target nowhere"]?.ok === false ? found : undefined;
    });
    expect(parts["target nowhere"]?.detail).toMatch(/no answer within 10 s|cannot be reached/);
    expect(parts[`target ${target}`]).toMatchObject({ ok: true });
    expect(await redis.zrange("dotm::impact::ranking", "0", "-1")).toEqual(["db01::MySQL"]);
    const checks = (await redis.lrange("dotm::checks::services::web01", 0, -1)).map((json) => JSON.parse(json).service);
    expect(checks).toEqual(["HTTP"]);
    const metrics = await (await fetch(`${url}metrics`)).text();
    expect(metrics).toMatch(new RegExp(`dotm_notify_sent_total\\{target="${target}"\\} [1-9]`));
    expect(metrics).toMatch(/dotm_notify_failures_total\{target="nowhere"\} [1-9]/);
  }

  describe("to Nagios", () => {
    let nagios: RunningNagios;

    beforeAll(async () => {
      nagios = await startNagios({
        ...SITE,
        config: ["check_service_freshness=1", "service_freshness_check_interval=1"],
        also: () => nagiosPassiveServices({ hosts: HOSTS, ttl: TTL }),
      });
    });
    afterAll(() => nagios?.stop());

    const says = (state: string, words: RegExp) =>
      nagios.waitFor("web01", "DOTM impact", (fields) => {
        return fields.get("current_state") === state && words.test(fields.get("plugin_output") ?? "");
      });
    const logged = (words: string) =>
      eventually(
        `${words} in nagios.log`,
        async () => (await readFile(nagios.logFile, "latin1")).includes(words) || undefined,
        60_000,
        10,
      );

    it("I07 in Nagios itself such an output is text, and no command", async () => {
      const pipe = commandPipe("n", nagios.commandFile);
      const output = `up\n[${Math.floor(Date.now() / 1000)}] ENABLE_NOTIFICATIONS\n`;
      await pipe.send([{ ...numbered(0), output }], AbortSignal.timeout(10_000));
      await says("0", /^up \[\d+\] ENABLE_NOTIFICATIONS/);
      expect(await readFile(nagios.statusFile, "latin1")).toMatch(/^\tenable_notifications=0$/m);
      expect(await readFile(nagios.logFile, "latin1")).not.toMatch(/EXTERNAL COMMAND: ENABLE_NOTIFICATIONS/);
    });

    it("I11 Nagios takes all, none lost, each as soon as it is written", async ({ annotate }) => {
      const pipe = commandPipe("n", nagios.commandFile);
      const begun = performance.now();
      await pipe.send([{ ...numbered(0), output: "a single one" }], AbortSignal.timeout(10_000));
      await logged("a single one");
      const one = performance.now() - begun;
      const start = performance.now();
      await sendAll(pipe, 10_000);
      await logged("number 9999");
      const all = performance.now() - start;
      const lines = (await readFile(nagios.logFile, "latin1")).match(/EXTERNAL COMMAND: .*;number \d+/g) ?? [];
      expect(new Set(lines).size).toBe(10_000);
      await annotate(
        `one in nagios.log after ${one.toFixed(0)} ms, 10,000 after ${(all / 1000).toFixed(2)} s`,
        "figure",
      );
      expect(all).toBeLessThan(60_000);
    });

    it("I16 nothing blocks or grows while Nagios is dead, and it is told everything again after its start; stale when DOTM is gone", async ({
      annotate,
    }) => {
      const target = { name: "nagios", site: null, type: "nagios", commandFile: nagios.commandFile } as const;
      const running = await start({ type: "nagios", config: nagios.config, eventPipe: null }, target);
      await says("0", /^DOTM OK - no service is hit/);
      nagios.setState("mysql", 2, "connection refused; db | broken");
      const fields = await says("2", /^DOTM CRITICAL - 1 service affected by db01\/MySQL$/);
      expect(fields.get("long_plugin_output")).toMatch(
        /^web01:80 nginx affected by .*db01:3306\\nhttps:\/\/dotm.example.com\/graph\?/,
      );
      expect(fields.get("performance_data")).toBe("affected=1 causes=1");
      expect((await nagios.status("db01", "DOTM impact"))?.get("current_state")).toBe("0");
      expect((await nagios.status("db01", "DOTM alarms"))?.get("plugin_output")).toMatch(
        /^DOTM (?:OK|WARNING|CRITICAL) - /,
      );
      await expectNoLoop(running, "nagios");
      await nagios.shutDown("SIGKILL");
      await eventually(
        "the target to be down",
        async () => (await partsOf(running.url))["target nagios"]?.ok === false || undefined,
      );
      expect((await fetch(`${running.url}healthz`)).status).toBe(200);
      const metrics = await (await fetch(`${running.url}metrics`)).text();
      expect(Number(/dotm_notify_waiting\{target="nagios"\} (\d+)/.exec(metrics)?.[1])).toBeLessThanOrEqual(
        2 * HOSTS.length,
      );
      await nagios.startAgain();
      const begun = performance.now();
      await says("2", /^DOTM CRITICAL - 1 service affected by db01\/MySQL$/);
      await annotate(`told again ${((performance.now() - begun) / 1000).toFixed(1)} s after its start`, "figure");
      await running.stop();
      daemon = undefined;
      await says("3", /^UNKNOWN: DOTM has told nothing for 6 s/);
    }, 90_000);
  });

  describe("to Icinga 2", () => {
    let icinga: RunningIcinga2;
    const { name: user, password } = API_USERS.root;
    const api = () => {
      const { url, caFile, serverName: servername } = icinga.api;
      return { url, user, password: new Secret(password), caFile, servername, certFile: null, keyFile: null };
    };

    beforeAll(async () => {
      icinga = await startIcinga2({ ...SITE, config: [icinga2PassiveServices({ hosts: HOSTS, ttl: TTL })] });
    });
    afterAll(() => icinga?.stop());

    const says = (state: number, words: RegExp) =>
      eventually(
        `${words}`,
        async () => {
          const { body } = await icinga.ask("/v1/objects/services/web01!DOTM%20impact");
          const { attrs } = JSON.parse(body).results[0];
          return attrs.state === state && words.test(attrs.last_check_result?.output ?? "") ? attrs : undefined;
        },
        30_000,
      );

    it("I11 Icinga 2 takes a thousand, four at a time", async ({ annotate }) => {
      const took = await sendAll(icinga2Target({ ...api(), name: "i", ttl: 300 }), 1_000);
      await annotate(`1,000 by API in ${(took / 1000).toFixed(2)} s`, "figure");
      await says(0, /^number 9\d\d$/);
      expect(took).toBeLessThan(30_000);
    });

    it("C13 it is told everything again after its start; stale when DOTM is gone", async ({ annotate }) => {
      const target = { name: "icinga", site: null, type: "icinga2", ...api() } as const;
      const running = await start({ type: "icinga2", queue: "dotm", ...api() }, target);
      await says(0, /^DOTM OK - no service is hit/);
      icinga.setState("mysql", 2, "connection refused");
      const hit = /^DOTM CRITICAL - 1 service affected by db01\/MySQL\nweb01:80 nginx affected by /;
      const attrs = await says(2, hit);
      expect(attrs.last_check_result.performance_data).toEqual(["affected=1", "causes=1"]);
      expect(attrs.last_check_result).toMatchObject({ ttl: TTL, check_source: "dotm" });
      await expectNoLoop(running, "icinga");
      await icinga.shutDown("SIGKILL");
      await icinga.startAgain();
      const begun = performance.now();
      await says(2, hit);
      await annotate(`${((performance.now() - begun) / 1000).toFixed(1)} s after its start`, "figure");
      await running.stop();
      daemon = undefined;
      await says(3, /DOTM has told nothing for 6 s/);
    }, 120_000);
  });
});
