/** Finds values under our names that are of the right type and yet not what DOTM writes, by the list of hosts. */
import { gunzipSync } from "node:zlib";
import type { Command } from "./commands.ts";
import { isHostPart, keys, ownKeys } from "./keys.ts";
import { bytesCommand, LONGEST_REPORT, MOST_HOSTS, MOST_SOURCES, textCommand, textFrom } from "./long-values.ts";
import { impactKeys } from "./ranked-impacts.ts";
import { sourceFromJson } from "./record-codec.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands, askNames } from "./run-commands.ts";
import { readHash } from "./whole-hashes.ts";

/** One such key. */
export interface BrokenValue {
  readonly key: string;
  /** What is wrong: "is no JSON". */
  readonly reason: string;
}

/** Values asked for at once: they can be large. */
const AT_ONCE = 80;

/** Characters of a name that are shown. */
const LONGEST_SHOWN = 60;

/** The largest report DOTM takes, inflated; a longer text is cut, and then broken. */
const LARGEST_REPORT = 8 << 20;

/**
 * All of them, as they are found. `mayGoOn` is asked before each value: a large store takes longer than people wait.
 * @throws what Redis rejects with where it cannot be used
 */
export async function* brokenValues(
  client: RedisClient,
  mayGoOn: () => boolean,
): AsyncGenerator<BrokenValue, void, void> {
  const hosts = await askNames(client, { key: keys.nodes, words: ["lrange", keys.nodes, 0, MOST_HOSTS - 1] }, ignore);
  for (const broken of [...brokenNames(hosts), ...(await brokenSources(client))]) {
    if (!mayGoOn()) {
      return;
    }
    yield broken;
  }
  const questions = [
    ...hosts.filter(isHostPart).flatMap(ofHost),
    ...(await impactKeys(client, ignore)).map((key) => textCommand(key)),
  ];
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

function brokenNames(hosts: readonly string[]): BrokenValue[] {
  const nobody = hosts.filter((host) => !isHostPart(host));
  const [first] = nobody;
  return first === undefined
    ? []
    : [{ key: keys.nodes, reason: `names what can be no host (${nobody.length}, such as ${shown(first)})` }];
}

async function brokenSources(client: RedisClient): Promise<BrokenValue[]> {
  const entries = Object.entries(await readHash(client, ownKeys.sources, MOST_SOURCES, ignore));
  return entries.flatMap(([source, json]) => {
    const reason = `has an entry ${shown(source)} that is not what DOTM writes`;
    return sourceFromJson(json) === undefined ? [{ key: ownKeys.sources, reason }] : [];
  });
}

/** A foreign name, as much of it as tells where it came from. */
function shown(name: string): string {
  return JSON.stringify(name.length > LONGEST_SHOWN ? `${name.slice(0, LONGEST_SHOWN)}…` : name);
}

function ofHost(host: string): Command[] {
  const texts = [ownKeys.graph(host), ownKeys.notes(host), keys.hostCheck(host)];
  return [...texts.map((key) => textCommand(key)), bytesCommand(keys.report(host), LONGEST_REPORT)];
}

function reportFault(gzip: Buffer): string | undefined {
  if (gzip.length === 0) {
    return undefined;
  }
  try {
    return jsonFault(gunzipSync(gzip, { maxOutputLength: LARGEST_REPORT }).toString("utf8"));
  } catch {
    return "is no gzip, or a broken one";
  }
}

/** Absent values, and those of another type, are no matter of this. */
function textFault(answer: unknown): string | undefined {
  const text = textFrom(answer);
  return text === undefined ? undefined : jsonFault(text);
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
