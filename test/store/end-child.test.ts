import { type ChildProcess, spawn } from "node:child_process";
import { expect, it } from "vitest";
import { endChild } from "../../src/store/end-child.ts";
import { TestProcess } from "../support/process.ts";

/** A child that could not be started, in the moment before that is known, and the signals it is sent. */
function unstarted(): { readonly child: ChildProcess; readonly signals: unknown[] } {
  const signals: unknown[] = [];
  const child = spawn("/nonexistent/program");
  child.kill = (signal) => signals.push(signal) > 0;
  return { child, signals };
}

it("a child that ends when asked to, and one that does not, are both ended", async () => {
  const child = spawn(process.execPath, [
    "-e",
    "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(1)",
  ]);
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await endChild(child, 50);
  expect(child.signalCode).toBe("SIGKILL");
  await endChild(child, 50);
  const willing = spawn("sleep", ["60"]);
  await endChild(willing, 10_000);
  expect(willing.signalCode).toBe("SIGTERM");
});

it("a child that could not be started is sent no signal, as that would reach our whole process group", async () => {
  const { child, signals } = unstarted();
  child.once("error", () => undefined);
  await endChild(child, 50);
  expect(signals).toEqual([]);
});

it("nor do our own tests send one, to it or to the group it would lead", async () => {
  const { child, signals } = unstarted();
  const started = new TestProcess(child, "nothing", true);
  const { kill } = process;
  process.kill = (pid, signal) => {
    signals.push([pid, signal]);
    return true;
  };
  try {
    started.kill("SIGTERM");
    started.kill("SIGKILL");
  } finally {
    process.kill = kill;
  }
  expect(signals).toEqual([]);
  expect(await started.stop()).toEqual({ code: 127, signal: null });
});
