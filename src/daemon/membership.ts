/** This process' place among all that take part: signs of life, and who the others are. */
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Member, Members } from "../store/members.ts";

/** What it needs. */
export interface MembershipDeps {
  readonly members: Pick<Members, "sign" | "leave" | "read">;
  /** This process as it is now. */
  readonly self: () => Member;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Milliseconds between two signs of life. */
const EVERY = 5_000;

/** The place. `start` gives the first sign, `stop` takes leave. */
export class Membership {
  readonly #deps: MembershipDeps;
  readonly #names = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #begun = false;
  #signing: Promise<void> | undefined;

  constructor(deps: MembershipDeps) {
    this.#deps = deps;
  }

  /** Name of a process by its id; the id where it is not known. */
  nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }

  /** Begins. */
  async start(): Promise<void> {
    this.#begun = true;
    this.#timer = setInterval(() => void this.sign(), EVERY);
    await this.sign();
  }

  /** Gives a sign of life, between beginning and leave. Never rejects. */
  async sign(): Promise<void> {
    if (!this.#begun) {
      return;
    }
    this.#signing ??= this.#sign().finally(() => {
      this.#signing = undefined;
    });
    await this.#signing;
  }

  /** Takes leave. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#begun = false;
    await this.#signing;
    await this.#deps.members.leave(this.#deps.self().id).catch(() => undefined);
  }

  async #sign(): Promise<void> {
    const { members, self, logger, now } = this.#deps;
    try {
      const me = self();
      await members.sign(me);
      for (const { id, name } of await members.read(now(), me.leads)) {
        this.#names.set(id, name);
      }
    } catch (error) {
      logger.debug({ error: messageOf(error) }, "no sign of life could be given");
    }
  }
}
