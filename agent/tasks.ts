/** Which process a thread belongs to, also after it has ended: what made it and how it was called is remembered. */
import { attempt, type ProcFiles } from "./proc-files.ts";
import type { KnownProcess, ProcessTable } from "./process.ts";
import type { TaskEvent } from "./trace-events.ts";

interface Task {
  readonly name: string;
  readonly maker: TaskEvent["maker"];
}

/** Threads remembered; the eldest are forgotten. */
const MOST_TASKS = 16_384;
/** A thread that was made by one that was made by one …: no further back than this. */
const MOST_MAKERS = 32;

/** The threads of this host. */
export class Tasks {
  readonly #files: ProcFiles;
  readonly #processes: ProcessTable;
  readonly #made = new Map<number, Task>();
  #known = new Map<number, KnownProcess | undefined>();

  constructor(files: ProcFiles, processes: ProcessTable) {
    this.#files = files;
    this.#processes = processes;
  }

  /** Notes that a thread was made or renamed. */
  add({ thread, name, maker }: TaskEvent): void {
    const before = this.#made.get(thread);
    this.#made.delete(thread);
    this.#made.set(thread, { name, maker: maker ?? before?.maker });
    this.#known.delete(thread);
    for (const eldest of this.#made.size > MOST_TASKS ? [...this.#made.keys()].slice(0, 1) : []) {
      this.#made.delete(eldest);
    }
  }

  /** The process of a thread; undefined where nothing is known of it. */
  processOf(thread: number): KnownProcess | undefined {
    if (!this.#known.has(thread)) {
      this.#known.set(thread, this.#find(thread, MOST_MAKERS));
    }
    return this.#known.get(thread);
  }

  /** Forgets what was found, so that it is looked for anew. */
  refresh(): void {
    this.#known = new Map();
  }

  #find(thread: number, makers: number): KnownProcess | undefined {
    const alive = this.#alive(thread);
    if (alive !== undefined || makers === 0) {
      return alive;
    }
    const task = this.#made.get(thread);
    const maker = task?.maker && this.#find(task.maker.thread, makers - 1);
    if (task?.maker?.sameProcess === true) {
      return maker;
    }
    if (task === undefined) {
      return this.#processes.get(thread);
    }
    const { unit, container, netns } = maker ?? { unit: null, container: null, netns: null };
    return { name: task.name, unit, container, netns };
  }

  #alive(thread: number): KnownProcess | undefined {
    // /proc lists processes only, but shows every thread to those who know its number.
    const status = attempt(() => this.#files.read(`${thread}/status`));
    const process = /^Tgid:\t(\d+)$/m.exec(status ?? "")?.[1];
    return process === undefined ? undefined : this.#processes.look(Number(process));
  }
}
