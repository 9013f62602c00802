/** Reads what the engine found wrong: `dotm::alarms`, by known fields. */
import { ALARM_KINDS, type Alarm, SEVERITIES } from "../model/alarm.ts";
import type { Command } from "./commands.ts";
import { ownKeys } from "./keys.ts";
import { isShortHash, MOST_HOSTS } from "./long-values.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands, askNames, type OnRefused } from "./run-commands.ts";

/** All alarms of one host; the host is empty for what belongs to none. */
export interface AlarmsOfHost {
  readonly host: string;
  readonly alarms: readonly Alarm[];
}

/** All stored alarms, host by host; a value that is not what DOTM writes is left out and told of. */
export async function* readAlarms(client: RedisClient, onRefused: OnRefused): AsyncGenerator<AlarmsOfHost, void, void> {
  const key = ownKeys.alarms;
  const isShort = await isShortHash(client, key, MOST_HOSTS, onRefused);
  const hosts = isShort ? await askNames(client, { key, words: ["hkeys", key] }, onRefused) : [];
  const questions = hosts.map((host): Command => ({ key, words: ["hget", key, host] }));
  let at = 0;
  for await (const json of askCommands(client, questions, onRefused)) {
    const host = hosts[at] ?? "";
    const alarms = typeof json === "string" ? alarmsFromJson(json) : [];
    if (alarms === undefined) {
      onRefused({ key, words: ["hget", key, host] }, `the alarms of ${host} are not what DOTM writes`);
    }
    yield { host, alarms: alarms ?? [] };
    at += 1;
  }
}

/** Reads the JSON of one field of `dotm::alarms`; undefined where it is none. */
export function alarmsFromJson(json: string): readonly Alarm[] | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) && value.every(isAlarm) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isAlarm(value: unknown): value is Alarm {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  const orNull = (name: string, type: string) => fields[name] === null || typeof fields[name] === type;
  return (
    ALARM_KINDS.some((kind) => kind === fields["kind"]) &&
    SEVERITIES.some((severity) => severity === fields["severity"]) &&
    ["host", "peer"].every((name) => orNull(name, "string")) &&
    orNull("since", "number") &&
    ["object", "text"].every((name) => typeof fields[name] === "string") &&
    typeof fields["details"] === "object" &&
    fields["details"] !== null
  );
}
