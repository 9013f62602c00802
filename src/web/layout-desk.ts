/**
 * Places pictures: remembers the places by what is drawn, not by how it is, so that a changed state only changes colours;
 * lets a thread of its own do the work, and takes a simpler layout where that needs too long.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { LRUCache } from "lru-cache";
import { layeredLayout } from "../render/layered-layout.ts";
import type { Positions } from "../render/layout.ts";
import type { Picture } from "../render/picture.ts";
import { plainLayout } from "../render/plain-layout.ts";

/** What the thread is asked. */
export interface LayoutJob {
  readonly id: number;
  readonly picture: Picture;
}

/** What it answers. */
export interface LayoutAnswer {
  readonly id: number;
  readonly positions: Positions;
}

/** A picture with its places; where time was too short, it says so in its notes. */
export interface Placed {
  readonly picture: Picture;
  readonly positions: Positions;
}

/** What a desk is made with. */
export interface DeskOptions {
  /** The thread's program; where it is not there, the work is done at once by whoever asks. */
  readonly program?: URL;
  /** Milliseconds one layout may take, waiting for others included. */
  readonly limit?: number;
  /** Starts the thread; may throw where the machine has no room for one. */
  readonly start?: (program: URL) => Worker;
}

const LIMIT = 2_000;
const KEPT = 200;
const SIMPLE = "A good layout was not found in time; a simpler one is shown, in which lines may run behind boxes.";

interface Waiting {
  readonly done: (positions: Positions | undefined) => void;
  readonly timer: NodeJS.Timeout;
}

/** Begins with the first picture; its thread ends with the process. */
export class LayoutDesk {
  private readonly program: URL | undefined;
  private readonly limit: number;
  private readonly start: (program: URL) => Worker;
  private readonly kept = new LRUCache<string, Promise<Positions | undefined>>({ max: KEPT });
  private readonly waiting = new Map<number, Waiting>();
  private worker: Worker | undefined;
  private lastId = 0;

  constructor({
    program = new URL("./layout-worker.js", import.meta.url),
    limit = LIMIT,
    start = (file) => new Worker(file),
  }: DeskOptions = {}) {
    this.program = existsSync(fileURLToPath(program)) ? program : undefined;
    this.limit = limit;
    this.start = start;
  }

  /** The places of a picture. */
  async place(picture: Picture): Promise<Placed> {
    const key = shapeOf(picture);
    const known = this.kept.get(key);
    const placing = known ?? this.layOut(picture);
    this.kept.set(key, placing);
    const positions = await placing;
    if (positions !== undefined) {
      return { picture, positions };
    }
    // Tried again at the next look: the machine may have been busy.
    this.kept.delete(key);
    return { picture: { ...picture, notes: [...picture.notes, SIMPLE] }, positions: plainLayout(picture) };
  }

  /** Undefined where it took too long, or the thread broke. */
  private layOut(picture: Picture): Promise<Positions | undefined> {
    if (this.program === undefined) {
      return Promise.resolve(layeredLayout(picture));
    }
    this.worker ??= this.begin(this.program);
    const { worker } = this;
    if (worker === undefined) {
      return Promise.resolve(undefined);
    }
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((done) => {
      const timer = setTimeout(() => this.end(worker), this.limit);
      this.waiting.set(id, { done, timer });
      worker.postMessage({ id, picture } satisfies LayoutJob);
    });
  }

  /** Undefined where no thread can be had: a crowded machine may have no room for one more. */
  private begin(program: URL): Worker | undefined {
    let worker: Worker;
    try {
      worker = this.start(program);
    } catch {
      return undefined;
    }
    worker.on("message", ({ id, positions }: LayoutAnswer) => this.settle(id, positions));
    worker.on("error", () => this.end(worker));
    worker.on("exit", () => this.end(worker));
    worker.unref();
    return worker;
  }

  private settle(id: number, positions: Positions | undefined): void {
    const waiting = this.waiting.get(id);
    if (waiting !== undefined) {
      this.waiting.delete(id);
      clearTimeout(waiting.timer);
      waiting.done(positions);
    }
  }

  /** Gives a thread up, with all that waits for it: a layout cannot be interrupted otherwise. The next asker gets a new one. */
  private end(worker: Worker): void {
    if (this.worker !== worker) {
      return;
    }
    this.worker = undefined;
    void worker.terminate();
    for (const id of [...this.waiting.keys()]) {
      this.settle(id, undefined);
    }
  }
}

/** Everything of a picture that its layout depends on. */
function shapeOf(picture: Picture): string {
  const boxes = picture.boxes.map(({ id, kind, title, hosts, hidden, units }) => [
    id,
    kind,
    title,
    hosts.length,
    hidden,
    units.map((unit) => [
      unit.id,
      unit.rows.map(({ id: row, label, times, troubled }) => [row, label, times, troubled === undefined]),
    ]),
  ]);
  return JSON.stringify([boxes, picture.edges.map(({ from, to }) => [from, to])]);
}
