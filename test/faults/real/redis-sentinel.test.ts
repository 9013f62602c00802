/** Redis behind real sentinels: the master changes while reports and states come in. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SILENT } from "../../../src/logger.ts";
import { connectStore } from "../../../src/store/redis.ts";
import { describeReal } from "../../support/real.ts";
import {
  ask,
  MASTER_NAME,
  nodeClient,
  type SentinelSet,
  startNode,
  startSentinelSet,
} from "../../support/redis-servers.ts";
import { TwinDaemons } from "../../support/twin-daemons.ts";

describeReal("Redis behind sentinels", ["redis-server", "redis-sentinel"], () => {
  let folder = "";
  let set: SentinelSet;
  let twins: TwinDaemons;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-sentinel-"));
    set = await startSentinelSet(folder);
    twins = await TwinDaemons.start(folder, { url: set.url });
  });
  afterAll(async () => {
    await twins.stop();
    await Promise.all([...set.sentinels, ...set.nodes].map(({ process }) => process.stop("SIGKILL")));
    await rm(folder, { recursive: true, force: true });
  });

  async function equalOnMaster(): Promise<void> {
    const client = nodeClient(await set.master());
    try {
      await twins.equal([client]);
    } finally {
      client.disconnect();
    }
  }

  it("is written by the name of the master", async () => {
    await twins.send(3);
    await equalOnMaster();
  });

  it("E07 asked for under load: the picture is that of a calm store, with every acknowledged report in it", async ({
    annotate,
  }) => {
    const before = await set.master();
    const began = performance.now();
    await ask(set.sentinels[0]?.port ?? 0, "SENTINEL", "FAILOVER", MASTER_NAME);
    await twins.sendUntil("another master", async () => (await set.master()) !== before);
    await twins.sendUntil("writing again", () => twins.ready());
    await annotate(`written again after ${((performance.now() - began) / 1000).toFixed(1)} s`, "figure");
    await twins.send(2);
    await equalOnMaster();
  });

  it("E07 as the master was killed: the same, once the sentinels have named another", async () => {
    const before = await set.master();
    const killed = set.nodes.find(({ port }) => port === before);
    await twins.send(1);
    killed?.process.kill("SIGKILL");
    await twins.sendUntil("another master", async () => (await set.master()) !== before);
    await twins.sendUntil("writing again", () => twins.ready());
    await equalOnMaster();
    expect(await set.master()).not.toBe(before);
  });
});

describeReal("sentinels that need a password", ["redis-server", "redis-sentinel"], () => {
  it("are asked with the one that is theirs; with another nobody waits for ever", async () => {
    const folder = await mkdtemp(join(tmpdir(), "dotm-sentinel-"));
    const master = await startNode(folder);
    const lines = [`sentinel monitor ${MASTER_NAME} 127.0.0.1 ${master.port} 1`, "requirepass for-sentinels"];
    const sentinel = await startNode(folder, lines, undefined, "redis-sentinel");
    try {
      const url = `redis-sentinel://127.0.0.1:${sentinel.port}/${MASTER_NAME}`;
      const client = await connectStore({ url, sentinelPassword: "for-sentinels" }, SILENT);
      await client.set("dotm::nodes::x", "1");
      client.disconnect();
      expect(await ask(master.port, "EXISTS", "dotm::nodes::x")).toBe(1);
      const refused = connectStore({ url, sentinelPassword: "another" }, SILENT);
      await expect(refused).rejects.toMatchObject({ code: "DOTM_STORE_UNREACHABLE" });
    } finally {
      await Promise.all([sentinel, master].map(({ process }) => process.stop("SIGKILL")));
      await rm(folder, { recursive: true, force: true });
    }
  });
});
