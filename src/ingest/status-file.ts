/** One status.dat on disk: looks whether there is something new in it, and reads it until it is read whole. */
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { ScanWindow } from "../../nagios/scan-window.ts";
import { StatusReader } from "../../nagios/status-dat.ts";
import type { StatusFault, StatusRead, StatusReaderOptions } from "../../nagios/status-read.ts";
import { type FileFault, fileFault } from "./file-fault.ts";
import { type FileIdentity, fileIdentity, readThrough, sameFile } from "./file-snapshot.ts";

/** What one look gave. */
export type Look =
  | { readonly kind: "unchanged" }
  | { readonly kind: "read"; readonly read: StatusRead }
  | { readonly kind: "fault"; readonly fault: FileFault };

/** How often a file is read again at once where it was changed in the meantime, or was not whole. */
const TRIES = 3;

/** The header fits many times. */
const HEADER_BYTES = 4096;

/** What the faults in a file's content mean to people. */
const FAULTS: Readonly<Record<StatusFault, readonly [cause: string, next: string]>> = {
  empty: ["is empty", "Wait for the next write; if it stays empty, the disk may be full."],
  cut: [
    "is incomplete",
    "Wait for the next write; if it stays so, the disk may be full, or temp_file of nagios.cfg lies on another file system.",
  ],
  "no header": ["is no status file", "Give the path that status_file has in nagios.cfg."],
  "no objects": ["holds no hosts", "Check the configuration of the monitoring."],
};

/** The file. */
export class StatusFile {
  readonly #path: string;
  readonly #window: ScanWindow;
  #reader: StatusReader;
  #identity: FileIdentity | undefined;
  #created = 0;

  constructor(path: string, window: ScanWindow, options: StatusReaderOptions) {
    this.#path = path;
    this.#window = window;
    this.#reader = new StatusReader(options);
  }

  /** Forgets all that was read: the next read tells everything anew, with these options. */
  forget(options: StatusReaderOptions): void {
    this.#reader = new StatusReader(options);
    this.#identity = undefined;
    this.#created = 0;
  }

  /** Looks once. Never rejects. */
  async look(): Promise<Look> {
    try {
      const identity = await fileIdentity(this.#path);
      if (sameFile(identity, this.#identity) || (await this.#isSameWrite())) {
        this.#identity = identity;
        return { kind: "unchanged" };
      }
      return await this.#read();
    } catch (error) {
      return { kind: "fault", fault: await fileFault(this.#path, "status_file", error) };
    }
  }

  async #read(): Promise<Look> {
    let fault: StatusFault = "cut";
    for (let tries = 0; tries < TRIES; tries++) {
      const scan = this.#reader.begin();
      const identity = await readThrough(this.#path, this.#window, scan);
      if (identity === undefined) {
        continue;
      }
      const read = scan.finish();
      if (read.complete) {
        this.#identity = identity;
        this.#created = read.created;
        return { kind: "read", read };
      }
      fault = read.fault ?? fault;
    }
    const [cause, next] = FAULTS[fault];
    return { kind: "fault", fault: { reason: fault, cause: `${this.#path} ${cause}`, next } };
  }

  /** Whether the file says it was written when the one was that we know: a copy, or only touched. */
  async #isSameWrite(): Promise<boolean> {
    if (this.#created === 0) {
      return false;
    }
    const file = await open(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
      const created = /^\tcreated=([\d.]+)\r?$/m.exec(buffer.toString("latin1", 0, bytesRead))?.[1];
      return Number(created) === this.#created;
    } finally {
      await file.close();
    }
  }
}
