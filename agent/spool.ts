/** Reports waiting on disk until the server has taken them: one gzip file each, bounded, oldest first. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** Bytes a spool may hold; a report of a busy host has some 10 kB, so that is days. */
const SPOOL_BYTES = 64 * 1024 * 1024;

interface Waiting {
  readonly name: string;
  readonly bytes: number;
  /** Present where the disk did not take it. */
  readonly body?: Buffer;
}

/** Reports kept in memory while the disk takes none. */
const IN_MEMORY = 16;

const SUFFIX = ".json.gz";
const TEMPORARY = ".tmp";

/** A folder of reports. What `add` has returned from survives the end of the program and of the machine. */
export class ReportSpool {
  readonly #folder: string;
  readonly #limit: number;
  #waiting: Waiting[] = [];
  #next = 1;
  #thinned = 0;

  constructor(folder: string, limit = SPOOL_BYTES) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** Makes the folder where it is missing, removes what was half written, and finds what waits from before. */
  open(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const names = readdirSync(this.#folder).sort();
    for (const name of names.filter((name) => name.endsWith(TEMPORARY))) {
      rmSync(join(this.#folder, name), { force: true });
    }
    this.#waiting = names
      .filter((name) => /^\d{12}\.json\.gz$/.test(name))
      .map((name) => ({ name, bytes: statSync(join(this.#folder, name)).size }));
    this.#next = Number.parseInt(this.#waiting.at(-1)?.name ?? "0", 10) + 1;
  }

  /** Reports that wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /** Reports given up for lack of room since the program began. */
  get thinned(): number {
    return this.#thinned;
  }

  /**
   * Keeps a report; when it returns true the report is on the disk. Where the disk takes no more, the newest few are
   * kept in memory and the answer is false: a host with a full disk is the one to hear of.
   */
  add(body: Buffer): boolean {
    this.#thin(body.length);
    const name = `${String(this.#next).padStart(12, "0")}${SUFFIX}`;
    this.#next++;
    const path = join(this.#folder, name);
    try {
      writeSynced(path + TEMPORARY, body);
      renameSync(path + TEMPORARY, path);
      syncFolder(this.#folder);
      this.#waiting.push({ name, bytes: body.length });
      return true;
    } catch {
      this.#remember({ name, bytes: 0, body });
      return false;
    }
  }

  /** Name and content of the oldest report; undefined where none waits. One that cannot be read is given up. */
  oldest(): { name: string; body: Buffer } | undefined {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      try {
        return { name: first.name, body: first.body ?? readFileSync(join(this.#folder, first.name)) };
      } catch {
        this.remove(first.name);
        this.#thinned++;
      }
    }
    return undefined;
  }

  /** Removes a report that was taken. */
  remove(name: string): void {
    this.#waiting = this.#waiting.filter((waiting) => waiting.name !== name);
    this.#delete(name);
  }

  /** What a disk that takes no writing any more keeps is sent once more after the next start, which does no harm. */
  #delete(name: string): void {
    try {
      rmSync(join(this.#folder, name), { force: true });
    } catch {
      // The host has more to tell than this.
    }
  }

  #remember(waiting: Waiting): void {
    this.#delete(waiting.name + TEMPORARY);
    this.#waiting.push(waiting);
    const inMemory = this.#waiting.filter(({ body }) => body !== undefined);
    if (inMemory.length > IN_MEMORY) {
      this.#waiting = this.#waiting.filter((kept) => kept !== inMemory[0]);
      this.#thinned++;
    }
  }

  /** Makes room by giving up every second one: a long outage is then told coarsely, not half. */
  #thin(bytes: number): void {
    while (this.#waiting.length > 0 && this.#bytes() + bytes > this.#limit) {
      const given = this.#waiting.filter((_, i) => i % 2 === 0);
      for (const { name } of given) {
        this.#delete(name);
      }
      this.#waiting = this.#waiting.filter((_, i) => i % 2 === 1);
      this.#thinned += given.length;
    }
  }

  #bytes(): number {
    let sum = 0;
    for (const { bytes } of this.#waiting) {
      sum += bytes;
    }
    return sum;
  }
}

/** Writes a file and returns when it is on the disk; readable by its owner only where `mode` does not say otherwise. */
export function writeSynced(path: string, content: Buffer | string, mode = 0o600): void {
  const file = openSync(path, "w", mode);
  try {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(file, bytes, written);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
