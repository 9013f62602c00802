import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { type Daemon, startDaemon } from "../../src/daemon/start-daemon.ts";
import { SILENT } from "../../src/logger.ts";
import { type CgiServer, nagiosAnswer, startCgiServer } from "../support/cgi-server.ts";
import { daemonConfig } from "../support/daemon-config.ts";
import { eventually, freePort } from "../support/process.ts";
import { availableEngines, startTestStore, type TestStore } from "../support/redis.ts";

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

/** What Nagios says: MySQL of db01 in a state, Nagios' number of it. */
const saying = (status: number) => {
  const check = { status, last_check: Date.now(), plugin_output: "as told" };
  const lists = { hostlist: { db01: { status: 2 } }, servicelist: { db01: { MySQL: check } } };
  return nagiosAnswer(lists, () => Math.floor(Date.now() / 1000));
};

interface Impacts {
  readonly items: readonly { readonly problem: { readonly host: string; readonly check: string } }[];
}

it("shows a problem that is over as it was told while it was there, also after the daemon was started again", async () => {
  folder = await mkdtemp(join(tmpdir(), "dotm-history-"));
  store = await startTestStore(availableEngines()[0]);
  server = await startCgiServer(saying(2));
  const port = await freePort();
  const asked = { user: null, password: null, caFile: null, format: "nagios", interval: 5, timezone: null } as const;
  const config = daemonConfig(folder, store.options, {
    port,
    sources: [{ name: "mon", site: null, type: "cgi", url: server.url, ...asked }],
  });
  const start = () => startDaemon({ config, version: "0", logger: SILENT, now: () => Date.now() / 1000 });
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    return { exact: response.headers.get("x-dotm-exact"), body: (await response.json()) as Impacts };
  };
  const problems = async (path: string) => (await get(path)).body.items.map(({ problem }) => problem);

  daemon = await start();
  await eventually("the first snapshot", async () => (await get("history")).body.items?.[0]);
  expect(await problems("impacts")).toEqual([]);
  server.answer = saying(16);
  const live = await eventually("the problem", async () => {
    const found = await problems("impacts");
    return found.length > 0 ? found : undefined;
  });
  const then = Date.now() / 1000;
  server.answer = saying(2);
  await eventually("the end of the problem", async () => ((await problems("impacts")).length === 0 ? true : undefined));

  expect(await problems(`impacts?at=${then}`)).toEqual(live);
  expect((await get(`impacts?at=${then}`)).exact).toBe("true");
  await daemon.stop();
  daemon = await start();
  await eventually("its pages", () => get("history").catch(() => undefined));
  expect(await problems(`impacts?at=${then}`)).toEqual(live);
  expect((await get(`impacts?at=${then}`)).exact).toBe("true");
});
