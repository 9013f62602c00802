/** Who takes part: every process of DOTM leaves a sign of life in Redis every few seconds. */
import type { Logger } from "../logger.ts";
import { type Command, writeHash } from "./commands.ts";
import { ownKeys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import { runCommands } from "./run-commands.ts";
import { readHash } from "./whole-hashes.ts";

/** One process. */
export interface Member {
  /** Another one at each start. */
  readonly id: string;
  /** Machine and process number, `mon1/4711`. */
  readonly name: string;
  readonly roles: readonly string[];
  /** Whether its engine leads, as it said itself, and nobody since. */
  readonly leads: boolean;
  /** Unix seconds of its start and of its last sign of life. */
  readonly since: number;
  readonly at: number;
  readonly version: string;
  /** Where it answers. */
  readonly url: string;
}

/** Processes, those included that are gone since an hour or less. */
const MOST_MEMBERS = 10_000;

/** Seconds without a sign of life after which a process is forgotten. */
const FORGET_AFTER = 3_600;

/** The hash of members. All methods reject where Redis is away. */
export class Members {
  readonly #client: RedisClient;
  readonly #logger: Logger;
  #told = false;

  constructor(client: RedisClient, logger: Logger) {
    this.#client = client;
    this.#logger = logger;
  }

  /** Leaves a sign of life. */
  async sign({ id, ...rest }: Member): Promise<void> {
    await runCommands(this.#client, writeHash(ownKeys.members, [[id, JSON.stringify(rest)]]), this.#refused);
  }

  /** Takes a process off the list. */
  async leave(id: string): Promise<void> {
    await runCommands(this.#client, writeHash(ownKeys.members, [[id, null]]), this.#refused);
  }

  /** All that gave a sign of life within the last hour, by name; those that did not are taken off where `forget`. */
  async read(now: number, forget = false): Promise<Member[]> {
    const known: Member[] = [];
    const gone: string[] = [];
    const signs = await readHash(this.#client, ownKeys.members, MOST_MEMBERS, this.#refused);
    for (const [id, json] of Object.entries(signs)) {
      const member = memberFrom(id, json);
      if (member !== undefined && Math.abs(now - member.at) < FORGET_AFTER) {
        known.push(member);
      } else {
        gone.push(id);
      }
    }
    if (forget && gone.length > 0) {
      const fields = gone.map((id) => [id, null] as const);
      await runCommands(this.#client, writeHash(ownKeys.members, fields), this.#refused);
    }
    return onlyOneLeads(known).sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
  }

  readonly #refused = ({ key }: Command, reason: string): void => {
    if (!this.#told) {
      this.#told = true;
      this.#logger.warn({ key, reason }, "Redis key is not as DOTM left it: who takes part cannot be told");
    }
  };
}

/** Who was killed while leading cannot take back that it leads: the one that said so last does. */
function onlyOneLeads(members: readonly Member[]): Member[] {
  const last = Math.max(...members.map(({ leads, at }) => (leads ? at : 0)));
  return members.map(({ leads, ...rest }) => ({ leads: leads && rest.at === last, ...rest }));
}

function memberFrom(id: string, json: string): Member | undefined {
  try {
    const { name, roles, leads, since, at, version, url } = JSON.parse(json) as Partial<Member>;
    if (typeof name !== "string" || !Array.isArray(roles) || !isTime(at)) {
      return undefined;
    }
    return {
      id,
      name,
      roles: roles.map(String),
      leads: leads === true,
      since: isTime(since) ? since : 0,
      at,
      version: String(version),
      url: String(url),
    };
  } catch {
    return undefined;
  }
}

/** Whether it is a time that calendars know, in seconds. */
function isTime(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 8.64e12;
}
