/** Watches how many file descriptors this process has left: without any it takes no connection and opens no file. */
import type { Logger } from "../logger.ts";
import { openFiles } from "./process-load.ts";

/** The share of the limit from which on it is told. */
const FEW_LEFT = 0.9;

/** Milliseconds between two looks. */
const EVERY = 10_000;

const WHAT_TO_DO = "raise LimitNOFILE of the unit (ulimit -n)";

/** Looks now and then, and tells once each time they become few. */
export class DescriptorWatch {
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  /** Whether the system tells at all. */
  #isTold = false;
  #fault: string | null = null;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** What is wrong now, for people; null where nothing is. */
  get fault(): string | null {
    this.#look();
    return this.#fault;
  }

  /** Begins. */
  start(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), EVERY);
  }

  /** Ends. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const files = openFiles();
    this.#isTold ||= files !== undefined;
    const fault = files === undefined ? this.#untold() : faultOf(files.open, files.most);
    if (fault !== null && this.#fault === null) {
      this.#logger.error({ fault }, "hardly any file descriptor is left");
    }
    this.#fault = fault;
  }

  /** Counting needs a descriptor itself. */
  #untold(): string | null {
    return this.#isTold ? `no file descriptor is left; ${WHAT_TO_DO}` : null;
  }
}

function faultOf(open: number, most: number): string | null {
  return open >= most * FEW_LEFT ? `${open} of ${most} file descriptors are open; ${WHAT_TO_DO}` : null;
}
