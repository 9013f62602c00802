import { describe, expect, it } from "vitest";
import { ProcessTable } from "../../agent/process.ts";
import { Tasks } from "../../agent/tasks.ts";
import type { TaskEvent } from "../../agent/trace-events.ts";
import { FakeProc } from "./fake-proc.ts";

const CRON = { pid: 100, name: "cron", cgroup: "0::/system.slice/cron.service" };

function tasksOf(proc: FakeProc) {
  const table = new ProcessTable(proc);
  table.refresh();
  return new Tasks(proc, table);
}

function made(thread: number, name: string, maker: number, sameProcess = false): TaskEvent {
  return { kind: "task", time: 0, thread, name, maker: { thread: maker, sameProcess } };
}

function renamed(thread: number, name: string): TaskEvent {
  return { kind: "task", time: 0, thread, name, maker: undefined };
}

describe("Tasks", () => {
  it("finds the process of a thread that lives, by its process's name and not its own", () => {
    const proc = new FakeProc([CRON], { "117/status": "Name:\tworker-7\nTgid:\t100\nPid:\t117\n" });
    expect(tasksOf(proc).processOf(117)).toMatchObject({ name: "cron", unit: "cron.service" });
  });

  it("remembers of a program that has ended its name, and that it ran where its maker runs", () => {
    const tasks = tasksOf(new FakeProc([CRON], { "100/status": "Tgid:\t100\n" }));
    tasks.add(made(200, "cron", 100));
    tasks.add(renamed(200, "sh"));
    tasks.add(made(201, "sh", 200));
    tasks.add(renamed(201, "curl"));
    expect(tasks.processOf(201)).toMatchObject({ name: "curl", unit: "cron.service" });
  });

  it("takes for the process of a thread that has ended the one that made it", () => {
    const tasks = tasksOf(new FakeProc([CRON], { "100/status": "Tgid:\t100\n" }));
    tasks.add(made(300, "pool-1", 100, true));
    tasks.add(made(301, "pool-2", 300, true));
    expect(tasks.processOf(301)).toMatchObject({ name: "cron" });
  });

  it("does not take the name of a thread for that of a program", () => {
    const tasks = tasksOf(new FakeProc([]));
    tasks.add(made(301, "http-nio-8080-e", 300, true));
    expect(tasks.processOf(301)).toBeUndefined();
    expect(tasks.processOf(302)).toBeUndefined();
  });

  it("does not take a number used again for the one before", () => {
    const tasks = tasksOf(new FakeProc([]));
    tasks.add(made(200, "sh", 100));
    tasks.add(renamed(200, "curl"));
    expect(tasks.processOf(200)).toMatchObject({ name: "curl" });
    tasks.add(made(200, "sh", 100));
    tasks.add(renamed(200, "wget"));
    expect(tasks.processOf(200)).toMatchObject({ name: "wget" });
  });

  it("finds an end where threads seem to have made each other", () => {
    const tasks = tasksOf(new FakeProc([]));
    tasks.add(made(1, "a", 2, true));
    tasks.add(made(2, "b", 1, true));
    expect(tasks.processOf(1)).toBeUndefined();
  });
});
