/**
 * Keeps two daemons off one data folder where no `flock` can: a file that names its holder. The holder is gone when its
 * process is, or, where that cannot be seen (another container, another machine), when it has not touched the file for long.
 */

import { randomUUID } from "node:crypto";
import { link, readFile, readlink, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { DotmError, isMissing } from "../errors.ts";

/** Milliseconds without a touch after which an unseen holder counts as gone. */
const SILENT_FOR = 30_000;
/** Milliseconds two daemons that take over at once are given to see each other. */
const SETTLE = 50;

interface Holder {
  readonly id: string;
  readonly pid: number;
  /** What tells this process from a later one with its number, and its machine and container from others. */
  readonly life: string;
  readonly world: string;
}

/** A held lock. */
export class DataLock {
  private readonly path: string;
  private readonly id: string;

  private constructor(path: string, id: string) {
    this.path = path;
    this.id = id;
  }

  /** Takes the lock at a path. @throws DotmError DOTM_LOCKED where another process holds it */
  static async take(path: string): Promise<DataLock> {
    const id = randomUUID();
    const own = `${path}.${id}`;
    const me: Holder = { id, pid: process.pid, life: await lifeOf(process.pid), world: await thisWorld() };
    await writeFile(own, JSON.stringify(me), { mode: 0o600, flag: "wx" });
    try {
      if (!(await linked(own, path))) {
        await demandGone(path);
        await rename(own, path);
        await delay(SETTLE);
      }
    } finally {
      await rm(own, { force: true });
    }
    const lock = new DataLock(path, id);
    if (!(await lock.isHeld())) {
      throw lockedBy(path, await holderOf(path));
    }
    return lock;
  }

  /** Whether it is still ours; to be asked before writing what it protects. Also says that we live. */
  async isHeld(): Promise<boolean> {
    const held = (await holderOf(this.path))?.id === this.id;
    if (held) {
      const now = new Date();
      await utimes(this.path, now, now).catch(() => undefined);
    }
    return held;
  }

  /** Whether another has it by now, or it was taken away; not where that cannot be seen. */
  async isLost(): Promise<boolean> {
    try {
      return (JSON.parse(await readFile(this.path, "utf8")) as Holder | null)?.id !== this.id;
    } catch (error) {
      return isMissing(error);
    }
  }

  /** Gives it back. */
  async release(): Promise<void> {
    if (await this.isHeld()) {
      await rm(this.path, { force: true });
    }
  }
}

/** Makes `path` another name of the file; false where that name is taken. */
async function linked(file: string, path: string): Promise<boolean> {
  try {
    await link(file, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      return false;
    }
    throw error;
  }
}

async function demandGone(path: string): Promise<void> {
  const holder = await holderOf(path);
  if (holder === undefined) {
    return;
  }
  const visible = holder.world === (await thisWorld());
  const lives = visible ? (await lifeOf(holder.pid)) === holder.life : await isTouched(path);
  if (lives) {
    throw lockedBy(path, holder);
  }
}

async function isTouched(path: string): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
  // A touch in the future is of a clock that was set back since: who lives touches it again within seconds.
  return Math.abs(Date.now() - mtimeMs) < SILENT_FOR;
}

async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(path, "utf8")) as Holder | null;
    return typeof holder?.id === "string" && typeof holder.pid === "number" ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Start time of a process in the kernel's ticks (proc(5), field 22 of stat); empty where there is none. */
async function lifeOf(pid: number): Promise<string> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold blanks.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return isRunning(pid) ? "running" : "";
  }
}

/** For systems without /proc. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Boot and process namespace: only within the same ones do process numbers mean the same. */
async function thisWorld(): Promise<string> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8").catch(() => "");
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return `${boot.trim()} ${namespace}`;
}

function lockedBy(path: string, holder: Holder | undefined): DotmError {
  const who = holder === undefined ? "" : ` (pid ${holder.pid})`;
  const message = `Another DOTM${who} uses this data folder (${path}).`;
  return new DotmError("DOTM_LOCKED", message, "Stop it, or give this one a data_dir of its own.");
}
