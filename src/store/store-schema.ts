/** The version of what a store holds: what an older DOTM wrote is taken over, what a newer one wrote is left alone. */
import { DotmError, messageOf } from "../errors.ts";
import { type Command, scriptCommand } from "./commands.ts";
import { isHostPart, ownKeys } from "./keys.ts";
import { LONGEST_MARK, MOST_INDEXED, membersOfSet, textFrom } from "./long-values.ts";
import type { RedisClient } from "./redis.ts";
import { isOutage } from "./redis-errors.ts";
import type { OnRefused } from "./run-commands.ts";

/**
 * The version this program writes. Versions before 1, and the original DOTM, wrote none. 2: the index of a host's
 * connections is a hash, no set.
 */
export const SCHEMA_VERSION = 2;

/**
 * Refuses a store that a newer DOTM wrote; a store without a version is as good as empty, original or older.
 * @throws DotmError DOTM_STORE_NEWER; what the command was rejected with where Redis cannot be used
 */
export async function demandKnownSchema(client: RedisClient, address: string): Promise<void> {
  const found = Number(await readSchema(client));
  if (found > SCHEMA_VERSION) {
    throw new DotmError(
      "DOTM_STORE_NEWER",
      `The store at ${address} was written by a newer DOTM (schema ${found}, this one knows ${SCHEMA_VERSION}).`,
      "Update this DOTM, or give it another store: redis.url or data_dir.",
    );
  }
}

/** What stands at the key; null for nothing, undefined where it is of another type and so not ours. */
async function readSchema(client: RedisClient): Promise<string | null | undefined> {
  try {
    return textFrom(await client.getrange(ownKeys.schema, 0, LONGEST_MARK)) ?? null;
  } catch (error) {
    if (isOutage(error) || !messageOf(error).startsWith("WRONGTYPE")) {
      throw error;
    }
    return undefined;
  }
}

/** Whether nothing of ours was ever written there. */
export async function isUnmarked(client: RedisClient): Promise<boolean> {
  const [schema, marker] = [await readSchema(client), await client.exists(ownKeys.marker)];
  return schema === null && marker === 0;
}

/** Commands by which what an older DOTM keeps there becomes as this one keeps it; none where nothing is. */
export async function migrationCommands(client: RedisClient, onRefused: OnRefused): Promise<Command[]> {
  if ((await readSchema(client)) !== "1") {
    return [];
  }
  const nodes = await membersOfSet(client, ownKeys.index("connections"), MOST_INDEXED, onRefused);
  return nodes.filter(isHostPart).map((node) => scriptCommand("set-to-hash-1", [ownKeys.connectionsOf(node)], []));
}
