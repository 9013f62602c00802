/** How far the clocks of agents are from ours, by the stamps of their stored reports. */
import type { Command } from "./commands.ts";
import { keys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands } from "./run-commands.ts";

/** One host's clock; `ahead` in seconds, negative where it is behind. */
export interface AgentClock {
  readonly host: string;
  readonly ahead: number;
}

/** Bytes in which the stamp ends: it stands in front of the report, see `dotm::reports::<node>`. */
const STAMP = 255;

/** Reads the stamps of these hosts; what has none is left out. */
export async function* agentClocks(
  client: RedisClient,
  hosts: readonly string[],
): AsyncGenerator<AgentClock, void, void> {
  const questions = hosts.map(
    (host): Command => ({ key: keys.report(host), words: ["getrange", keys.report(host), 0, STAMP] }),
  );
  let at = 0;
  for await (const answer of askCommands(client, questions, () => undefined)) {
    const host = hosts[at] ?? "";
    const ahead = typeof answer === "string" ? aheadOf(answer) : undefined;
    if (ahead !== undefined) {
      yield { host, ahead };
    }
    at += 1;
  }
}

/** From the stamp `{"receivedAt":Unix seconds,"sent":"ISO 8601"}`. */
function aheadOf(text: string): number | undefined {
  const [, received = "", sent = ""] = /\{"receivedAt":([\d.]+),"sent":"([^"]{1,40})"\}/.exec(text) ?? [];
  const ahead = Date.parse(sent) / 1000 - Number(received);
  return received === "" || Number.isNaN(ahead) ? undefined : ahead;
}
