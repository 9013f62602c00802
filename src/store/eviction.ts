/** Notices a Redis that throws keys away where its memory is full: what is on the map could vanish without a word. */
import { Cluster } from "ioredis";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { RedisClient } from "./redis.ts";

/** Looks at every connection made; tells once, and again where it is another policy. */
export class EvictionWatch {
  readonly #client: RedisClient;
  readonly #logger: Logger;
  #fault: string | null = null;

  constructor(client: RedisClient, logger: Logger) {
    this.#client = client;
    this.#logger = logger;
  }

  /** What is wrong, for people; null where nothing is known to be. */
  get fault(): string | null {
    return this.#fault;
  }

  /** Begins; a connection that stands already is looked at, too. */
  start(): void {
    this.#client.on("ready", this.#look);
    if (this.#client.status === "ready") {
      this.#look();
    }
  }

  /** Ends. */
  stop(): void {
    this.#client.off("ready", this.#look);
  }

  readonly #look = (): void => {
    this.#ask().then(
      (fault) => this.#tell(fault),
      (error: unknown) => this.#logger.debug({ error: messageOf(error) }, "it is not known what Redis throws away"),
    );
  };

  async #ask(): Promise<string | null> {
    const servers = this.#client instanceof Cluster ? this.#client.nodes("master") : [this.#client];
    const infos = await Promise.all(servers.map((server) => server.info("memory")));
    return infos.map(evictionFault).find((fault) => fault !== null) ?? null;
  }

  #tell(fault: string | null): void {
    if (fault !== null && fault !== this.#fault) {
      this.#logger.warn({ fault }, "Redis may throw away keys of the map");
    }
    this.#fault = fault;
  }
}

/** What is wrong by what `INFO memory` says; null where nothing is, or it does not say. */
function evictionFault(info: string): string | null {
  const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? "noeviction";
  const limit = Number(/^maxmemory:(\d+)/m.exec(info)?.[1] ?? 0);
  return policy === "noeviction" || limit === 0
    ? null
    : `maxmemory-policy is ${policy}: at ${Math.round(limit / 2 ** 20)} MiB Redis throws keys away, and parts of the map vanish. Set: maxmemory-policy noeviction`;
}
