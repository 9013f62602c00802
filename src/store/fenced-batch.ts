/**
 * Batches that only the holder of the lease can write: one script checks the lease and runs the batch in the same
 * moment of Redis, so that whoever was replaced while it slept writes nothing any more.
 */
import type { Cluster } from "ioredis";
import { DotmError, messageOf } from "../errors.ts";
import type { Command, Word } from "./commands.ts";
import { digestOf, fencedBatchText, scriptName } from "./lua-scripts.ts";
import type { RedisClient } from "./redis.ts";
import { replyError } from "./redis-errors.ts";
import { WireCommand } from "./wire-command.ts";

/** The lease and the token that it holds as long as it is ours. */
export interface Fence {
  readonly key: string;
  readonly token: string;
}

/** A command of a batch that was refused for itself alone, and why. */
export type Refusal = readonly [at: number, error: Error];

/** Sends batches over one connection, in order. */
export class FencedBatches {
  private readonly client: Exclude<RedisClient, Cluster>;
  private readonly fence: Fence;
  /** The first batch brings the script along; on one connection the others come after it. */
  private brought = false;

  constructor(client: Exclude<RedisClient, Cluster>, fence: Fence) {
    this.client = client;
    this.fence = fence;
  }

  /**
   * Sends a batch; resolves to what was refused of it.
   * @throws DotmError DOTM_LEASE_LOST where the lease holds another token; then nothing of the batch was written
   * @throws what the batch was rejected with as a whole
   */
  async send(batch: readonly Command[]): Promise<Refusal[]> {
    const { key, token } = this.fence;
    const wire = new WireCommand(this.brought ? "evalsha" : "eval");
    addAll(wire, [this.brought ? digestOf(fencedBatchText()) : fencedBatchText(), 1, key, token]);
    this.brought = true;
    for (const command of batch) {
      addCommand(wire, command);
    }
    try {
      return refusalsOf((await wire.send(this.client)) as readonly (string | number)[]);
    } catch (error) {
      throw /^LEASELOST\b/.test(messageOf(error)) ? leaseLost(key, error) : error;
    }
  }
}

function addCommand(wire: WireCommand, { words }: Command): void {
  const [name, text, ...args] = words;
  const script = name === "eval" ? scriptName(text) : undefined;
  wire.add(words.length);
  addAll(wire, script === undefined ? words : [name, script, ...args]);
}

function addAll(wire: WireCommand, words: readonly Word[]): void {
  for (const word of words) {
    wire.add(word);
  }
}

function refusalsOf(answer: readonly (string | number)[]): Refusal[] {
  const refusals: Refusal[] = [];
  for (let at = 0; at < answer.length; at += 2) {
    refusals.push([Number(answer[at]), replyError(String(answer[at + 1]))]);
  }
  return refusals;
}

function leaseLost(key: string, cause: unknown): DotmError {
  return new DotmError(
    "DOTM_LEASE_LOST",
    `another process writes the map now (${key} in Redis is no longer ours)`,
    "Nothing is to be done: this one takes over again when the other ends.",
    { cause },
  );
}
