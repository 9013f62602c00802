/** Reading below /proc. Tests hand in their own texts. */
import { closeSync, openSync, readdirSync, readlinkSync, readSync, statSync } from "node:fs";

/** What the agent reads below /proc, by paths relative to it. Every method throws where the file cannot be read. */
export interface ProcFiles {
  read(path: string): string;
  list(path: string): readonly string[];
  link(path: string): string;
  /** Inode number of a file. */
  inode(path: string): number;
}

/** Files below `root`, read into one buffer that is kept: the kernel's tables are read again and again. */
export function createProcFiles(root = "/proc"): ProcFiles {
  let buffer = Buffer.allocUnsafe(256 * 1024);
  return {
    read(path) {
      const file = openSync(`${root}/${path}`, "r");
      try {
        let length = 0;
        // The size of these files is always given as 0, so: read until the kernel has nothing more.
        for (let got = -1; got !== 0; length += got) {
          if (length === buffer.length) {
            buffer = Buffer.concat([buffer], buffer.length * 2);
          }
          got = readSync(file, buffer, length, buffer.length - length, null);
        }
        return buffer.toString("utf8", 0, length);
      } finally {
        closeSync(file);
      }
    },
    list: (path) => readdirSync(`${root}/${path}`),
    link: (path) => readlinkSync(`${root}/${path}`),
    inode: (path) => statSync(`${root}/${path}`).ino,
  };
}

/** What `read` gives, or undefined where it throws: processes end while they are looked at, and rights are missing. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
