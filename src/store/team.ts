/** Who works on the map, and how the queue of tasks is: for readers. */
import type { Logger } from "../logger.ts";
import { type Member, Members } from "./members.ts";
import type { RedisClient } from "./redis.ts";
import { orStoreError } from "./redis-errors.ts";
import { type StoreOptions, storeAddress } from "./store-place.ts";
import { type QueueState, TaskQueue } from "./task-queue.ts";

/** What can be asked. All reject with DOTM_STORE_UNREACHABLE where Redis is away. */
export interface TeamReader {
  /** Processes that gave a sign of life within the last hour, the oldest first. `now` in Unix seconds. */
  members(now: number): Promise<Member[]>;
  queue(): Promise<QueueState>;
}

/** Reads over one connection. */
export class Team implements TeamReader {
  readonly #members: Members;
  readonly #queue: TaskQueue;
  readonly #address: string;

  constructor(client: RedisClient, options: StoreOptions, logger: Logger) {
    this.#members = new Members(client, logger);
    this.#queue = new TaskQueue(client);
    this.#address = storeAddress(options);
  }

  members(now: number): Promise<Member[]> {
    return orStoreError(this.#members.read(now), this.#address);
  }

  queue(): Promise<QueueState> {
    return orStoreError(this.#queue.state(), this.#address);
  }
}
