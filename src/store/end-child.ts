/** Ends a child process that was started, and none that could not be: what is sent there reaches our whole process group. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** Asks it to end and waits for that; kills it where it has not ended after `patience` milliseconds. */
export async function endChild(child: ChildProcess, patience: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), patience);
  await ended;
  clearTimeout(timer);
}
