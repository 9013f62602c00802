/** Sends commands to Redis: in batches, a few in flight, one refused command not stopping the others. */
import { Cluster } from "ioredis";
import { messageOf } from "../errors.ts";
import { type Answer, sendToCluster } from "./cluster-batch.ts";
import type { Command, Word } from "./commands.ts";
import { type Fence, FencedBatches, type Refusal } from "./fenced-batch.ts";
import { digestOf } from "./lua-scripts.ts";
import type { RedisClient } from "./redis.ts";
import { isOutage } from "./redis-errors.ts";

/** Told of a command Redis refused for itself alone (wrong type, …). */
export type OnRefused = (command: Command, reason: string) => void;

/**
 * Bounds of one batch, and batches sent before the first is answered. All of it together must be with Redis within two seconds
 * also where this process is busy, when only so much is sent at a time as the kernel keeps (some 200 kB).
 */
const BATCH_COMMANDS = 500;
const BATCH_BYTES = 256 * 1024;
const IN_FLIGHT = 4;

/** What a node of a cluster says to a script where it was not known for one. */
const ACROSS_SLOTS = /same slot|non local key|CROSSSLOT/;

/** What Redis says to a question that this user may not ask, or that it does not know. */
const NOT_ASKED = /^NOPERM\b|unknown (?:sub)?command/i;

/**
 * Sends commands in order, pipelined. An error of one command is told to `onRefused` and the rest goes on. With a fence
 * nothing is written once another holds the lease; in a cluster, where no script spans slots, it is not looked at.
 * @throws what the first command was rejected with that Redis could not serve at all (see `isOutage`)
 * @throws DotmError DOTM_LEASE_LOST
 */
export async function runCommands(
  client: RedisClient,
  commands: Iterable<Command>,
  onRefused: OnRefused,
  fence?: Fence,
): Promise<void> {
  const fenced = fence === undefined || client instanceof Cluster ? undefined : new FencedBatches(client, fence);
  const apart: Command[] = [];
  const refused: OnRefused = (command, reason) => {
    if (command.apart !== undefined && ACROSS_SLOTS.test(reason)) {
      apart.push(...command.apart());
    } else {
      onRefused(command, reason);
    }
  };
  const send = async (batch: readonly Command[]): Promise<void> => {
    tellRefused(batch, (await fenced?.send(batch)) ?? refusalsIn(await answersTo(client, batch)), refused);
  };
  const inFlight: Promise<unknown>[] = [];
  for (const batch of batches(client instanceof Cluster ? ofOneSlot(commands) : commands, BATCH_COMMANDS)) {
    const sending = send(batch);
    // It may fail before the one ahead of it is answered: until its turn comes nobody would hear of that, which ends a process.
    sending.catch(() => undefined);
    inFlight.push(sending);
    if (inFlight.length >= IN_FLIGHT) {
      await settleFirst(inFlight);
    }
  }
  while (inFlight.length > 0) {
    await settleFirst(inFlight);
  }
  if (apart.length > 0) {
    await runCommands(client, apart, onRefused, fence);
  }
}

/**
 * Runs steps one after the other, each a list of commands: over one connection, which keeps the order, without a pause in
 * between; in a cluster each once the one before it is answered.
 * @throws as `runCommands`
 */
export async function runSteps(
  client: RedisClient,
  steps: Iterable<readonly Command[]>,
  onRefused: OnRefused,
  fence?: Fence,
): Promise<void> {
  if (!(client instanceof Cluster)) {
    await runCommands(client, allOf(steps), onRefused, fence);
    return;
  }
  for (const step of steps) {
    await runCommands(client, step, onRefused, fence);
  }
}

function* allOf(steps: Iterable<readonly Command[]>): Generator<Command> {
  for (const step of steps) {
    yield* step;
  }
}

function* ofOneSlot(commands: Iterable<Command>): Generator<Command> {
  for (const command of commands) {
    yield* command.apart?.() ?? [command];
  }
}

/**
 * Sends reading commands, pipelined, and yields their answers in order, undefined for one that was refused.
 * `batchSize` commands are asked at once; choose few where answers are large.
 * @throws as `runCommands`
 */
export async function* askCommands(
  client: RedisClient,
  commands: Iterable<Command>,
  onRefused: OnRefused,
  batchSize = BATCH_COMMANDS,
): AsyncGenerator<unknown, void, void> {
  for (const batch of batches(commands, batchSize)) {
    const answers = await plainlyAnswered(client, batch, await answersTo(client, batch));
    tellRefused(batch, refusalsIn(answers), onRefused);
    for (const [error, value] of answers) {
      yield error === null ? value : undefined;
    }
  }
}

/** The answers, with those to a plainer question where another one was not let through. */
async function plainlyAnswered(
  client: RedisClient,
  batch: readonly Command[],
  answers: readonly Answer[],
): Promise<readonly Answer[]> {
  const plainer = answers.map(([error], at) =>
    error !== null && NOT_ASKED.test(messageOf(error)) ? batch[at]?.apart?.()[0] : undefined,
  );
  const asked = plainer.filter((command) => command !== undefined);
  const again = asked.length === 0 ? [] : [...(await answersTo(client, asked))];
  return answers.map((answer, at) => (plainer[at] === undefined ? answer : (again.shift() ?? answer)));
}

/** Asks one question; undefined where it was refused. @throws as `runCommands` */
export async function askOne(client: RedisClient, command: Command, onRefused: OnRefused): Promise<unknown> {
  return (await askAll(client, [command], onRefused))[0];
}

/** The answers of `askCommands` all together; for few, or small ones. */
export async function askAll(
  client: RedisClient,
  commands: Iterable<Command>,
  onRefused: OnRefused,
  batchSize = BATCH_COMMANDS,
): Promise<unknown[]> {
  const answers: unknown[] = [];
  for await (const answer of askCommands(client, commands, onRefused, batchSize)) {
    answers.push(answer);
  }
  return answers;
}

/** Asks for a list of names (members, fields); empty where there is none or the key is not ours. */
export async function askNames(client: RedisClient, command: Command, onRefused: OnRefused): Promise<string[]> {
  const answer = await askOne(client, command, onRefused);
  return Array.isArray(answer) ? answer.map(String) : [];
}

async function settleFirst(inFlight: Promise<unknown>[]): Promise<void> {
  const first = inFlight.shift();
  try {
    await first;
  } catch (error) {
    await Promise.allSettled(inFlight);
    throw error;
  }
}

function answersTo(client: RedisClient, batch: readonly Command[]): Promise<Answer[]> {
  return client instanceof Cluster ? sendToCluster(client, batch) : sendPipeline(client, batch);
}

function refusalsIn(answers: readonly Answer[]): Refusal[] {
  return [...answers.entries()].flatMap(([at, [error]]) => (error === null ? [] : [[at, error] as const]));
}

/** @throws the first error that is one of Redis as a whole */
function tellRefused(batch: readonly Command[], refusals: readonly Refusal[], onRefused: OnRefused): void {
  for (const [, error] of refusals) {
    if (isOutage(error)) {
      throw error;
    }
  }
  for (const [at, error] of refusals) {
    const command = batch[at];
    if (command !== undefined) {
      onRefused(command, messageOf(error));
    }
  }
}

async function sendPipeline(client: Exclude<RedisClient, Cluster>, batch: readonly Command[]): Promise<Answer[]> {
  return (await client.pipeline(briefly(batch)).exec()) ?? [];
}

/** The words of each command; a script goes by its digest once the batch has brought it along, as one connection keeps the order. */
function briefly(batch: readonly Command[]): Word[][] {
  const brought = new Map<Word | undefined, string>();
  return batch.map(({ words }) => {
    const [name, text, ...args] = words;
    if (name !== "eval" || typeof text !== "string") {
      return [...words];
    }
    const digest = brought.get(text);
    brought.set(text, digest ?? digestOf(text));
    return digest === undefined ? [...words] : ["evalsha", digest, ...args];
  });
}

function* batches(commands: Iterable<Command>, most: number): Generator<Command[]> {
  let batch: Command[] = [];
  let bytes = 0;
  for (const command of commands) {
    batch.push(command);
    bytes += size(command);
    if (batch.length >= most || bytes >= BATCH_BYTES) {
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) {
    yield batch;
  }
}

function size({ words }: Command): number {
  let sum = 0;
  for (const word of words) {
    sum += typeof word === "number" ? 8 : word.length;
  }
  return sum;
}
