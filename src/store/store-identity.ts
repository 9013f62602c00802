/** Which store this is: other processes that serve it, or one that was emptied, may lack what was written before. */
import { ownKeys } from "./keys.ts";
import { type RedisClient, serverRunId } from "./redis.ts";
import { askOne } from "./run-commands.ts";

/** Another text where other processes serve the store than before, or who wrote the map has not written it there yet. */
export async function storeIdentity(client: RedisClient): Promise<string> {
  const command = { key: ownKeys.marker, words: ["get", ownKeys.marker] } as const;
  const [servers, mark] = await Promise.all([serverRunId(client), askOne(client, command, () => undefined)]);
  return `${servers} ${mark === null || mark === undefined ? "" : String(mark)}`;
}
