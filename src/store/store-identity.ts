/** Which store this is: other processes that serve it, or one that was emptied, may lack what was written before. */
import { ownKeys } from "./keys.ts";
import { LONGEST_MARK, textCommand, textFrom } from "./long-values.ts";
import { type RedisClient, serverRunId } from "./redis.ts";
import { askOne } from "./run-commands.ts";

/** Another text where other processes serve the store than before, or who wrote the map has not written it there yet. */
export async function storeIdentity(client: RedisClient): Promise<string> {
  const command = textCommand(ownKeys.marker, LONGEST_MARK);
  const [servers, mark] = await Promise.all([serverRunId(client), askOne(client, command, () => undefined)]);
  return `${servers} ${textFrom(mark) ?? ""}`;
}
