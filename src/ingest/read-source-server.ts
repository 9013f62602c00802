/** Runs a source until it has said everything once, to see what a server says before it is configured. */

import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { SourceHealth, SourceObservation } from "../model/monitoring.ts";
import { type AskedConfig, createSource } from "./create-source.ts";
import { NOTHING_READ, type SourceReading } from "./source-reading.ts";
import { ToldStatuses } from "./told-statuses.ts";

/** How a server is asked. */
export interface ServerQuestion {
  readonly config: AskedConfig;
  /** Seconds after which it is given up. */
  readonly timeout: number;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

/**
 * What the server says.
 * @throws DotmError DOTM_SOURCE_UNREADABLE with the cause and the fix where it says nothing
 */
export async function readSourceServer({ config, timeout, logger, now }: ServerQuestion): Promise<SourceReading> {
  const said = new Said();
  const source = createSource(config, { sink: (observation) => said.take(observation), logger, now });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const next = "Look whether it is busy, or give it longer: --timeout SECONDS";
    const error = new DotmError("DOTM_SOURCE_UNREADABLE", `nothing came within ${timeout} s`, next);
    timer = setTimeout(() => reject(error), timeout * 1000);
  });
  try {
    source.start().catch((error: unknown) => said.fail(messageOf(error)));
    const health = await Promise.race([said.word, late]);
    if (!health.ok) {
      throw new DotmError("DOTM_SOURCE_UNREADABLE", health.error ?? "it cannot be read");
    }
    return said.reading(health);
  } finally {
    clearTimeout(timer);
    await source.stop();
  }
}

/** What was said so far. */
class Said {
  readonly #statuses = new ToldStatuses();
  #told: Partial<SourceReading> = {};
  #resolve: (health: SourceHealth) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  /** The first word on how the source is: all it had to say was said before. */
  readonly word = new Promise<SourceHealth>((resolve, reject) => {
    this.#resolve = resolve;
    this.#reject = reject;
  });

  take(observation: SourceObservation): void {
    switch (observation.kind) {
      case "states":
        this.#statuses.takeSome(observation.statuses);
        this.#statuses.forget(observation.gone);
        break;
      case "objects":
        this.#told = { ...this.#told, hosts: observation.hosts, checks: observation.checks };
        break;
      case "notes":
        this.#told = { ...this.#told, comments: observation.comments, downtimes: observation.downtimes };
        break;
      case "health":
        this.#resolve(observation);
    }
  }

  fail(cause: string): void {
    this.#reject(new DotmError("DOTM_SOURCE_UNREADABLE", cause));
  }

  reading({ type, asOf }: SourceHealth): SourceReading {
    return { ...NOTHING_READ, format: type, asOf, statuses: [...this.#statuses.all()], ...this.#told };
  }
}
