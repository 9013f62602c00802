/** Pushes that other processes acknowledged, taken in by the engine that leads, and what it keeps of them for the next one. */
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../errors.ts";
import type { PushedCopy } from "../ingest/push-source.ts";
import type { Logger } from "../logger.ts";
import { SharedRun } from "../shared-run.ts";
import type { ListedPush, PushList } from "../store/push-list.ts";
import type { PushIntake } from "./push-intake.ts";

/** What it needs. */
export interface RelayedDeps {
  readonly list: PushList;
  readonly pushes: () => PushIntake;
  /** Whether this engine holds the lease: in a cluster nothing else keeps it from taking off what is the next one's. */
  readonly mayWrite: () => boolean;
  readonly logger: Logger;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Milliseconds before another attempt. */
const AGAIN = 1_000;

/** Takes what waits, in order. */
export class RelayedPushes {
  readonly #deps: RelayedDeps;
  #taking: Promise<void> | undefined;
  #again = false;
  /** Whether the copies may be gone from the store. */
  #lost = false;
  /** Why pushes could not be taken in, as it was told last. */
  #told = "";
  /** Texts that could not be kept in the store yet, by source. */
  readonly #unsaved = new Map<string, string>();
  /** Pushes that came together left one text for all of them. */
  readonly #saves = new SharedRun(() => this.#saveAll());

  constructor(deps: RelayedDeps) {
    this.#deps = deps;
  }

  /** Takes in what waits. */
  take(): void {
    this.#again = true;
    this.#taking ??= this.#takeAll().finally(() => {
      this.#taking = undefined;
    });
  }

  /** The store may have lost the copies: they are kept again. */
  keepAgain(): void {
    this.#lost = true;
    this.take();
  }

  /** Resolves when nothing is being taken in. */
  async settled(): Promise<void> {
    await this.#taking;
  }

  /** Where a source keeps its states for the next leader. */
  copyOf(source: string): PushedCopy {
    const { list, logger } = this.#deps;
    return {
      load: () => list.kept(source),
      save: async (text) => {
        this.#unsaved.set(source, text);
        await this.#saves.run().catch((error: unknown) => {
          logger.debug({ source, error: messageOf(error) }, "pushed states are on the disk, and not in Redis yet");
          this.take();
        });
      },
    };
  }

  async #takeAll(): Promise<void> {
    const { signal } = this.#deps;
    while (this.#again && !signal.aborted) {
      this.#again = false;
      try {
        await this.#saves.run();
        await this.#saveLost();
        await this.#takeListed();
        this.#told = "";
      } catch (error) {
        this.#again = true;
        this.#tell(messageOf(error));
        await delay(AGAIN, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Each reason once: what was acknowledged is not seen before somebody does something about it. */
  #tell(error: string): void {
    const level = error === this.#told ? "debug" : "warn";
    this.#told = error;
    this.#deps.logger[level]({ error }, "pushes of others cannot be taken in; trying again");
  }

  async #saveLost(): Promise<void> {
    if (!this.#lost) {
      return;
    }
    this.#lost = false;
    try {
      for (const source of this.#deps.pushes().begun()) {
        await source.copyAgain();
      }
    } catch (error) {
      this.#lost = true;
      throw error;
    }
  }

  async #takeListed(): Promise<void> {
    const { list, signal } = this.#deps;
    for (let listed = await list.next(); listed.length > 0 && !signal.aborted; listed = await list.next()) {
      let taken = 0;
      while (taken < listed.length && (await this.#takeOne(listed[taken]))) {
        taken += 1;
      }
      this.#mustLead();
      await list.done(listed.slice(0, taken));
      if (taken < listed.length) {
        throw new Error("a source cannot take what was pushed to it");
      }
    }
  }

  /** False where it must be taken later: its source has not begun, or cannot keep it. */
  async #takeOne(listed: ListedPush | undefined): Promise<boolean> {
    const push = listed?.push;
    if (push === undefined) {
      return true;
    }
    const pushes = this.#deps.pushes();
    if (pushes.addressed(push.source) === undefined) {
      this.#deps.logger.warn(
        { source: push.source },
        "something was pushed to a source that this engine does not know; left out",
      );
      return true;
    }
    const source = pushes.find(push.source);
    return source !== undefined && (await source.take(push.format, push.text, push.at)).status !== 503;
  }

  #mustLead(): void {
    if (!this.#deps.mayWrite()) {
      throw new Error("the lease has lapsed");
    }
  }

  async #saveAll(): Promise<void> {
    for (const [source, text] of this.#unsaved) {
      this.#mustLead();
      await this.#deps.list.keep(source, text);
      if (this.#unsaved.get(source) === text) {
        this.#unsaved.delete(source);
      }
    }
  }
}
