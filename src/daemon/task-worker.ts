/** Takes tasks off the queue, one at a time, and does them. */
import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { type Task, taskFrom } from "../store/task.ts";
import type { TaskQueue } from "../store/task-queue.ts";

/** Thrown where this worker cannot do a task that another one may: says why, in words for people. */
export class NotHere extends Error {}

/** What can be done, by name; rejects with why it could not, in words for people. */
export type TaskFunctions = Readonly<Record<string, (args: Task["args"], kwargs: Task["kwargs"]) => Promise<unknown>>>;

/** What a worker needs. */
export interface TaskWorkerDeps {
  /** Id of this worker. */
  readonly id: string;
  /** Over a connection that waits in Redis most of the time. */
  readonly taking: Pick<TaskQueue, "take">;
  readonly queue: Omit<TaskQueue, "take">;
  readonly functions: TaskFunctions;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  readonly times?: WorkerTimes;
}

/** Milliseconds. */
export interface WorkerTimes {
  /** Between two signs of life. */
  readonly beat: number;
  /** Before the next attempt where Redis is away. */
  readonly pause: number;
}

const TIMES: WorkerTimes = { beat: 5_000, pause: 500 };

/** The worker, from `start` to `stop`. */
export class TaskWorker {
  readonly #deps: TaskWorkerDeps;
  readonly #times: WorkerTimes;
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #running: Promise<void> | undefined;
  /** What is being done. */
  #current: Task | undefined;
  /** Tasks done since the start, whatever their result. */
  done = 0;

  constructor(deps: TaskWorkerDeps) {
    this.#deps = deps;
    this.#times = deps.times ?? TIMES;
  }

  /** Begins. */
  start(): void {
    this.#timer = setInterval(() => void this.#beat(), this.#times.beat);
    this.#running = this.#run();
  }

  /** Finishes what it is about and takes leave. */
  async stop(): Promise<void> {
    this.#end.abort();
    clearInterval(this.#timer);
    await this.#running;
    await this.#beating;
    await this.#deps.queue.leave(this.#deps.id).catch(() => undefined);
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    let told = false;
    while (!signal.aborted) {
      try {
        await this.#work(signal);
      } catch (error) {
        if (!told && !signal.aborted) {
          told = true;
          this.#deps.logger.warn({ error: messageOf(error) }, "no tasks can be taken; trying again");
        }
        await delay(this.#times.pause, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  /** Takes one task after the other until it is told to end. */
  async #work(signal: AbortSignal): Promise<void> {
    const { id, queue, taking } = this.#deps;
    // A sign of life before anything is taken: whoever dies without one is never missed.
    await queue.beat(id);
    for (const text of await queue.unfinished(id)) {
      await this.#do(text);
    }
    while (!signal.aborted) {
      const text = await taking.take(id);
      if (text !== undefined) {
        await this.#do(text);
      }
    }
  }

  async #do(text: string): Promise<void> {
    const { id, queue, logger, now } = this.#deps;
    const task = taskFrom(text);
    if (task === undefined) {
      logger.warn({ task: text.slice(0, 200) }, "what stands in the queue is no task; it is set aside");
      await queue.setAside(id, text, "it is no task", now());
      return;
    }
    this.#current = task;
    await queue.processing(task);
    const result = await this.#resultOf(task);
    // From here on a sign of life must not say that it is still going on.
    this.#current = undefined;
    if (result instanceof NotHere && (await this.#handOn(text, task))) {
      return;
    }
    await queue.finish(id, text, task, result instanceof NotHere ? { error: result.message } : result);
    this.done++;
  }

  /** Whether somebody else may do a task. */
  async #handOn(text: string, task: Task): Promise<boolean> {
    const { id, queue } = this.#deps;
    if (task.declined?.includes(id) === true) {
      // The one who can do it is busy: the task comes back as long as nobody else is there to take it.
      await delay(this.#times.pause, undefined, { signal: this.#end.signal }).catch(() => undefined);
    }
    return await queue.handOn(id, text, task);
  }

  async #resultOf({ fn, args, kwargs }: Task): Promise<unknown> {
    const { functions, logger } = this.#deps;
    const wanted = Object.hasOwn(functions, fn) ? functions[fn] : undefined;
    if (wanted === undefined) {
      logger.warn({ fn }, "a task asks for what nobody here can do");
      return { error: `there is no task ${fn}; there are: ${Object.keys(functions).join(", ")}` };
    }
    try {
      return await wanted(args, kwargs);
    } catch (error) {
      if (error instanceof NotHere) {
        return error;
      }
      logger.warn({ fn, error: messageOf(error) }, "a task failed");
      return { error: messageOf(error) };
    }
  }

  async #beat(): Promise<void> {
    this.#beating ??= this.#beatOnce().finally(() => {
      this.#beating = undefined;
    });
    await this.#beating;
  }

  async #beatOnce(): Promise<void> {
    const { queue, id, logger } = this.#deps;
    try {
      const back = await queue.beat(id);
      if (back > 0) {
        logger.warn({ tasks: back }, "a worker died; what it was about is put back");
      }
      if (this.#current !== undefined) {
        await queue.processing(this.#current);
      }
    } catch (error) {
      logger.debug({ error: messageOf(error) }, "no sign of life could be given to the queue");
    }
  }
}
