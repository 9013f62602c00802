/** Watches every TCP connection of the machine through the kernel's trace events. */
import { ConnectionLog } from "./opened-connections.ts";
import { attempt } from "./proc-files.ts";
import type { AddressDecoder } from "./proc-net.ts";
import type { Tasks } from "./tasks.ts";
import type { TraceEvent } from "./trace-events.ts";
import type { TraceInstance } from "./trace-instance.ts";
import { readTracePage } from "./trace-page.ts";
import type { Watch, Watched } from "./watch.ts";

/** What watching needs. */
export interface TraceWatchDeps {
  /** Opens an instance; throws where there can be none. */
  readonly open: () => TraceInstance;
  readonly tasks: Tasks;
  readonly decodeAddress: AddressDecoder;
  /** Nanoseconds of the monotonic clock, as the events carry them. */
  readonly clock: () => number;
}

/** Often enough that the buffers do not run over and that a thread that connected is mostly still there. */
const POLL_MS = 500;
/** Every record begins with the number of its event. */
const ID_BYTES = 2;

/** Empties the trace buffers again and again. `start` opens the instance, `stop` removes it. */
export class TraceWatch implements Watch {
  readonly #deps: TraceWatchDeps;
  readonly #log: ConnectionLog;
  #instance: TraceInstance | undefined;
  readonly #pending: TraceEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lostBefore = 0;
  /** Whether it has watched since the last look; not at the first one, as what was there before is not known. */
  #whole = false;
  #broken = "";

  constructor(deps: TraceWatchDeps) {
    this.#deps = deps;
    this.#log = new ConnectionLog((thread) => deps.tasks.processOf(thread), deps.decodeAddress);
  }

  /** Throws with the reason in words where there can be no instance. */
  start(): void {
    this.#instance = this.#deps.open();
    this.#lostBefore = 0;
    this.#timer = setInterval(() => this.#poll(), POLL_MS).unref();
  }

  take(): Watched {
    this.#poll();
    const lost = this.#newlyLost();
    const level = this.#instance === undefined ? "proc" : "tracefs";
    const notes = this.#broken === "" ? [] : [`the kernel's trace events broke off: ${this.#broken}`];
    const complete = this.#whole && lost === 0;
    this.#deps.tasks.refresh();
    this.#whole = this.#instance !== undefined || this.#restart();
    return { level, ...this.#log.take(), complete, lost, notes };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#instance?.close();
    this.#instance = undefined;
  }

  /** Reads what has come, and takes it in the order of time: every processor has a buffer of its own. */
  #poll(): void {
    const until = this.#deps.clock();
    try {
      this.#instance?.read((page) => this.#decode(page));
    } catch (error) {
      this.stop();
      this.#whole = false;
      this.#broken = error instanceof Error ? error.message : String(error);
    }
    this.#pending.sort((a, b) => a.time - b.time);
    // Before what happened since we began to read, another processor may have something that we have not read.
    const later = this.#pending.findIndex(({ time }) => time > until);
    for (const event of this.#pending.splice(0, later < 0 ? this.#pending.length : later)) {
      if (event.kind === "task") {
        this.#deps.tasks.add(event);
      } else {
        this.#log.add(event);
      }
    }
  }

  #decode(page: Buffer): void {
    for (const { offset, length, time } of readTracePage(page)) {
      const decode = length < ID_BYTES ? undefined : this.#instance?.decoders.get(page.readUInt16LE(offset));
      const event = decode?.(page, offset, length, time);
      if (event !== undefined) {
        this.#pending.push(event);
      }
    }
  }

  #newlyLost(): number {
    const all = this.#instance?.lost() ?? this.#lostBefore;
    const lost = all - this.#lostBefore;
    this.#lostBefore = all;
    return Math.max(0, lost);
  }

  /** The look that follows covers what was missed. */
  #restart(): boolean {
    const started = attempt(() => {
      this.start();
      return true;
    });
    this.#broken = started === true ? "" : this.#broken;
    return started === true;
  }
}
