/**
 * Tells the states in status.dat and the hosts in objects.cache of Nagios, Naemon or Icinga, and what changes in them.
 * A missing, unreadable, torn or empty file changes nothing of what was told; only the source's health says so.
 */
import { dirname, join } from "node:path";
import type { CachedCheck, CachedHost, ObjectCache } from "../../nagios/object-cache.ts";
import { ScanWindow } from "../../nagios/scan-window.ts";
import type { StatusRead } from "../../nagios/status-read.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { fingerprint } from "../model/fingerprint.ts";
import type { MonitoredCheck, MonitoredHost } from "../model/monitoring.ts";
import { backoffDelay } from "./backoff.ts";
import { type FileFault, faultText } from "./file-fault.ts";
import { type FileWatch, watchFiles } from "./file-watch.ts";
import { HealthTeller } from "./health-teller.ts";
import { ObjectsFile, SETTLE_SECONDS } from "./objects-file.ts";
import { QuietLog } from "./quiet-log.ts";
import type { ObservationSink, Source } from "./source.ts";
import { StatusFile } from "./status-file.ts";

/** What the source reads, and whom it tells. */
export interface StatusFileSourceOptions {
  readonly name: string;
  /** Path of status.dat. */
  readonly statusFile: string;
  /** Path of objects.cache; absent: `objects.cache` beside the status file; null: none. */
  readonly objectsFile?: string | null;
  /** Seconds between two writes of the status file (`status_update_interval`), default 10. */
  readonly updateInterval?: number;
  /** Seconds of one unit of `check_interval` (`interval_length`), default 60. */
  readonly intervalLength?: number;
  readonly sink: ObservationSink;
  readonly logger: Logger;
  /** Where what is wrong is counted and warned of; absent: one of its own. */
  readonly quiet?: QuietLog;
  /** Unix seconds. */
  readonly now: () => number;
}

const DEFAULT_INTERVAL = 10;
const TYPE = "status-file";

/** Bytes read at a time: scanning them takes 3 ms, so that nobody waits; four times as many cost no less in all. */
export const WINDOW_BYTES = 256 * 1024;

/** Changes that nobody told of are looked for this often at least, seconds: network file systems tell nothing. */
const LONGEST_UNTOLD = 30;

/** Seconds that a write may be late before it counts as missed. */
const SLACK = 5;

const FIRST_RETRY = 1;

/** Nothing noted: need not be told before something is. */
const NO_NOTES = fingerprint(JSON.stringify([[], []]));

/** Makes the source; it does nothing before `start`. */
export function createStatusFileSource(options: StatusFileSourceOptions): Source {
  return new StatusFileSource(options);
}

class StatusFileSource implements Source {
  readonly name: string;
  readonly #sink: ObservationSink;
  readonly #logger: Logger;
  readonly #quiet: QuietLog;
  readonly #health: HealthTeller;
  readonly #files: readonly string[];
  readonly #status: StatusFile;
  readonly #objects: ObjectsFile | null;
  readonly #interval: number;
  readonly #intervalLength: number | undefined;
  #configured: Pick<ObjectCache, "commands" | "freshness"> = { commands: new Map(), freshness: new Map() };
  /** Digest of the comments and downtimes that were told last. */
  #notes = NO_NOTES;
  #failures = 0;
  #watch: FileWatch | undefined;
  #net: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(options: StatusFileSourceOptions) {
    const { name, statusFile, logger, now, updateInterval = DEFAULT_INTERVAL } = options;
    const { objectsFile = join(dirname(statusFile), "objects.cache") } = options;
    const window = new ScanWindow(WINDOW_BYTES);
    this.name = name;
    this.#sink = options.sink;
    this.#logger = logger;
    this.#quiet = options.quiet ?? new QuietLog(logger, now);
    const [staleAfter, quiet] = [3 * updateInterval + SLACK, this.#quiet];
    this.#health = new HealthTeller({ source: name, type: TYPE, staleAfter, sink: options.sink, quiet, now });
    this.#interval = updateInterval;
    this.#intervalLength = options.intervalLength;
    this.#files = objectsFile === null ? [statusFile] : [statusFile, objectsFile];
    this.#status = new StatusFile(statusFile, window, this.#readerOptions());
    this.#objects = objectsFile === null ? null : new ObjectsFile(objectsFile, window, now);
  }

  /** Begins to watch, and resolves after the first look, whether it found something or not. */
  async start(): Promise<void> {
    const watch = await watchFiles(
      this.#files,
      () => void this.#look(),
      (error) => this.#warn("cannot watch the folder of the status file", messageOf(error), {}),
    );
    if (this.#stopped) {
      await watch.close();
      return;
    }
    this.#watch = watch;
    const seconds = Math.min(LONGEST_UNTOLD, Math.max(1, this.#interval));
    this.#net = setInterval(() => this.#lookUntold(), seconds * 1000);
    await this.#look();
  }

  /** Ends; nothing is told after it was called. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#net);
    clearTimeout(this.#retry);
    await this.#watch?.close();
    await this.#looking;
  }

  /** Looks at the files; a look that is under way is followed by another. */
  #look(): Promise<void> {
    this.#again = true;
    this.#looking ??= this.#lookWhileNew().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookWhileNew(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      clearTimeout(this.#retry);
      await this.#lookAtObjects();
      await this.#lookAtStatus();
    }
  }

  /** Looks without having been told to; what is found then was missed by the watch. */
  #lookUntold(): void {
    const before = this.#health.asOf;
    const isUntold = this.#looking === undefined;
    void this.#look().then(() => {
      if (isUntold && this.#health.asOf !== before && !this.#stopped) {
        this.#watch?.renew();
      }
    });
  }

  async #lookAtStatus(): Promise<void> {
    const look = await this.#status.look();
    if (this.#stopped) {
      return;
    }
    if (look.kind === "fault") {
      this.#tellFault(look.fault);
      return;
    }
    this.#failures = 0;
    if (look.kind === "read") {
      this.#tellStates(look.read);
    } else if (this.#health.isFailing || !this.#health.isTold) {
      this.#tellWell();
    }
  }

  #tellStates(read: StatusRead): void {
    const { created, full, statuses, gone, counts, warnings } = read;
    this.#health.hear({ asOf: created, hosts: counts.hosts, checks: counts.checks });
    for (const { reason, count, example } of warnings) {
      this.#warn("the status file holds something odd", reason, { count, example });
    }
    if (full || statuses.length > 0 || gone.length > 0) {
      this.#sink({ kind: "states", source: this.name, full, asOf: created, statuses, gone: full ? [] : gone });
    }
    this.#tellNotes(read);
    this.#tellWell();
  }

  #tellNotes({ comments, downtimes }: StatusRead): void {
    const notes = fingerprint(JSON.stringify([comments, downtimes]));
    if (notes !== this.#notes) {
      this.#notes = notes;
      this.#sink({ kind: "notes", source: this.name, comments, downtimes });
    }
  }

  #tellFault(fault: FileFault): void {
    this.#failures++;
    this.#warn("the status file cannot be taken", fault.reason, fault);
    this.#health.failed(faultText(fault));
    this.#lookAgainIn(backoffDelay(this.#failures, { first: FIRST_RETRY, longest: this.#interval }, 0));
  }

  #tellWell(): void {
    if (this.#health.isFailing) {
      this.#logger.info({ source: this.name }, "the status file is read again");
    }
    this.#health.well();
  }

  async #lookAtObjects(): Promise<void> {
    const look = (await this.#objects?.look()) ?? { kind: "unchanged" };
    if (this.#stopped) {
      return;
    }
    if (look.kind === "read") {
      this.#tellObjects(look.cache);
    } else if (look.kind === "unsettled") {
      this.#lookAgainIn(SETTLE_SECONDS);
    } else if (look.kind === "fault") {
      const message = "the object cache cannot be taken; groups, parents and command arguments stay as they were";
      this.#warn(message, look.fault.reason, look.fault);
      this.#lookAgainIn(this.#interval);
    }
  }

  #tellObjects({ hosts, checks, commands, freshness, warnings }: ObjectCache): void {
    for (const { reason, count, example } of warnings) {
      this.#warn("the object cache holds something odd", reason, { count, example });
    }
    const told = { hosts: hosts.map(monitoredHost), checks: checks.filter(isWorthAWord).map(monitoredCheck) };
    this.#sink({ kind: "objects", source: this.name, ...told });
    const before = this.#configured;
    if (!(sameEntries(commands, before.commands) && sameEntries(freshness, before.freshness))) {
      this.#configured = { commands, freshness };
      this.#status.forget(this.#readerOptions());
    }
  }

  #readerOptions() {
    const times = this.#intervalLength === undefined ? {} : { intervalLength: this.#intervalLength };
    return { ...this.#configured, ...times };
  }

  #warn(message: string, reason: string, fields: object): void {
    this.#quiet.warn(message, reason, { source: this.name, ...fields });
  }

  #lookAgainIn(seconds: number): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.#look(), seconds * 1000);
  }
}

function monitoredHost({ command: _, ...host }: CachedHost): MonitoredHost {
  return host;
}

function monitoredCheck({ command: _, ...check }: CachedCheck): MonitoredCheck {
  return check;
}

function isWorthAWord({ groups, actionUrl, customVariables }: CachedCheck): boolean {
  return groups.length + customVariables.size > 0 || actionUrl !== "";
}

function sameEntries<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): boolean {
  if (a.size !== b.size) {
    return false;
  }
  for (const [key, value] of a) {
    if (b.get(key) !== value) {
      return false;
    }
  }
  return true;
}
