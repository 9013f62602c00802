/** Finds what a former picture left in Redis, by the indexes, without searching. */
import { type Changes, emptyChanges } from "../model/changes.ts";
import { commandsOf } from "./change-commands.ts";
import { type Command, deleteKey, membersOf, removeMembers, updateUniqueList, type Word } from "./commands.ts";
import { type IndexKind, keys, ownKeys, parseProblemMember, problemMember } from "./keys.ts";
import { CONNECTIONS, type ManyOfHost, SERVICES } from "./many-of-host.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands, askNames, type OnRefused } from "./run-commands.ts";

type Stored = ReadonlyMap<string, unknown>;

/** Host to members of its index. */
type Wanted = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Yields commands, to be run one list after the other, that remove from Redis what `everything` does not name:
 * hosts, graphs, notes, addresses, checks, problems, sources, alarms, services and connections.
 */
export async function* leftoverCommands(
  client: RedisClient,
  everything: Changes,
  onRefused: OnRefused,
): AsyncGenerator<readonly Command[], void, void> {
  const ask = (name: string, key: string, ...args: Word[]): Promise<string[]> =>
    askNames(client, { key, words: [name, key, ...args] }, onRefused);
  const indexed = (kind: IndexKind): Promise<string[]> => ask("smembers", ownKeys.index(kind));
  yield leftoverNodes(await ask("smembers", ownKeys.nodeMembers), everything.nodes);
  yield* commandsOf({
    ...emptyChanges(everything.at),
    graphs: gone(await indexed("graphs"), everything.graphs),
    notes: gone(await indexed("notes"), everything.notes),
    resolver: gone(await indexed("resolver"), everything.resolver),
    hostChecks: gone(await indexed("host-checks"), everything.hostChecks),
    serviceChecks: gone(await indexed("service-checks"), everything.serviceChecks),
    sources: gone(await ask("hkeys", ownKeys.sources), everything.sources),
    alarms: gone(await ask("hkeys", ownKeys.alarms), everything.alarms),
    impacts: gone(await ask("zrange", keys.ranking, 0, -1), asStored(everything.impacts)),
  }).steps;
  const services = byHost(everything.services.values(), ({ port }) => port);
  yield* leftoversOfHosts(client, SERVICES, services, onRefused);
  const connections = byHost(everything.connections.values(), ({ port, remote }) => `${port}::${remote}`);
  yield* leftoversOfHosts(client, CONNECTIONS, connections, onRefused);
}

/** A host's report stays: the agent may have sent it to somebody who has not told the engine yet. */
function leftoverNodes(stored: readonly string[], wanted: Stored): Command[] {
  const names = stored.filter((node) => !wanted.has(node));
  const hashes = names.map((node) => deleteKey(keys.node(node), "hash"));
  return [...hashes, ...updateUniqueList(keys.nodes, ownKeys.nodeMembers, "remove", names)];
}

async function* leftoversOfHosts(
  client: RedisClient,
  { kind, indexOf, keyOf, type }: ManyOfHost,
  wanted: Wanted,
  onRefused: OnRefused,
): AsyncGenerator<readonly Command[], void, void> {
  const index = ownKeys.index(kind);
  const nodes = await askNames(client, membersOf(index), onRefused);
  const questions = nodes.map((node) => membersOf(indexOf(node), type));
  let at = 0;
  for await (const answer of askCommands(client, questions, onRefused)) {
    const node = nodes[at] ?? "";
    at += 1;
    const kept = wanted.get(node);
    const members = Array.isArray(answer) ? answer.map(String).filter((member) => kept?.has(member) !== true) : [];
    if (members.length > 0) {
      yield members.map((member) => deleteKey(keyOf(node, member), "hash"));
      yield removeMembers(indexOf(node), members, type);
    }
    if (kept === undefined) {
      yield removeMembers(index, [node]);
    }
  }
}

function gone(stored: readonly string[], wanted: Stored): ReadonlyMap<string, null> {
  return new Map(stored.filter((name) => !wanted.has(name)).map((name) => [name, null]));
}

/** Problems by the names they have in Redis, where control characters of a check's name are replaced. */
function asStored(impacts: Changes["impacts"]): Stored {
  return new Map([...impacts].map(([problem, impact]) => [storedProblem(problem), impact]));
}

function storedProblem(problem: string): string {
  const parts = parseProblemMember(problem);
  return parts === undefined ? problem : problemMember(parts.host, parts.check);
}

function byHost<T extends { readonly node: string; readonly value: unknown }>(
  changes: Iterable<T>,
  memberOf: (change: T) => string,
): Map<string, Set<string>> {
  const hosts = new Map<string, Set<string>>();
  for (const change of changes) {
    if (change.value !== null) {
      const members = hosts.get(change.node) ?? new Set();
      hosts.set(change.node, members.add(memberOf(change)));
    }
  }
  return hosts;
}
