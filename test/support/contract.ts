/**
 * The contract of Redis as data: the table of the design, key by key, and nothing else. Whoever holds a keyspace against it
 * knows no code of ours; only for keys beyond the table `docs/redis.md` is asked.
 */
import { execFileSync } from "node:child_process";
import { gunzipSync } from "node:zlib";
import type { StoredKey } from "./keyspace.ts";
import { ROOT } from "./process.ts";

/** What a value must be: a text that matches, a JSON object with such fields, or a look of its own. */
type Shape = RegExp | ((text: string) => boolean);

interface Row {
  /** `<name>` stands for a host's name and the like. */
  readonly key: string;
  readonly type: string;
  /** Longest time to live, seconds; without it the key stays for ever. */
  readonly expires?: number;
  /** Hash: its fields, `?` at the end of those that may be missing. */
  readonly fields?: Readonly<Record<string, Shape>>;
  /** String, list: each value. */
  readonly value?: Shape;
  /** Zset, set: each member; hash with free fields: each field and value. */
  readonly member?: Shape;
  /** Present in any site that has a problem. */
  readonly always?: boolean;
}

const TIME = /^\d{10}$/;
const COUNT = /^\d+$/;
const STATE = /^(?:OK|WARNING|CRITICAL|UNKNOWN|PENDING)$/;
const HOST_STATE = /^(?:UP|DOWN|UNREACHABLE|PENDING)$/;
const ANY = /^[\s\S]*$/;
const NAME = /^[^\p{Cc}]{1,255}$/u;
const IPV4 = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;
const IPV6 = "(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}";
const IPS = new RegExp(`^(?:(?:${IPV4}|${IPV6})(?:,|$))*$`);
const ON = /^[01]$/;

const SETTINGS: readonly Row[] = [
  {
    key: "dotm::config::fetch_parameters",
    type: "hash",
    fields: { "interval?": COUNT, "parallel?": COUNT, "ssh_user?": NAME },
  },
  { key: "dotm::config::other_internal_networks", type: "list", value: /^[\da-f.:]+\/\d+$/i },
  { key: "dotm::config::user_node_aliases", type: "hash", member: NAME },
  {
    key: "dotm::config::nagios_instance",
    type: "hash",
    fields: {
      "url?": /^https?:/,
      "user?": NAME,
      "password?": ANY,
      "expire?": COUNT,
      "use_aliases?": ON,
      "refresh?": COUNT,
    },
  },
  { key: "dotm::config::history", type: "hash", fields: { "enabled?": ON, "interval?": COUNT, "expire?": COUNT } },
  { key: "dotm::config::aging", type: "hash", fields: { "Services?": COUNT, "Connections?": COUNT } },
  {
    key: "dotm::config::expire",
    type: "hash",
    fields: { "Services?": COUNT, "Connections?": COUNT, "Nagios Alerts?": COUNT },
  },
  { key: "dotm::config::hiding", type: "hash", fields: { "Services?": COUNT, "Connections?": COUNT } },
  { key: "dotm::config::service_mapping", type: "hash", member: ANY },
  { key: "dotm::config::service_port_whitelist", type: "string", value: /^\d+(?:, *\d+)*$|^$/ },
  { key: "dotm::config::service_name_whitelist", type: "string", value: ANY },
];

/** The table. */
const CONTRACT: readonly Row[] = [
  { key: "dotm::nodes", type: "list", value: NAME, always: true },
  {
    key: "dotm::nodes::<node>",
    type: "hash",
    fields: { last_fetch: COUNT, fetch_status: ANY, ips: IPS, service_alerts: object(STATE) },
    always: true,
  },
  {
    key: "dotm::connections::<node>::<port>::<remote>",
    type: "hash",
    fields: {
      process: ANY,
      connections: COUNT,
      last_connection: COUNT,
      last_seen: TIME,
      direction: /^(?:in|out)$/,
      remote_host: NAME,
      remote_port: /^(?:\d+|high)$/,
      local_port: /^(?:\d+|high)$/,
    },
    always: true,
  },
  {
    key: "dotm::services::<node>::<port>",
    type: "hash",
    fields: { process: ANY, last_seen: TIME, age: /^(?:fresh|old)$/, "last_connection?": TIME, "alert_status?": STATE },
    always: true,
  },
  { key: "dotm::resolver::ip_to_node::<ip>", type: "string", value: NAME, always: true },
  {
    key: "dotm::checks::nodes::<node>",
    type: "string",
    expires: 3_600,
    value: json({
      node: NAME,
      status: HOST_STATE,
      last_check: COUNT,
      last_status_change: COUNT,
      status_information: ANY,
    }),
  },
  {
    key: "dotm::checks::services::<node>",
    type: "list",
    expires: 3_600,
    value: json({
      node: NAME,
      service: NAME,
      status: STATE,
      last_check: COUNT,
      last_status_change: COUNT,
      status_information: ANY,
    }),
    always: true,
  },
  { key: "dotm::checks::config", type: "hash", fields: { last_updated: TIME }, always: true },
  ...SETTINGS,
  { key: "dotm::queue", type: "list", value: json({ id: NAME, fn: NAME, args: ANY, kwargs: ANY }) },
  {
    key: "dotm::queue::result::<uuid4>",
    type: "string",
    expires: 300,
    value: json({ status: /^(?:pending|processing|ready)$/ }),
  },
  { key: "dotm::history", type: "list", value: TIME },
  { key: "dotm::history::<timestamp>", type: "string" },
  {
    key: "dotm::impact::<node>::<check>",
    type: "string",
    value: json({
      apiVersion: /^dotm\/v1$/,
      kind: /^Impact$/,
      problem: ANY,
      failed: ANY,
      affected: ANY,
      hosts: ANY,
      summary: NAME,
    }),
    always: true,
  },
  { key: "dotm::impact::ranking", type: "zset", member: /^.+::.+$/s, always: true },
  { key: "dotm::reports::<node>", type: "string", value: isReport, always: true },
  {
    key: "dotm::edges::<node>",
    type: "hash",
    member: /^(?:in|out|unix)\|[^|]+\|(?:tcp|udp|unix)\|\d+\|.+$/,
    always: true,
  },
  { key: "dotm::observations", type: "stream", always: true },
  { key: "dotm::changes", type: "stream", always: true },
];

/** What the keyspace has that the contract does not allow, and what it lacks; empty where all is well. */
export function contractFaults(keyspace: ReadonlyMap<string, StoredKey>): string[] {
  const documented = documentedKeys();
  const faults: string[] = [];
  for (const [key, stored] of keyspace) {
    const row = CONTRACT.find((each) => matches(key, each.key)) ?? documented.find((each) => matches(key, each.key));
    faults.push(
      ...(row === undefined ? ["is not documented"] : faultsOf(stored, row)).map((fault) => `${key} ${fault}`),
    );
  }
  const missing = CONTRACT.filter(
    ({ key, always }) => always && ![...keyspace.keys()].some((each) => matches(each, key)),
  );
  return [...faults, ...missing.map(({ key }) => `${key} is nowhere`), ...crossFaults(keyspace)];
}

/** Rows of docs/redis.md, by the program that makes it of the one file that spells keys. */
function documentedKeys(): Row[] {
  const made = execFileSync(process.execPath, [`${ROOT}/bin/write-redis-doc.js`, "--json"], { encoding: "utf8" });
  const tables = JSON.parse(made) as Record<string, { key: string; type: string; expiry: string }[]>;
  return Object.values(tables)
    .flat()
    .map(({ key, type, expiry }) => ({ key, type, ...(expiry === "never" ? {} : { expires: 7 * 86_400 }) }));
}

const PARTS: Readonly<Record<string, string>> = {
  port: String.raw`(?:\d+|high)(?:/udp)?`,
  remote: `(?:Internet|${IPV6}|(?!.*::)[^:]+)`,
  ip: `(?:${IPV4}|${IPV6})`,
  check: ".+",
  timestamp: String.raw`\d{10}`,
  uuid4: "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
};

function matches(key: string, pattern: string): boolean {
  const escaped = pattern.replace(/[{}.*+?^$()|[\]\\]/g, "\\$&");
  const filled = escaped.replace(/<(\w+)>/g, (_, part: string) => PARTS[part] ?? "(?:(?!::).)+");
  return new RegExp(`^${filled}$`, "s").test(key);
}

function faultsOf({ type, ttl, value }: StoredKey, row: Row): string[] {
  if (type !== row.type && row.type !== "by setting") {
    return [`is a ${type}, not a ${row.type}`];
  }
  const lives = row.expires === undefined ? ttl === -1 : ttl >= 0 && ttl <= row.expires;
  return [
    ...(lives ? [] : [`lives for ${ttl} s`]),
    ...(row.fields === undefined ? [] : fieldFaults(value as Record<string, string>, row.fields)),
    ...(row.value === undefined ? [] : badOnes(Array.isArray(value) ? value : [value], row.value)),
    ...(row.member === undefined ? [] : badOnes(membersOf(value), row.member)),
  ];
}

function fieldFaults(hash: Readonly<Record<string, string>>, fields: Readonly<Record<string, Shape>>): string[] {
  const faults: string[] = [];
  const rest = new Set(Object.keys(hash));
  for (const [written, shape] of Object.entries(fields)) {
    const name = written.replace(/\?$/, "");
    const value = hash[name];
    rest.delete(name);
    if (value === undefined ? !written.endsWith("?") : !fits(value, shape)) {
      faults.push(`has ${name} ${value === undefined ? "not" : JSON.stringify(value)}`);
    }
  }
  return [...faults, ...[...rest].map((name) => `has a field ${name} more`)];
}

function membersOf(value: unknown): unknown[] {
  // Members of a zset come with their scores between them.
  return Array.isArray(value) ? value.filter((_, at) => at % 2 === 0) : Object.keys(value as object);
}

function badOnes(values: readonly unknown[], shape: Shape): string[] {
  return values.filter((value) => !fits(String(value), shape)).map((value) => `holds ${String(value).slice(0, 200)}`);
}

function fits(text: string, shape: Shape): boolean {
  return shape instanceof RegExp ? shape.test(text) : shape(text);
}

function json(fields: Readonly<Record<string, RegExp>>): Shape {
  return (text) => {
    const value = parsed(text);
    return Object.entries(fields).every(([name, shape]) => name in value && shape.test(String(value[name])));
  };
}

function object(shape: RegExp): Shape {
  return (text) => Object.values(parsed(text)).every((value) => shape.test(String(value)));
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}

/** `keyspace` gives bytes as base64. */
function isReport(base64: string): boolean {
  try {
    const report = parsed(gunzipSync(Buffer.from(base64, "base64")).toString());
    return report["version"] === 1 && typeof report["host"] === "string";
  } catch {
    return false;
  }
}

/** What several keys say together. */
function crossFaults(keyspace: ReadonlyMap<string, StoredKey>): string[] {
  const list = (keyspace.get("dotm::nodes")?.value ?? []) as string[];
  const named = [...keyspace.keys()].filter((key) => matches(key, "dotm::nodes::<node>")).map((key) => key.slice(13));
  const ranked = new Set(membersOf(keyspace.get("dotm::impact::ranking")?.value ?? []).map(String));
  const impacts = [...keyspace.keys()].filter((key) => matches(key, "dotm::impact::<node>::<check>"));
  return [
    ...(new Set(list).size === list.length ? [] : ["dotm::nodes names a host twice"]),
    ...differences("dotm::nodes", list, named),
    ...differences(
      "dotm::impact::ranking",
      [...ranked],
      impacts.map((key) => key.slice(14)),
    ),
    ...[...keyspace].flatMap(([key, { value }]) => portFaults(key, value)),
  ];
}

/** `<port>` is the local port of what comes in, the remote port of what goes out; `<remote>` is the remote host. */
function portFaults(key: string, value: unknown): string[] {
  const [root, kind, , port = "", remote] = key.split("::");
  if (root !== "dotm" || kind !== "connections") {
    return [];
  }
  const { direction, local_port, remote_port, remote_host } = value as Record<string, string>;
  const right = port.replace("/udp", "") === (direction === "in" ? local_port : remote_port) && remote === remote_host;
  return right ? [] : [`${key} is not the connection it holds: ${JSON.stringify(value)}`];
}

function differences(name: string, listed: readonly string[], present: readonly string[]): string[] {
  const [a, b] = [new Set(listed), new Set(present)];
  return [
    ...listed.filter((each) => !b.has(each)).map((each) => `${name} names ${each}, which has no key`),
    ...present.filter((each) => !a.has(each)).map((each) => `${name} lacks ${each}`),
  ];
}
