/**
 * A folder into which reports are put as files, by whatever way they came: `dotm-agent once --out DIR`, scp, a USB stick.
 * Writers write under another name and rename; only `*.json` and `*.json.gz` are read.
 */

import { constants, type FSWatcher, watch } from "node:fs";
import { lstat, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { REPORT_MAX_BYTES } from "../../agent/report.ts";
import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { makeFolder } from "../make-folder.ts";
import { compareIds } from "../model/compare.ts";
import { QuietLog } from "./quiet-log.ts";
import { ReportRefused } from "./report-refused.ts";

/** A report found in the folder. */
export interface FoundReport {
  readonly file: string;
  readonly raw: Buffer;
  /** Content encoding, by the name of the file. */
  readonly encoding: "gzip" | undefined;
}

/**
 * Takes a report in; resolves when the file may go. Rejecting with a ReportRefused of status 503 leaves the file for
 * later, with any other moves it aside.
 */
export type ReportSink = (report: FoundReport) => Promise<void>;

/** What the folder needs. */
export interface ReportSpoolOptions {
  readonly folder: string;
  readonly sink: ReportSink;
  readonly log: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** Seconds between two looks where no change is noticed; 10 where absent. */
  readonly every?: number;
}

interface Candidate {
  readonly name: string;
  readonly modified: number;
}

const PER_LOOK = 1_000;
const EVERY = 10;
const BAD = "bad";
/** Seconds: a file that is no report and was not touched for so long will never be one. */
const UNFINISHED = 30;

/** Reads reports from a folder. `start` looks at once and then at every change, `stop` finishes the file in hand. */
export class ReportSpool {
  readonly #folder: string;
  readonly #sink: ReportSink;
  readonly #log: Logger;
  readonly #quiet: QuietLog;
  readonly #every: number;
  readonly #now: () => number;
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #found: Candidate[] = [];
  #stopped = true;

  constructor({ folder, sink, log, now, every = EVERY }: ReportSpoolOptions) {
    this.#folder = folder;
    this.#sink = sink;
    this.#log = log;
    this.#quiet = new QuietLog(log, now);
    this.#every = every;
    this.#now = now;
  }

  /** Makes the folder where it is missing and begins. Throws DOTM_SOURCE_UNREADABLE where that cannot be done. */
  async start(): Promise<void> {
    try {
      makeFolder(join(this.#folder, BAD), 0o750);
    } catch (error) {
      const next = "Give a folder the daemon may write, in agents.spool_dir of the configuration.";
      throw new DotmError("DOTM_SOURCE_UNREADABLE", `the folder of reports cannot be used: ${messageOf(error)}`, next, {
        cause: error,
      });
    }
    this.#stopped = false;
    // Not chokidar: it reads the whole folder again for every file that goes, which takes 20 ms each with thousands.
    const failed = (error: unknown) =>
      this.#log.warn({ folder: this.#folder, error: messageOf(error) }, "cannot watch the folder of reports");
    try {
      this.#watcher = watch(this.#folder, () => this.#look()).on("error", failed);
    } catch (error) {
      // The limit of watches is reached (fs.inotify.max_user_instances): reports are found all the same, later.
      failed(error);
    }
    // Watching fails silently on network file systems.
    this.#timer = setInterval(() => this.#look(), this.#every * 1000);
    this.#look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#watcher?.close();
    await this.#looking;
  }

  #look(): void {
    this.#again = true;
    this.#looking ??= this.#lookWhileNew().finally(() => {
      this.#looking = undefined;
    });
  }

  async #lookWhileNew(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      try {
        await this.#takeSome();
      } catch (error) {
        this.#quiet.warn("folder of reports cannot be read", "failed", {
          folder: this.#folder,
          cause: messageOf(error),
        });
      }
    }
  }

  /** Takes a thousand files in; the folder is read again only when those found before are done. */
  async #takeSome(): Promise<void> {
    if (this.#found.length === 0) {
      this.#found = await this.#candidates();
    }
    for (const { name } of this.#found.splice(0, PER_LOOK)) {
      if (this.#stopped || !(await this.#take(name))) {
        this.#found = [];
        return;
      }
    }
    this.#again ||= this.#found.length > 0;
  }

  /** Files that are reports by name, oldest first. */
  async #candidates(): Promise<Candidate[]> {
    const candidates: Candidate[] = [];
    for (const name of await readdir(this.#folder)) {
      if (!name.startsWith(".") && /\.json(?:\.gz)?$/.test(name)) {
        const found = await lstat(join(this.#folder, name)).catch(() => undefined);
        candidates.push({ name, modified: found?.mtimeMs ?? 0 });
      }
    }
    return candidates.sort((a, b) => a.modified - b.modified || compareIds(a.name, b.name));
  }

  /** Takes one file in; false where nothing can be taken in now. */
  async #take(name: string): Promise<boolean> {
    try {
      const raw = await readReportFile(join(this.#folder, name));
      await this.#sink({ file: name, raw, encoding: name.endsWith(".gz") ? "gzip" : undefined });
      await rm(join(this.#folder, name), { force: true });
      return true;
    } catch (error) {
      if (error instanceof ReportRefused && error.status === 503) {
        const { message: cause, next } = error;
        this.#quiet.warn("reports stay in their folder for now", "not stored", { file: name, cause, next });
        return false;
      }
      await this.#putAside(name, error);
      return true;
    }
  }

  async #putAside(name: string, error: unknown): Promise<void> {
    const path = join(this.#folder, name);
    const found = await lstat(path).catch(() => undefined);
    // Somebody may be writing it still, where he should have renamed it: it is looked at again.
    if (found === undefined || (isUnfinished(error) && this.#now() - found.mtimeMs / 1000 < UNFINISHED)) {
      return;
    }
    this.#log.warn(
      { file: join(this.#folder, BAD, name), reason: messageOf(error) },
      "moved a file aside that is no report",
    );
    await rename(path, join(this.#folder, BAD, name)).catch((problem) =>
      this.#log.error({ file: name, error: messageOf(problem) }, "cannot move a file aside"),
    );
  }
}

/** Refused for what a file that is cut looks like: no JSON yet, or no end of the gzip. */
function isUnfinished(error: unknown): boolean {
  return error instanceof ReportRefused && error.status === 400;
}

/** The bytes of a file that is a file: no link to elsewhere, no pipe to hang at, nothing endless. */
async function readReportFile(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile() || found.nlink !== 1) {
      throw new ReportRefused(415, "it is no plain file", "Put reports into the folder as files of their own.");
    }
    if (found.size > REPORT_MAX_BYTES) {
      throw new ReportRefused(413, `it has ${found.size} bytes`, `A report has at most ${REPORT_MAX_BYTES}.`);
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}
