/**
 * Places pictures: remembers the places by what is drawn, not by how it is, so that a changed state only changes colours;
 * lets a thread of its own do the work, and takes a simpler layout where that needs too long.
 */
import { LRUCache } from "lru-cache";
import { JobThread, type StartThread } from "../job-thread.ts";
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
  readonly start?: StartThread;
}

const LIMIT = 2_000;
const KEPT = 200;
const SIMPLE = "A good layout was not found in time; a simpler one is shown, in which lines may run behind boxes.";

/** Begins with the first picture; its thread ends with the process. */
export class LayoutDesk {
  private readonly thread: JobThread<Omit<LayoutJob, "id">, LayoutAnswer>;
  private readonly limit: number;
  private readonly kept = new LRUCache<string, Promise<Positions | undefined>>({ max: KEPT });

  constructor({ program = new URL("./layout-worker.js", import.meta.url), limit = LIMIT, start }: DeskOptions = {}) {
    this.thread = new JobThread(program, start);
    this.limit = limit;
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

  /** Undefined where it took too long, or the thread broke or could not be had. */
  private async layOut(picture: Picture): Promise<Positions | undefined> {
    return this.thread.isBuilt ? (await this.thread.ask({ picture }, this.limit))?.positions : layeredLayout(picture);
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
