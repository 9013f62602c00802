/** Finds what a former picture left in Redis, by the indexes, without searching. */
import { type Change, type Changes, emptyChanges } from "../model/changes.ts";
import { serviceId } from "../model/ids.ts";
import { commandsOf } from "./change-commands.ts";
import { type Command, deleteKey, membersOf, removeMembers, updateUniqueList } from "./commands.ts";
import { type IndexKind, isHostPart, keys, ownKeys, parseProblemMember, problemMember } from "./keys.ts";
import {
  isShortHash,
  MOST_ADDRESSES,
  MOST_HOSTS,
  MOST_INDEXED,
  MOST_INDEXED_OF_HOST,
  MOST_SOURCES,
  membersInBites,
  membersOfSet,
  shortKeys,
} from "./long-values.ts";
import { CONNECTIONS, type ManyOfHost, SERVICES } from "./many-of-host.ts";
import { rankedMembers } from "./ranked-impacts.ts";
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
  const members = (key: string) => membersOfSet(client, key, MOST_INDEXED, onRefused);
  const indexed = (kind: IndexKind) => members(ownKeys.index(kind));
  const fields = async (key: string, most: number): Promise<string[]> => {
    const isShort = await isShortHash(client, key, most, onRefused);
    return isShort ? await askNames(client, membersOf(key, "hash"), onRefused) : [];
  };
  yield leftoverNodes(await members(ownKeys.nodeMembers), everything.nodes);
  yield* commandsOf({
    ...emptyChanges(everything.at),
    graphs: gone(await indexed("graphs"), everything.graphs),
    notes: gone(await indexed("notes"), everything.notes),
    hostChecks: gone(await indexed("host-checks"), everything.hostChecks),
    serviceChecks: gone(await indexed("service-checks"), everything.serviceChecks),
    sources: gone(await fields(ownKeys.sources, MOST_SOURCES), everything.sources),
    alarms: gone(await fields(ownKeys.alarms, MOST_HOSTS), everything.alarms),
    impacts: gone(await rankedMembers(client, onRefused), asStored(everything.impacts)),
  }).steps;
  for await (const bite of membersInBites(client, ownKeys.index("resolver"), MOST_ADDRESSES, onRefused)) {
    yield* commandsOf({ ...emptyChanges(everything.at), resolver: gone(bite, everything.resolver) }).steps;
  }
  const { services, connections } = everything;
  const isService: IsWanted = (node, port) => isThere(services.get(serviceId(node, port)));
  yield* leftoversOfHosts(client, SERVICES, isService, onRefused);
  const isConnection: IsWanted = (node, member) => isThere(connections.get(`${node}::${member}`));
  yield* leftoversOfHosts(client, CONNECTIONS, isConnection, onRefused);
}

/** A host's report stays: the agent may have sent it to somebody who has not told the engine yet. */
function leftoverNodes(stored: readonly string[], wanted: Stored): Command[] {
  const names = stored.filter((node) => !wanted.has(node));
  const hashes = names.filter(isHostPart).map((node) => deleteKey(keys.node(node), "hash"));
  return [...hashes, ...updateUniqueList(keys.nodes, ownKeys.nodeMembers, "remove", names)];
}

async function* leftoversOfHosts(
  client: RedisClient,
  { kind, indexOf, keyOf, type }: ManyOfHost,
  isWanted: IsWanted,
  onRefused: OnRefused,
): AsyncGenerator<readonly Command[], void, void> {
  const index = ownKeys.index(kind);
  const indexed = (await membersOfSet(client, index, MOST_INDEXED, onRefused)).filter(isHostPart);
  const short = await shortKeys(client, indexed.map(indexOf), { type, most: MOST_INDEXED_OF_HOST }, onRefused);
  const nodes = indexed.filter((node) => short.has(indexOf(node)));
  const questions = nodes.map((node) => membersOf(indexOf(node), type));
  let at = 0;
  for await (const answer of askCommands(client, questions, onRefused, HOSTS_AT_ONCE)) {
    const node = nodes[at] ?? "";
    at += 1;
    const members = Array.isArray(answer) ? answer.map(String) : [];
    const left = members.filter((member) => !isWanted(node, member));
    if (left.length > 0) {
      yield left.flatMap((member) => deletion(node, member, keyOf));
      yield removeMembers(indexOf(node), left, type);
    }
    if (left.length === members.length) {
      yield removeMembers(index, [node]);
    }
  }
}

/** Nothing where the member can stand for no key: somebody else put it there. */
function deletion(node: string, member: string, keyOf: ManyOfHost["keyOf"]): Command[] {
  try {
    return [deleteKey(keyOf(node, member), "hash")];
  } catch {
    return [];
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
