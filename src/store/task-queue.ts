/**
 * The queue of tasks: any number of workers take them, and none is lost when a worker dies. Who takes a task moves it onto
 * a list of its own in the same moment; whoever notices that a worker gives no sign of life any more puts back what is there.
 */
import { type Command, scriptCommand, setText } from "./commands.ts";
import { keys, ownKeys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import { refuseForeign } from "./redis-errors.ts";
import { askOne } from "./run-commands.ts";
import type { Task, TaskStatus } from "./task.ts";

/** Bounds. */
export interface QueueLimits {
  /** Milliseconds without a sign of life after which a worker is dead. */
  readonly deadAfter: number;
  /** A task that was put back this often is set aside when its worker dies again. */
  readonly putBacks: number;
}

const LIMITS: QueueLimits = { deadAfter: 20_000, putBacks: 2 };

/** Seconds a result is kept. */
const RESULT_EXPIRE = 300;
/** Seconds Redis is asked to wait for a task: well below what counts as an outage. */
const WAIT = 1;
/** Tasks kept aside at most. */
const MOST_ASIDE = 1_000;

/** Tasks that one worker has, of which it takes one at a time, and workers: what is more is not ours and not looked at. */
const MOST_TAKEN = 1_000;
const MOST_WORKERS = 10_000;

/** How the queue is. */
export interface QueueState {
  readonly waiting: number;
  /** Workers that gave a sign of life and were not found dead. */
  readonly workers: number;
  /** Tasks set aside, the newest last. */
  readonly poison: number;
}

/** The queue. All methods reject where Redis is away. */
export class TaskQueue {
  readonly #client: RedisClient;
  readonly #limits: QueueLimits;

  constructor(client: RedisClient, limits: QueueLimits = LIMITS) {
    this.#client = client;
    this.#limits = limits;
  }

  /** Appends a task; its result is `pending` from then on. */
  async add(task: Task): Promise<void> {
    await this.#result(task, "pending", null);
    await this.#ask({ key: keys.queue, words: ["rpush", keys.queue, JSON.stringify(task)] });
  }

  /** Takes the next task as it was written, waiting a second for it; undefined where there is none. */
  async take(worker: string): Promise<string | undefined> {
    const own = ownKeys.queueProcessing(worker);
    const words = ["blmove", keys.queue, own, "LEFT", "RIGHT", WAIT] as const;
    return ((await this.#ask({ key: keys.queue, words })) as string | null) ?? undefined;
  }

  /** What a worker is about, where its last answer was lost. */
  async unfinished(worker: string): Promise<string[]> {
    const key = ownKeys.queueProcessing(worker);
    return ((await this.#ask({ key, words: ["lrange", key, 0, MOST_TAKEN - 1] })) as string[] | undefined) ?? [];
  }

  /** Says that a task is being worked on. */
  processing(task: Task): Promise<void> {
    return this.#result(task, "processing", null);
  }

  /** Keeps the result of a task and takes it off the worker's list. */
  async finish(worker: string, text: string, task: Task, result: unknown): Promise<void> {
    await this.#result(task, "ready", result);
    await this.#ask(scriptCommand("finish-task-2", [ownKeys.queueProcessing(worker), ownKeys.queueDeaths], [text]));
  }

  /**
   * Hands a task on that this worker cannot do, as the last in the queue. False where all workers there are said so: then
   * it is still this one's, to be finished.
   */
  async handOn(worker: string, text: string, task: Task): Promise<boolean> {
    const { queueWorkers, queueProcessing, queueDeaths } = ownKeys;
    const declined = [...new Set([...(task.declined ?? []), worker])];
    const workers = await this.#ask({ key: queueWorkers, words: ["zrange", queueWorkers, 0, MOST_WORKERS - 1] });
    if (((workers as string[] | undefined) ?? []).every((each) => declined.includes(each))) {
      return false;
    }
    await this.#result(task, "pending", null);
    const handed = JSON.stringify({ ...task, declined });
    await this.#ask(scriptCommand("hand-on-3", [queueProcessing(worker), queueDeaths, keys.queue], [text, handed]));
    return true;
  }

  /** Sets aside what is no task. */
  async setAside(worker: string, text: string, reason: string, now: number): Promise<void> {
    const key = ownKeys.queuePoison;
    await this.#ask({ key, words: ["rpush", key, JSON.stringify({ task: text, reason, at: Math.trunc(now) })] });
    await this.#ask({ key, words: ["ltrim", key, -MOST_ASIDE, -1] });
    await this.#ask(scriptCommand("finish-task-2", [ownKeys.queueProcessing(worker), ownKeys.queueDeaths], [text]));
  }

  /** Gives a sign of life and puts back what dead workers were about; how many tasks that were. */
  async beat(worker: string): Promise<number> {
    const { deadAfter, putBacks } = this.#limits;
    const dead = await this.#ask(scriptCommand("beat-worker-1", [ownKeys.queueWorkers], [worker, deadAfter]));
    let back = 0;
    for (const name of (dead as string[] | undefined) ?? []) {
      back += Number(await this.#ask(putBackCommand(name, [name, deadAfter, putBacks, MOST_ASIDE])));
    }
    return back;
  }

  /** Takes leave: what the worker was about is put back at once. */
  async leave(worker: string): Promise<void> {
    await this.#ask(putBackCommand(worker, [worker, 0, this.#limits.putBacks, MOST_ASIDE]));
  }

  /** How it is. */
  async state(): Promise<QueueState> {
    const [waiting, workers, poison] = [
      await this.#ask({ key: keys.queue, words: ["llen", keys.queue] }),
      await this.#ask({ key: ownKeys.queueWorkers, words: ["zcard", ownKeys.queueWorkers] }),
      await this.#ask({ key: ownKeys.queuePoison, words: ["llen", ownKeys.queuePoison] }),
    ];
    return { waiting: Number(waiting), workers: Number(workers), poison: Number(poison) };
  }

  async #result({ id }: Task, status: TaskStatus, result: unknown): Promise<void> {
    if (id !== null) {
      const value = JSON.stringify({ status, result: result ?? null });
      await this.#ask(setText(keys.queueResult(id), value, RESULT_EXPIRE));
    }
  }

  async #ask(command: Command): Promise<unknown> {
    return await askOne(this.#client, command, refuseForeign);
  }
}

function putBackCommand(worker: string, args: readonly (string | number)[]): Command {
  const { queueWorkers, queueProcessing, queueDeaths, queuePoison } = ownKeys;
  const all = [keys.queue, queueWorkers, queueProcessing(worker), queueDeaths, queuePoison] as const;
  return scriptCommand("put-back-5", all, [...args]);
}
