/** Hosts that people add while DOTM runs: looked for every few seconds. */
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { AddedHost } from "../store/added-hosts.ts";

/** Milliseconds between two looks. */
const EVERY = 2_000;

/** Follows the list from `start` to `stop`; it is told at each look, so that who may ask hosts can change. */
export class AddedHostsFollower {
  readonly #hosts: { list(): Promise<readonly AddedHost[]> };
  readonly #told: (added: readonly AddedHost[]) => void;
  readonly #logger: Logger;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;

  constructor(
    hosts: { list(): Promise<readonly AddedHost[]> },
    told: (added: readonly AddedHost[]) => void,
    logger: Logger,
  ) {
    this.#hosts = hosts;
    this.#told = told;
    this.#logger = logger;
  }

  /** Begins to look. */
  start(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), EVERY);
  }

  /** Ends looking. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  #look(): void {
    this.#looking ??= this.#hosts
      .list()
      .then(this.#told)
      .catch((error: unknown) => {
        this.#logger.debug({ error: messageOf(error) }, "added hosts could not be read; the last ones hold");
      })
      .finally(() => {
        this.#looking = undefined;
      });
  }
}
