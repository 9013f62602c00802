/** What people write is safe before they are told so, also where the daemon keeps the store's content itself. */
import { setTimeout as delay } from "node:timers/promises";
import { DotmError } from "../errors.ts";
import { ownKeys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import type { StoreOptions } from "./store-place.ts";

/** Milliseconds until it must be on the disk, and between two looks. */
const PATIENCE = 5_000;
const LOOK_EVERY = 10;

/**
 * Resolves when everything that was written over this connection before would be there after any crash. Redis and Valkey
 * see to that themselves.
 * @throws DotmError DOTM_STORE_FAILED where the daemon does not keep it in time
 */
export async function untilKept(
  client: RedisClient,
  { keptByDaemon }: StoreOptions,
  patience = PATIENCE,
): Promise<void> {
  if (keptByDaemon !== true) {
    return;
  }
  const asked = await client.incr(ownKeys.saveAsked);
  const deadline = performance.now() + patience;
  while (Number((await client.get(ownKeys.saved)) ?? 0) < asked) {
    if (performance.now() > deadline) {
      throw new DotmError(
        "DOTM_STORE_FAILED",
        `It is written, but was not on the disk within ${patience / 1_000} s: a crash now would take it back.`,
        "See the log of the daemon: is its disk full?",
      );
    }
    await delay(LOOK_EVERY);
  }
}
