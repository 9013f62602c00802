/** Who holds a file lock of flock(1), for the message of who was refused it. */
import { readFile, stat } from "node:fs/promises";

/** The process that holds a lock, by the kernel's list (proc(5), /proc/locks); undefined where it cannot be told. */
export async function lockHolder(lock: string): Promise<number | undefined> {
  try {
    const { ino } = await stat(lock);
    const line = (await readFile("/proc/locks", "utf8")).split("\n").find((entry) => entry.includes(`:${ino} `));
    const pid = /^\d+: \w+ +\w+ +\w+ +(\d+) /.exec(line ?? "")?.[1];
    return pid === undefined ? undefined : Number(pid);
  } catch {
    return undefined;
  }
}
