/** Somebody who looks: a page each second, and a browser or two that follow the changes. */
import { setTimeout as delay } from "node:timers/promises";
import { oneOf, type Random } from "../support/random.ts";

/** Milliseconds. */
const BETWEEN = 1_000;
const PATIENCE = 15_000;

/** One page that was asked for. */
export interface Look {
  readonly path: string;
  readonly at: number;
  /** 0 where nobody answered. */
  readonly status: number;
  readonly milliseconds: number;
}

/** Reads until it is stopped. */
export class SiteReader {
  readonly looks: Look[] = [];
  /** Events that the followers were told. */
  events = 0;
  readonly #url: () => string;
  readonly #hosts: readonly string[];
  readonly #random: Random;
  readonly #end = new AbortController();
  #running: Promise<unknown> = Promise.resolve();

  /** `url` is asked at each look. */
  constructor(url: () => string, hosts: readonly string[], random: Random) {
    this.#url = url;
    this.#hosts = hosts;
    this.#random = random;
  }

  /** Begins, with so many followers of `/api/v1/changes`. */
  start(followers: number): void {
    const following = Array.from({ length: followers }, () => this.#follow());
    this.#running = Promise.all([this.#look(), ...following]);
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #look(): Promise<void> {
    while (!this.#end.signal.aborted) {
      const path = this.#next();
      const begun = performance.now();
      const signal = AbortSignal.timeout(PATIENCE);
      const status = await fetch(`${this.#url()}${path}`, { signal }).then(
        async (answer) => {
          await answer.arrayBuffer();
          return answer.status;
        },
        () => 0,
      );
      this.looks.push({ path, at: Date.now(), status, milliseconds: performance.now() - begun });
      await delay(BETWEEN, undefined, { signal: this.#end.signal }).catch(() => undefined);
    }
  }

  async #follow(): Promise<void> {
    while (!this.#end.signal.aborted) {
      try {
        const answer = await fetch(`${this.#url()}api/v1/changes`, { signal: this.#end.signal });
        for await (const chunk of answer.body ?? []) {
          this.events += Buffer.from(chunk).toString("latin1").split("\ndata:").length - 1;
        }
      } catch {
        // Daemons of these tests go away; browsers come back.
      }
      await delay(BETWEEN, undefined, { signal: this.#end.signal }).catch(() => undefined);
    }
  }

  #next(): string {
    const host = oneOf(this.#random, this.#hosts);
    return oneOf(this.#random, [
      ...["", "report", "services", "api/v1/impacts?limit=50", "health", "map"],
      ...[`host/${host}`, `graph?host=${host}&srv=MySQL`, `image?host=${host}`, `popup?host=${host}&srv=App`],
      ...[`api/v1/impact?host=${host}`, `api/v1/hosts/${host}`],
    ]);
  }
}
