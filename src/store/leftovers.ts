/** Finds what a former picture left in Redis, by the indexes, without searching. */
import { type Change, type Changes, emptyChanges } from "../model/changes.ts";
import { serviceId } from "../model/ids.ts";
import { commandsOf } from "./change-commands.ts";
import { type Command, deleteKey, membersOf, removeMembers, updateUniqueList, type Word } from "./commands.ts";
import { type IndexKind, keys, ownKeys, parseProblemMember, problemMember } from "./keys.ts";
import { CONNECTIONS, type ManyOfHost, SERVICES } from "./many-of-host.ts";
import type { RedisClient } from "./redis.ts";
import { askCommands, askNames, type OnRefused } from "./run-commands.ts";

type Stored = ReadonlyMap<string, unknown>;

/** Whether a member of a host's index stands for something that is there. */
type IsWanted = (node: string, member: string) => boolean;

/** Hosts whose members are asked for at once; they are looked at without a pause. */
const HOSTS_AT_ONCE = 20;

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
  const { services, connections } = everything;
  const isService: IsWanted = (node, port) => isThere(services.get(serviceId(node, port)));
  yield* leftoversOfHosts(client, SERVICES, isService, onRefused);
  const isConnection: IsWanted = (node, member) => isThere(connections.get(`${node}::${member}`));
  yield* leftoversOfHosts(client, CONNECTIONS, isConnection, onRefused);
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
  isWanted: IsWanted,
  onRefused: OnRefused,
): AsyncGenerator<readonly Command[], void, void> {
  const index = ownKeys.index(kind);
  const nodes = await askNames(client, membersOf(index), onRefused);
  const questions = nodes.map((node) => membersOf(indexOf(node), type));
  let at = 0;
  for await (const answer of askCommands(client, questions, onRefused, HOSTS_AT_ONCE)) {
    const node = nodes[at] ?? "";
    at += 1;
    const members = Array.isArray(answer) ? answer.map(String) : [];
    const left = members.filter((member) => !isWanted(node, member));
    if (left.length > 0) {
      yield left.map((member) => deleteKey(keyOf(node, member), "hash"));
      yield removeMembers(indexOf(node), left, type);
    }
    if (left.length === members.length) {
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

function isThere(change: Change<unknown> | undefined): boolean {
  return (change?.value ?? null) !== null;
}
