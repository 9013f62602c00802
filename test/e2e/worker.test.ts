/** Workers as real processes: a task is done by one of them, and by another where that one is killed in the middle of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { newTask, type Task } from "../../src/store/task.ts";
import { startDotm } from "../support/dotm-process.ts";
import { eventually } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { plainClient, startTestStore, type TestStore } from "../support/redis.ts";

describeReal("workers", ["redis-server"], () => {
  let folder: string;
  let store: TestStore;
  let redis: Redis;
  /** A host that is asked and does not answer; connections to it. */
  let host: Server;
  let asked: Socket[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-worker-"));
    store = await startTestStore("redis-server");
    redis = await plainClient(store.options);
    asked = [];
    host = createServer((socket) => {
      socket.on("error", () => undefined);
      asked.push(socket);
    });
    await new Promise<void>((listening) => host.listen(0, "127.0.0.1", listening));
  });
  afterEach(async () => {
    for (const socket of asked) {
      socket.destroy();
    }
    host.close();
    redis.disconnect();
    await store.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function startWorker(name: string, pulled = "web01") {
    const { port } = host.address() as AddressInfo;
    const pull = `[{ host: ${pulled}, type: original, address: 127.0.0.1, port: ${port} }]`;
    const config = `agents: { pull: ${pull} }\n`;
    return startDotm({ name, roles: "worker", folder, store: store.options, config });
  }
  const add = async (task: Task) => void (await redis.rpush("dotm::queue", JSON.stringify(task)));
  const ready = (id: string) =>
    eventually(`the result of ${id}`, async () => {
      const result = JSON.parse((await redis.get(`dotm::queue::result::${id}`)) ?? "{}");
      return result.status === "ready" ? result.result : undefined;
    });

  it("one killed in the middle of a task loses nothing: another does it, once", async () => {
    const first = await startWorker("first");
    const task = newTask("fetch_node", ["web01"]);
    await add(task);
    await eventually("the host is asked", async () => asked[0]);
    const second = await startWorker("second");
    first.process.kill("SIGKILL");
    const again = await eventually("the host is asked again", async () => asked[1]);
    again.resetAndDestroy();
    expect(await ready(task.id)).toMatchObject({ error: expect.any(String) });
    expect(asked).toHaveLength(2);
    expect(await redis.llen("dotm::queue")).toBe(0);
    // The result is there before the task is taken off the list of who did it.
    await eventually("nothing under way", async () =>
      (await redis.keys("{dotm::queue}::processing::*")).length === 0 ? true : undefined,
    );
    await second.process.stop();
  });

  it("hand a host that they do not ask on to the one that does; where nobody does, say so", async () => {
    const strangers = [await startWorker("stranger", "db01"), await startWorker("other", "app01")];
    const nobody = newTask("fetch_node", ["web01"]);
    await add(nobody);
    expect(await ready(nobody.id)).toEqual({ error: expect.stringMatching(/^no worker asks web01 /) });
    const worker = await startWorker("worker");
    await eventually(
      "the third is there",
      async () => (await redis.zcard("{dotm::queue}::workers")) === 3 || undefined,
    );
    // A mere end might be taken for an empty answer, after which the next question comes over another connection.
    host.on("connection", (socket) => socket.resetAndDestroy());
    const tasks = [newTask("fetch_node", ["web01"]), newTask("fetch_node", ["web01"])];
    for (const task of tasks) {
      await add(task);
    }
    for (const task of tasks) {
      expect(await ready(task.id)).toEqual({ error: expect.not.stringMatching(/no worker/) });
    }
    expect(asked.length).toBeGreaterThanOrEqual(tasks.length);
    for (const each of [...strangers, worker]) {
      await each.process.stop();
    }
  });

  it("answer foreign tasks with an error, and set aside what is none", async () => {
    const worker = await startWorker("worker");
    const [foreign, reload] = [newTask("fetch_monitor", [1]), newTask("reload")];
    await redis.rpush("dotm::queue", "no task at all");
    await add(foreign);
    await add(reload);
    expect(await ready(foreign.id)).toEqual({
      error: expect.stringMatching(/^there is no task fetch_monitor; there are: snapshot, expire, reload, fetch_node$/),
    });
    expect(await ready(reload.id)).toMatch(/^the engine that leads/);
    const aside = (await redis.lrange("{dotm::queue}::poison", 0, -1)).map((json) => JSON.parse(json));
    expect(aside).toMatchObject([{ task: "no task at all", reason: "it is no task" }]);
    expect(await (await fetch(`${worker.url}metrics`)).text()).toContain("dotm_queue_poison_tasks 1");
    await worker.process.stop();
    expect(await redis.exists("{dotm::queue}::workers")).toBe(0);
  });
});
