/** A Redis Cluster of real servers: slots move and masters die while reports and states come in. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { contractFaults } from "../../support/contract.ts";
import { keyspace } from "../../support/keyspace.ts";
import { describeReal } from "../../support/real.ts";
import { ask, nodeClient, type RedisCluster, redisCli, startRedisCluster } from "../../support/redis-servers.ts";
import { TwinDaemons } from "../../support/twin-daemons.ts";

describeReal("a Redis Cluster of three masters with a replica each", ["redis-server", "redis-cli"], () => {
  let folder = "";
  let cluster: RedisCluster;
  let twins: TwinDaemons;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "dotm-cluster-"));
    cluster = await startRedisCluster(folder, 3, 1);
    twins = await TwinDaemons.start(folder, { url: cluster.url });
  });
  afterAll(async () => {
    await twins.stop();
    await Promise.all(cluster.nodes.map(({ process }) => process.stop("SIGKILL")));
    await rm(folder, { recursive: true, force: true });
  });

  async function onMasters<T>(use: (masters: readonly Redis[]) => Promise<T>): Promise<T> {
    const clients = (await cluster.masters()).map(({ port }) => nodeClient(port));
    try {
      return await use(clients);
    } finally {
      for (const client of clients) {
        client.disconnect();
      }
    }
  }

  it("holds the picture that a single Redis has, spread over all masters", async () => {
    await twins.send(3);
    await onMasters((masters) => twins.equal(masters));
    const sizes = await onMasters((masters) => Promise.all(masters.map((master) => master.dbsize())));
    expect(Math.min(...sizes)).toBeGreaterThan(20);
    expect(contractFaults(await onMasters(keyspace))).toEqual([]);
  });

  it("holds it while slots move from master to master", async () => {
    const [from, to] = await cluster.masters();
    const place = `127.0.0.1:${from?.port}`;
    const moving = redisCli([
      ...["--cluster", "reshard", place, "--cluster-from", `${from?.id}`, "--cluster-to", `${to?.id}`],
      ...["--cluster-slots", "1500", "--cluster-pipeline", "1", "--cluster-yes"],
    ]);
    let done = false;
    void moving.finally(() => {
      done = true;
    });
    await twins.sendUntil("the end of resharding", async () => done);
    await moving;
    await onMasters((masters) => twins.equal(masters));
  });

  it("E08 followed while slots move, half moved ones too: the picture is that of a single Redis", async () => {
    const slot = Number(await ask(cluster.nodes[0]?.port ?? 0, "CLUSTER", "KEYSLOT", "dotm::nodes"));
    const masters = await cluster.masters();
    const owner = await slotOwner(masters, slot);
    const other = masters.find(({ id }) => id !== owner.id);
    await ask(other?.port ?? 0, "CLUSTER", "SETSLOT", `${slot}`, "IMPORTING", owner.id);
    await ask(owner.port, "CLUSTER", "SETSLOT", `${slot}`, "MIGRATING", `${other?.id}`);
    await twins.send(3);
    const keys = (await ask(owner.port, "CLUSTER", "GETKEYSINSLOT", `${slot}`, "100")) as string[];
    expect(keys).toContain("dotm::nodes");
    // The list and its companion part for a while: the slowest of moves.
    for (const key of keys.sort()) {
      await ask(owner.port, "MIGRATE", "127.0.0.1", `${other?.port}`, key, "0", "5000");
      await twins.send(2);
    }
    for (const { port } of masters) {
      await ask(port, "CLUSTER", "SETSLOT", `${slot}`, "NODE", `${other?.id}`);
    }
    await twins.send(1);
    await onMasters((now) => twins.equal(now));
  });

  it("E08 CLUSTERDOWN is an outage, over when the replica has taken over: nothing acknowledged is lost", async () => {
    const [killed] = await cluster.masters();
    await twins.send(1);
    cluster.nodes.find(({ port }) => port === killed?.port)?.process.kill("SIGKILL");
    await twins.sendUntil("another master", async () => {
      const masters = await cluster.masters();
      return masters.length === 3 && masters.every(({ id }) => id !== killed?.id);
    });
    await twins.sendUntil("writing again", () => twins.ready());
    await onMasters((masters) => twins.equal(masters));
  });
});

async function slotOwner(masters: readonly { port: number; id: string }[], slot: number) {
  for (const master of masters) {
    const ranges = (await ask(master.port, "CLUSTER", "SLOTS")) as [number, number, [string, number]][];
    const found = ranges.find(([first, last]) => first <= slot && slot <= last);
    const owner = masters.find(({ port }) => port === found?.[2][1]);
    if (owner !== undefined) {
      return owner;
    }
  }
  throw new Error(`nobody serves slot ${slot}`);
}
