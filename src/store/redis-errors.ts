/** What goes wrong with Redis, told apart and put into words. */
import { DotmError, isFault, messageOf } from "../errors.ts";

/** Error answers that speak of the server's condition, not of the command (Redis, Sentinel and Cluster). */
const OUTAGE_REPLY =
  /^(?:LOADING|READONLY|MASTERDOWN|MISCONF|OOM|NOREPLICAS|BUSY|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOAUTH|WRONGPASS|NOPERM)\b/;

/**
 * Whether an error means that Redis as a whole cannot be used now, so that the same command may succeed later.
 * An error answer to one command (wrong type, syntax) does not, nor does a fault of our own.
 */
export function isOutage(error: unknown): boolean {
  return isReply(error) ? OUTAGE_REPLY.test(messageOf(error)) : !isFault(error);
}

/** Whether Redis refused something as it has no memory left, by what it said. */
export function isOutOfMemory(said: string | null): boolean {
  return said !== null && /^OOM\b/.test(said);
}

/**
 * The error people read for anything a command or connection was rejected with; `address` says which Redis. A fault of
 * our own stays what it is: whoever were told that Redis is away would look in the wrong place.
 */
export function storeError(error: unknown, address: string): Error {
  if (error instanceof DotmError || isFault(error)) {
    return error;
  }
  const message = messageOf(error);
  const options = { cause: error };
  if (/^(?:WRONGPASS|NOAUTH|NOPERM)\b|invalid username-password/i.test(message)) {
    const next = "Check redis.url, redis.username and redis.password_file.";
    return new DotmError("DOTM_STORE_UNREACHABLE", `Redis at ${address} refused the login (${message})`, next, options);
  }
  if (!isOutage(error)) {
    return new DotmError("DOTM_STORE_FAILED", `Redis at ${address} refused a command (${message})`, "", options);
  }
  const next = isReply(error) ? "See: dotm doctor" : "Start it or set redis.url. See: dotm doctor";
  return new DotmError("DOTM_STORE_UNREACHABLE", `Redis at ${address} ${reason(error)}`, next, options);
}

/** Throws where Redis refuses a command because its key holds what is not ours. */
export function refuseForeign(command: { readonly key: string }, reason: string): never {
  throw foreignKey(command, reason);
}

/** Says that a key holds what is not ours. */
export function foreignKey({ key }: { readonly key: string }, reason: string): DotmError {
  return new DotmError("DOTM_STORE_FAILED", `${key} in Redis is not DOTM's (${reason}).`, `redis-cli type ${key}`);
}

/** What a task gives; rejects with `storeError` of what it is rejected with. */
export async function orStoreError<T>(task: Promise<T>, address: string): Promise<T> {
  try {
    return await task;
  } catch (error) {
    throw storeError(error, address);
  }
}

/** An error answer to one command, as the client makes them. */
export function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: "ReplyError" });
}

function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === "ReplyError";
}

function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED" || code === "ENOENT") {
    return `refused (${code}).`;
  }
  const message = messageOf(error);
  if (/Command timed out|ETIMEDOUT/.test(message)) {
    return `did not answer in time (${message}).`;
  }
  if (/isn't (?:writeable|ready)|connection (?:is )?close|max retries/i.test(message)) {
    return "is not connected.";
  }
  return isReply(error) ? `cannot be used now (${message}).` : `is unreachable (${message}).`;
}
