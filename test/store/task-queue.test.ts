import type { Redis } from "ioredis";
import { beforeEach, describe, expect, it } from "vitest";
import { newTask, taskFrom } from "../../src/store/task.ts";
import { TaskQueue } from "../../src/store/task-queue.ts";
import type { TestStore } from "../support/redis.ts";
import { keepOpen, STORES } from "./stores.ts";

describe.each(STORES)("the queue on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;
  let queue: TaskQueue;

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });
  beforeEach(() => {
    queue = new TaskQueue(store.client, { deadAfter: 60_000, putBacks: 2 });
  });

  /** A worker whose last sign of life is older than any patience. */
  const die = (worker: string) => redis.zadd("{dotm::queue}::workers", "1", worker);
  const resultOf = async (id: string) => JSON.parse((await redis.get(`dotm::queue::result::${id}`)) ?? "null");

  it("holds tasks in the shape of the original, and their results for five minutes", async () => {
    const task = newTask("fetch_node", ["web01"]);
    await queue.add(task);
    expect(JSON.parse((await redis.lindex("dotm::queue", 0)) ?? "")).toEqual({
      ...{ id: task.id, fn: "fetch_node", args: ["web01"], kwargs: {} },
    });
    expect(await resultOf(task.id)).toEqual({ status: "pending", result: null });
    expect(await redis.ttl(`dotm::queue::result::${task.id}`)).toBeGreaterThan(295);
    const text = (await queue.take("one")) ?? "";
    await queue.processing(task);
    expect(await resultOf(task.id)).toEqual({ status: "processing", result: null });
    await queue.finish("one", text, task, "OK");
    expect(await resultOf(task.id)).toEqual({ status: "ready", result: "OK" });
    expect(await queue.state()).toEqual({ waiting: 0, workers: 0, poison: 0 });
    expect(await redis.exists("{dotm::queue}::processing::one")).toBe(0);
  });

  it("gives a task to one worker, in the order they came", async () => {
    const tasks = [newTask("reload"), newTask("snapshot")];
    for (const task of tasks) {
      await queue.add(task);
    }
    const taken = [await queue.take("one"), await queue.take("two")];
    expect(taken.map((text) => taskFrom(text ?? "")?.fn)).toEqual(["reload", "snapshot"]);
    expect(await queue.take("one")).toBeUndefined();
  });

  it("puts back once what a dead worker was about, as the next task, however many notice", async () => {
    await queue.beat("dying");
    await queue.add(newTask("reload"));
    await queue.add(newTask("snapshot"));
    await queue.take("dying");
    await die("dying");
    expect((await Promise.all([queue.beat("one"), queue.beat("two")])).sort()).toEqual([0, 1]);
    expect(taskFrom((await queue.take("one")) ?? "")?.fn).toBe("reload");
    expect(await redis.llen("dotm::queue")).toBe(1);
    expect(await redis.zrange("{dotm::queue}::workers", "0", "-1")).toEqual(["one", "two"]);
  });

  it("takes a last sign of life from a clock that was set back since for one of now", async () => {
    await queue.beat("dead");
    await redis.zadd("{dotm::queue}::workers", Date.now() + 86_400_000, "dead");
    await queue.beat("one");
    expect(Number(await redis.zscore("{dotm::queue}::workers", "dead"))).toBeLessThanOrEqual(Date.now() + 1_000);
  });

  it("hands a task on to the others, the last of whom has to finish it", async () => {
    await queue.beat("one");
    await queue.beat("two");
    const task = newTask("fetch_node", ["web01"]);
    await queue.add(task);
    await queue.add(newTask("reload"));
    const text = (await queue.take("one")) ?? "";
    expect(await queue.handOn("one", text, task)).toBe(true);
    expect(await resultOf(task.id)).toEqual({ status: "pending", result: null });
    expect(await redis.exists("{dotm::queue}::processing::one")).toBe(0);
    expect(taskFrom((await queue.take("two")) ?? "")?.fn).toBe("reload");
    const handed = (await queue.take("two")) ?? "";
    expect(taskFrom(handed)).toEqual({ ...task, declined: ["one"] });
    expect(await queue.handOn("two", handed, taskFrom(handed) ?? task)).toBe(false);
    expect(await queue.unfinished("two")).toContain(handed);
    // One that was put back, as its worker was taken for dead, is not handed on as well.
    await queue.beat("three");
    await queue.leave("two");
    expect(await queue.handOn("two", handed, task)).toBe(true);
    expect(await redis.llen("dotm::queue")).toBe(2);
  });

  it("leaves alone what a living worker is about", async () => {
    await queue.beat("one");
    await queue.add(newTask("reload"));
    await queue.take("one");
    expect(await queue.beat("two")).toBe(0);
    expect(await queue.unfinished("one")).toHaveLength(1);
  });

  it("sets aside a task that three workers died of", async () => {
    const task = newTask("reload");
    await queue.add(task);
    for (const worker of ["a", "b", "c"]) {
      await queue.beat(worker);
      await queue.take(worker);
      await die(worker);
      await queue.beat("watching");
    }
    expect(await queue.state()).toEqual({ waiting: 0, workers: 1, poison: 1 });
    const aside = JSON.parse((await redis.lindex("{dotm::queue}::poison", 0)) ?? "");
    expect(aside).toMatchObject({ reason: "3 workers died of it" });
    expect(JSON.parse(aside.task).id).toBe(task.id);
    expect(await redis.exists("{dotm::queue}::deaths")).toBe(0);
  });

  it("forgets the deaths of a task that somebody did in the end", async () => {
    const task = newTask("reload");
    await queue.add(task);
    await queue.beat("a");
    await queue.take("a");
    await die("a");
    await queue.beat("b");
    await queue.finish("b", (await queue.take("b")) ?? "", task, "OK");
    expect(await redis.exists("{dotm::queue}::deaths")).toBe(0);
  });

  it("a worker that takes leave puts back what it has not begun", async () => {
    await queue.beat("one");
    await queue.add(newTask("reload"));
    await queue.take("one");
    await queue.leave("one");
    expect(await queue.state()).toEqual({ waiting: 1, workers: 0, poison: 0 });
  });
});
