/** The role `engine`: waits for the lease, leads while it has it, and stands by again when it is lost. */

import { ownKeys } from "../../store/keys.ts";
import { Lease } from "../../store/lease.ts";
import type { Observed } from "../../store/observation-follower.ts";
import { type LeadingDeps, LeadingEngine } from "./leading-engine.ts";

/** What the role needs. */
export interface EngineRoleDeps extends Omit<LeadingDeps, "lease"> {
  /** Told at every change between leading and standing by. */
  readonly changed: () => void;
}

/** The role. */
export class EngineRole {
  readonly #deps: EngineRoleDeps;
  readonly #lease: Lease;
  #leading: LeadingEngine | undefined;
  /** What begins and ends, one after the other. */
  #work: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(deps: EngineRoleDeps) {
    this.#deps = deps;
    const { client, id, monotonic, logger } = deps;
    this.#lease = new Lease({
      ...{ client, token: id, monotonic, logger },
      onLead: () => this.#lead(),
      onLost: () => this.#standBy(),
      onRegained: () => this.#leading?.publisher.resume(),
    });
  }

  /** The engine while this process leads. */
  get leading(): LeadingEngine | undefined {
    return this.#leading;
  }

  /** Id of the process that leads; undefined where none is known. */
  get leader(): string | undefined {
    return this.#lease.leader;
  }

  /**
   * Asks for the lease and leads as soon as it is there. Resolves when it stands by, or leads and has begun.
   * `force`: whoever holds the lease is known to be dead.
   */
  async start(force: boolean): Promise<void> {
    await this.#lease.start(force);
    await this.#work;
  }

  /** Ends leading, gives the lease back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#standBy();
    await this.#work;
    await this.#lease.stop();
  }

  /** What other processes saw. */
  observed(entries: readonly Observed[]): void {
    this.#leading?.observed(entries);
  }

  /** Some of it may have been missed. */
  missed(): void {
    void this.#leading?.missed();
  }

  #lead(): void {
    if (this.#stopped) {
      return;
    }
    const lease = {
      fence: { key: ownKeys.leader, token: this.#deps.id },
      mayWrite: () => this.#lease.mayWrite,
      onLost: () => void this.#lease.ask(),
    };
    const leading = new LeadingEngine({ ...this.#deps, lease });
    this.#leading = leading;
    this.#then(() => leading.start());
    this.#deps.changed();
  }

  #standBy(): void {
    const leading = this.#leading;
    this.#leading = undefined;
    if (leading !== undefined) {
      // Not after its beginning: that may wait for a store that is away.
      this.#work = Promise.all([this.#work, this.#safely(() => leading.stop())]).then(() => undefined);
    }
    this.#deps.changed();
  }

  #then(task: () => Promise<void>): void {
    this.#work = this.#work.then(() => this.#safely(task));
  }

  async #safely(task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#deps.logger.error({ error }, "the engine could not change between leading and standing by");
    }
  }
}
