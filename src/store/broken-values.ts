/** Finds values under our names that are of the right type and yet not what DOTM writes, by the list of hosts. */
import { gunzipSync } from "node:zlib";
import type { Command } from "./commands.ts";
import { isHostPart, keys, ownKeys } from "./keys.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands, askNames } from "./run-commands.ts";

/** One such key. */
export interface BrokenValue {
  readonly key: string;
  /** What is wrong: "is no JSON". */
  readonly reason: string;
}

/** Values asked for at once: they can be large. */
const AT_ONCE = 80;

/** The largest report DOTM takes, inflated. */
const LARGEST_REPORT = 8 << 20;

/**
 * All of them, as they are found. `mayGoOn` is asked before each value: a large store takes longer than people wait.
 * @throws what Redis rejects with where it cannot be used
 */
export async function* brokenValues(
  client: RedisClient,
  mayGoOn: () => boolean,
): AsyncGenerator<BrokenValue, void, void> {
  const hosts = await askNames(client, { key: keys.nodes, words: ["lrange", keys.nodes, 0, -1] }, ignore);
  const questions = hosts.filter(isHostPart).flatMap(ofHost);
  let at = 0;
  for await (const answer of askCommands(client, questions, ignore, AT_ONCE)) {
    if (!mayGoOn()) {
      return;
    }
    const key = questions[at]?.key ?? "";
    const reason = Buffer.isBuffer(answer) ? reportFault(answer) : textFault(answer);
    if (reason !== undefined) {
      yield { key, reason };
    }
    at += 1;
  }
}

function ofHost(host: string): Command[] {
  const texts = [ownKeys.graph(host), ownKeys.notes(host), keys.hostCheck(host)];
  const report = keys.report(host);
  return [
    ...texts.map((key): Command => ({ key, words: ["get", key] })),
    { key: report, words: ["getBuffer", report] },
  ];
}

function reportFault(gzip: Buffer): string | undefined {
  try {
    return jsonFault(gunzipSync(gzip, { maxOutputLength: LARGEST_REPORT }).toString("utf8"));
  } catch {
    return "is no gzip, or a broken one";
  }
}

/** Absent values, and those of another type, are no matter of this. */
function textFault(answer: unknown): string | undefined {
  return typeof answer === "string" ? jsonFault(answer) : undefined;
}

function jsonFault(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? undefined : "is no JSON object";
  } catch {
    return "is no JSON";
  }
}

function ignore(): void {
  // a key of another type is told by its type
}
