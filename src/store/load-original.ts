/**
 * What the original DOTM left in Redis: hosts, connections and services under the keys of the contract, but nothing of what
 * we keep to find them (indexes, `dotm::edges`). It becomes memory and is found by the indexes from then on; its settings
 * are ours already. Where anything of ours was ever written there is nothing to take over, and nobody searches.
 */
import { isIP } from "node:net";
import { Cluster, type Redis } from "ioredis";
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import { INTERNET } from "../model/ids.ts";
import { newRhythm } from "../model/rhythm.ts";
import { addMembers } from "./commands.ts";
import { isHostPart, isPortPart, keys, ownKeys, parseConnectionKey } from "./keys.ts";
import { MOST_HOSTS, MOST_INDEXED_OF_HOST } from "./long-values.ts";
import { CONNECTIONS, type ManyOfHost, SERVICES } from "./many-of-host.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands, askNames, type OnRefused, runCommands } from "./run-commands.ts";
import { fieldsCommand, fieldsFrom } from "./some-fields.ts";
import { isUnmarked } from "./store-schema.ts";

/** What the original knew of one host. */
export interface OriginalHost {
  readonly host: string;
  readonly edges: readonly EdgeRecord[];
  readonly listeners: readonly (readonly [string, ListenerRecord])[];
}

type Hash = Readonly<Record<string, string>>;

/** What is read of a hash. */
const FIELDS = ["process", "direction", "last_connection", "last_seen"] as const;

interface Found {
  readonly edges: EdgeRecord[];
  readonly listeners: (readonly [string, ListenerRecord])[];
}

/** Host by host; nothing where the store is not the original's. */
export async function loadOriginal(client: RedisClient, onRefused: OnRefused): Promise<OriginalHost[]> {
  // The original knew no cluster.
  if (client instanceof Cluster || !(await isUnmarked(client))) {
    return [];
  }
  const nodes = await askNames(
    client,
    { key: keys.nodes, words: ["lrange", keys.nodes, 0, MOST_HOSTS - 1] },
    onRefused,
  );
  const hosts = new Map<string, Found>();
  for (const host of nodes.filter(isHostPart)) {
    hosts.set(host, { edges: [], listeners: [] });
  }
  await takeConnections({ client, hosts, onRefused }, await addressesOf(client, [...hosts.keys()], onRefused));
  await takeServices({ client, hosts, onRefused });
  return [...hosts].map(([host, found]) => ({ host, ...found }));
}

interface Taking {
  readonly client: Redis;
  readonly hosts: ReadonlyMap<string, Found>;
  readonly onRefused: OnRefused;
}

async function takeConnections(taking: Taking, addresses: ReadonlyMap<string, string>): Promise<void> {
  for await (const [key, hash] of hashes(taking, "dotm::connections::*")) {
    const parts = parseConnectionKey(key);
    const found = taking.hosts.get(parts?.node ?? "");
    if (parts === undefined || found === undefined) {
      taking.onRefused({ key, words: ["hgetall", key] }, "it is no connection of a known host");
      continue;
    }
    if (found.edges.length >= MOST_INDEXED_OF_HOST) {
      const nodes = { key: keys.node(parts.node), words: ["hgetall", keys.node(parts.node)] } as const;
      taking.onRefused(nodes, `it has more than ${MOST_INDEXED_OF_HOST} connections; the others are left`);
      continue;
    }
    found.edges.push(...edgeOf(parts, hash, addresses));
    await index(taking, CONNECTIONS, parts.node, `${parts.port}::${parts.remote}`);
  }
}

async function takeServices(taking: Taking): Promise<void> {
  for await (const [key, hash] of hashes(taking, "dotm::services::*")) {
    const [, , host = "", port = "", more] = key.split("::");
    const found = taking.hosts.get(host);
    if (found === undefined || !isPortPart(port) || more !== undefined) {
      taking.onRefused({ key, words: ["hgetall", key] }, "it is no service of a known host");
      continue;
    }
    found.listeners.push(...listenerOf(port, hash));
    await index(taking, SERVICES, host, port);
  }
}

/** Host to its first address, by `ips` of its own hash. */
async function addressesOf(
  client: RedisClient,
  hosts: readonly string[],
  onRefused: OnRefused,
): Promise<ReadonlyMap<string, string>> {
  const names = ["ips"];
  const questions = hosts.map((host) => fieldsCommand(keys.node(host), names));
  const addresses = new Map<string, string>();
  let at = 0;
  for await (const answer of askCommands(client, questions, onRefused)) {
    const { ips = "" } = fieldsFrom(answer, { key: questions[at]?.key ?? "", names }, onRefused);
    const first = ips.split(",").find((ip) => isIP(ip.trim()) !== 0);
    if (first !== undefined) {
      addresses.set(hosts[at] ?? "", first.trim());
    }
    at += 1;
  }
  return addresses;
}

/** Searches, as nothing else of ours does: once, when a store of the original is taken over. */
async function* hashes(
  { client, onRefused }: Taking,
  pattern: string,
): AsyncGenerator<readonly [key: string, hash: Hash], void, void> {
  for await (const names of client.scanStream({ match: pattern, count: 1_000 })) {
    const questions = (names as string[]).map((key) => fieldsCommand(key, FIELDS));
    let at = 0;
    for await (const answer of askCommands(client, questions, onRefused)) {
      if (Array.isArray(answer)) {
        const key = questions[at]?.key ?? "";
        yield [key, fieldsFrom(answer, { key, names: FIELDS }, onRefused)];
      }
      at += 1;
    }
  }
}

async function index(
  { client, onRefused }: Taking,
  { kind, indexOf, type }: ManyOfHost,
  host: string,
  part: string,
): Promise<void> {
  const own = addMembers(indexOf(host), [part], type);
  await runCommands(client, [...addMembers(ownKeys.index(kind), [host]), ...own], onRefused);
}

/** The other end by its address, as an agent tells it; its host is found as soon as that tells which addresses it has. */
function edgeOf(
  { port, remote: name }: { readonly port: string; readonly remote: string },
  hash: Hash,
  addresses: ReadonlyMap<string, string>,
): EdgeRecord[] {
  const remote = addresses.get(name) ?? name;
  const [number, direction, seen] = [Number(port), hash["direction"], secondsOf(hash)];
  if (isIP(remote) === 0 && remote !== INTERNET) {
    return [];
  }
  if (!Number.isInteger(number) || seen === 0 || (direction !== "in" && direction !== "out")) {
    return [];
  }
  const times = { firstSeen: seen, lastSeen: seen, rhythm: newRhythm(seen) };
  return [
    {
      direction,
      process: processOf(hash),
      owner: null,
      protocol: "tcp",
      port: number,
      remote,
      ...times,
      count: 0,
      path: null,
    },
  ];
}

function listenerOf(port: string, hash: Hash): (readonly [string, ListenerRecord])[] {
  const [number, seen] = [Number(port), secondsOf(hash)];
  if (!Number.isInteger(number) || seen === 0) {
    return [];
  }
  const times = { firstSeen: seen, lastSeen: seen };
  return [[port, { protocol: "tcp", port: number, addresses: [], process: processOf(hash), owner: null, ...times }]];
}

function processOf(hash: Hash): string | null {
  const name = hash["process"] ?? "";
  return name === "" || name === "-" ? null : name;
}

/** The original wrote times with fractions, and not in every hash. */
function secondsOf(hash: Hash): number {
  const times = [hash["last_connection"], hash["last_seen"]]
    .map(Number)
    .filter((time) => Number.isFinite(time) && time > 0);
  return Math.trunc(Math.max(0, ...times));
}
