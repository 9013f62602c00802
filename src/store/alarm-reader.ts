/** Reads what the engine found wrong: `dotm::alarms`, by known fields. */
import { ALARM_KINDS, type Alarm, SEVERITIES } from "../model/alarm.ts";
import { ownKeys } from "./keys.ts";
import { isShortHash, MOST_HOSTS } from "./long-values.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands, askNames, type OnRefused } from "./run-commands.ts";
import { fieldsCommand, fieldsFrom } from "./some-fields.ts";

/** Hosts in one command, and commands asked at once. */
const BITE = 100;
const BITES_AT_ONCE = 5;

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
  yield* readAlarmsOf(client, hosts, onRefused);
}

/** The same of these hosts. */
export async function* readAlarmsOf(
  client: RedisClient,
  hosts: readonly string[],
  onRefused: OnRefused,
): AsyncGenerator<AlarmsOfHost, void, void> {
  const key = ownKeys.alarms;
  const bites = Array.from({ length: Math.ceil(hosts.length / BITE) }, (_, at) =>
    hosts.slice(at * BITE, (at + 1) * BITE),
  );
  const questions = bites.map((names) => fieldsCommand(key, names));
  let at = 0;
  for await (const answer of askCommands(client, questions, onRefused, BITES_AT_ONCE)) {
    const names = bites[at] ?? [];
    at += 1;
    const fields = fieldsFrom(answer, { key, names }, onRefused);
    for (const host of names) {
      yield { host, alarms: alarmsIn(fields[host], host, onRefused) };
    }
  }
}

function alarmsIn(json: unknown, host: string, onRefused: OnRefused): readonly Alarm[] {
  const alarms = typeof json === "string" ? alarmsFromJson(json) : [];
  if (alarms === undefined) {
    const key = ownKeys.alarms;
    onRefused({ key, words: ["hget", key, host] }, `the alarms of ${host} are not what DOTM writes`);
  }
  return alarms ?? [];
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
