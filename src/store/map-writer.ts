/** Writes what the engine changed into Redis: only what is given, pipelined, never touching what is not ours. */

import type { Logger } from "../logger.ts";
import { type Changes, emptyChanges } from "../model/changes.ts";
import { commandsOf } from "./change-commands.ts";
import { partsOf } from "./change-parts.ts";
import { type Command, setText, writeHash } from "./commands.ts";
import type { Fence } from "./fenced-batch.ts";
import type { HistoryLog } from "./history-log.ts";
import { CHECKS_EXPIRE, type IndexKind, isHostPart, keys, ownKeys } from "./keys.ts";
import { leftoverCommands } from "./leftovers.ts";
import { LONGEST_MARK, MOST_INDEXED, membersOfSet, textCommand } from "./long-values.ts";
import { impactKeys } from "./ranked-impacts.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands, askOne, type OnRefused, runCommands, runSteps } from "./run-commands.ts";
import { migrationCommands, SCHEMA_VERSION } from "./store-schema.ts";

const CHECKS_OF_HOST = { kind: "host-checks", keyOf: keys.hostCheck } as const;
const CHECKS_OF_SERVICES = { kind: "service-checks", keyOf: keys.serviceChecks } as const;

/** Keys of hosts that are there as long as an index names them, one for each host. */
const LASTING = [
  { kind: "graphs", keyOf: ownKeys.graph },
  { kind: "notes", keyOf: ownKeys.notes },
] as const;

function existsCommand(key: string): Command {
  return { key, words: ["exists", key] };
}

/** Names remembered as already complained about. */
const MOST_COMPLAINTS = 10_000;

/** What a writer can work with. */
export interface WriterCompanions {
  readonly fence?: Fence | undefined;
  readonly history?: HistoryLog | undefined;
}

/** Writes changes over one connection. Rejects only where Redis cannot be used at all, or the lease is lost; writing again is safe. */
export class MapWriter {
  private readonly client: RedisClient;
  private readonly logger: Logger;
  private readonly fence: Fence | undefined;
  private readonly history: HistoryLog | undefined;
  private readonly complained = new Set<string>();

  /** With a fence nothing is written once another holds the lease; a history is told what is written. */
  constructor(client: RedisClient, logger: Logger, beside: WriterCompanions = {}) {
    this.client = client;
    this.logger = logger;
    this.fence = beside.fence;
    this.history = beside.history;
  }

  /** Brings Redis from before the changes to after them. */
  async write(changes: Changes): Promise<void> {
    await this.bring({ ...changes, events: [] });
    await this.history?.append(changes, this.onRefused);
    await this.tell(changes);
  }

  /**
   * Writes the whole picture and removes what a former one left behind. Remembered connections, listeners and reports
   * that `everything` does not name stay: they are what a picture is made from, not part of it.
   */
  async rewrite(everything: Changes): Promise<void> {
    // Told before and after: neither a moment nor a snapshot in between is to be trusted.
    await this.history?.startAnew(this.onRefused);
    await this.run(await migrationCommands(this.client, this.onRefused));
    await this.bring({ ...everything, events: [] });
    for await (const step of leftoverCommands(this.client, everything, this.onRefused)) {
      await this.run(step);
    }
    await this.history?.startAnew(this.onRefused);
    await this.tell(everything);
  }

  /** Gives the checks another hour; false where some of what should be there has vanished: checks, graphs, notes, impacts. */
  async renew(): Promise<boolean> {
    const renewals: Command[] = [];
    for (const { kind, keyOf } of [CHECKS_OF_HOST, CHECKS_OF_SERVICES]) {
      const keysOfKind = await this.indexed(kind, keyOf);
      renewals.push(...keysOfKind.map((key) => ({ key, words: ["expire", key, CHECKS_EXPIRE] as const })));
    }
    for (const { kind, keyOf } of LASTING) {
      renewals.push(...(await this.indexed(kind, keyOf)).map(existsCommand));
    }
    renewals.push(...(await impactKeys(this.client, this.onRefused)).map(existsCommand));
    let complete = true;
    for await (const renewed of askCommands(this.client, renewals, this.onRefused)) {
      complete &&= renewed !== 0;
    }
    return complete;
  }

  private async indexed(kind: IndexKind, keyOf: (host: string) => string): Promise<string[]> {
    const hosts = await membersOfSet(this.client, ownKeys.index(kind), MOST_INDEXED, this.onRefused);
    return hosts.filter(isHostPart).map(keyOf);
  }

  /** Leaves the mark by which a flushed or exchanged store is noticed, and the version; false where the mark's key is not ours. */
  async mark(marker: string): Promise<boolean> {
    const commands = [setText(ownKeys.schema, `${SCHEMA_VERSION}`), setText(ownKeys.marker, marker)];
    let taken = true;
    await runCommands(
      this.client,
      commands,
      (refused, reason) => {
        taken &&= refused.key !== ownKeys.marker;
        this.onRefused(refused, reason);
      },
      this.fence,
    );
    return taken;
  }

  /** The mark last left by anybody, null for none, undefined where that key is not ours. */
  async readMark(): Promise<string | null | undefined> {
    const answer = await askOne(this.client, textCommand(ownKeys.marker, LONGEST_MARK), this.onRefused);
    return answer === "" ? null : (answer as string | undefined);
  }

  /** Tells readers that the engine lives; `at` in Unix seconds. */
  async signLife(at: number): Promise<void> {
    await this.run(writeHash(ownKeys.alive, [["at", Math.trunc(at)]]));
  }

  private run(commands: Iterable<Command>): Promise<void> {
    return runCommands(this.client, commands, this.onRefused, this.fence);
  }

  private bring(changes: Changes): Promise<void> {
    return runSteps(this.client, this.stepsOf(changes), this.onRefused, this.fence);
  }

  private *stepsOf(changes: Changes): Generator<readonly Command[]> {
    for (const part of partsOf(changes)) {
      const { steps, refused } = commandsOf(part);
      for (const [name, reason] of refused) {
        this.complain(name, { name, reason }, "Not stored");
      }
      yield* steps;
    }
  }

  /** Events come last: whoever hears of something can see it, in the present and in the past. */
  private async tell({ at, events }: Changes): Promise<void> {
    await this.bring({ ...emptyChanges(at), events });
  }

  private readonly onRefused: OnRefused = ({ key }, reason) => {
    this.complain(key, { key, reason }, "Redis key is not as DOTM left it; skipped, the rest is written");
  };

  private complain(subject: string, fields: object, message: string): void {
    if (!this.complained.has(subject) && this.complained.size < MOST_COMPLAINTS) {
      this.complained.add(subject);
      this.logger.warn(fields, message);
    }
  }
}
