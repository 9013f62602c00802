/** `dotm get suggestions`: hosts worth adding, as they are talked to, or as this machine knows them, and have no agent. */
import { compareIds } from "../../model/compare.ts";
import type { GraphNode, HostGraph } from "../../model/host-graph.ts";
import { INTERNET, parseId } from "../../model/ids.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { getentHosts, type NamedAddress } from "../getent-hosts.ts";
import type { Listing } from "../listing.ts";
import { ageText, cell, isoTime } from "../words.ts";
import { hostBites, type ListRequest } from "./hosts-of.ts";

/** A host that is not in the picture by itself. */
interface Suggestion {
  /** Its name where this machine knows it, else its address. */
  readonly name: string;
  readonly address: string;
  /** Hosts in the picture that talk with it. */
  readonly seenBy: readonly string[];
  /** Its ports that they use. */
  readonly ports: readonly string[];
  readonly connections: number;
  /** Unix seconds, 0 where no connection tells. */
  readonly lastSeen: number;
}

interface Peer {
  readonly seenBy: Set<string>;
  readonly ports: Set<string>;
  connections: number;
  lastSeen: number;
}

/** Lists suggestions: those seen in connections first, most connections in front. */
export async function listSuggestions(
  request: ListRequest,
  namedHosts: () => Promise<readonly NamedAddress[]> = getentHosts,
): Promise<Listing> {
  const peers = new Map<string, Peer>();
  for (const bite of await hostBites(request, "suggestions")) {
    for (const graph of (await request.reader.graphs(bite)).values()) {
      addPeers(graph, peers);
    }
  }
  const known = await knownHosts(request.reader);
  for (const host of known) {
    peers.delete(host);
  }
  const items = suggestionsOf(peers, await namedHosts(), known);
  return {
    kind: "SuggestionList",
    items: items.map((item) => ({ ...item, lastSeen: isoTime(item.lastSeen) })),
    columns: [
      ...[{ head: "NAME" }, { head: "ADDRESS" }, { head: "CONNECTIONS" }, { head: "LAST SEEN" }, { head: "SEEN BY" }],
      { head: "PORTS", wide: true },
    ],
    rows: items.map(({ name, address, seenBy, ports, connections, lastSeen }) => [
      ...[name, address, `${connections}`, ageText(lastSeen, request.now), cell(some(seenBy))],
      cell(ports.join(",")),
    ]),
    names: items.map(({ name }) => name),
  };
}

/** Names and addresses of all hosts in the picture. */
async function knownHosts(reader: MapReader): Promise<Set<string>> {
  const names = await reader.nodes();
  const nodes = await Promise.all(names.map((name) => reader.node(name)));
  return new Set([...names, ...nodes.flatMap((node) => node?.ips ?? [])]);
}

function addPeers({ host, nodes }: HostGraph, peers: Map<string, Peer>): void {
  for (const node of nodes) {
    for (const { to, count, lastSeen } of node.needs) {
      addPeer(peers, host, to, count, lastSeen);
    }
    addDependents(host, node, peers);
  }
}

/** Of who needs us only the id is here; the edge itself stands with a host that is not in the picture. */
function addDependents(host: string, { neededBy, lastSeen }: GraphNode, peers: Map<string, Peer>): void {
  for (const id of neededBy) {
    addPeer(peers, host, id, 1, lastSeen);
  }
}

function addPeer(peers: Map<string, Peer>, host: string, id: string, count: number, lastSeen: number): void {
  const end = parseId(id);
  if (end === undefined || end.host === host || end.host === INTERNET) {
    return;
  }
  const peer = peers.get(end.host) ?? { seenBy: new Set(), ports: new Set(), connections: 0, lastSeen: 0 };
  peer.seenBy.add(host);
  if (end.kind === "service") {
    peer.ports.add(`${end.port}`);
  }
  peer.connections += count;
  peer.lastSeen = Math.max(peer.lastSeen, lastSeen);
  peers.set(end.host, peer);
}

function suggestionsOf(
  peers: ReadonlyMap<string, Peer>,
  named: readonly NamedAddress[],
  known: ReadonlySet<string>,
): Suggestion[] {
  const nameOf = new Map(named.map(({ address, name }) => [address, name]));
  const seen = [...peers].map(([address, { seenBy, ports, connections, lastSeen }]) => {
    const name = nameOf.get(address) ?? address;
    const all = { seenBy: [...seenBy].sort(compareIds), ports: [...ports].sort(compareIds) };
    return { name, address, ...all, connections, lastSeen };
  });
  const others = named.filter(
    ({ address, name }) => !peers.has(address) && !known.has(address) && !isKnown(name, known),
  );
  const unseen = [...new Map(others.map(({ address, name }) => [name, address]))].map(([name, address]) => {
    return { name, address, seenBy: [], ports: [], connections: 0, lastSeen: 0 };
  });
  return [...seen, ...unseen].sort((a, b) => b.connections - a.connections || compareIds(a.name, b.name));
}

/** By its name, with or without its domain. */
function isKnown(name: string, known: ReadonlySet<string>): boolean {
  return known.has(name) || known.has(name.split(".")[0] ?? name);
}

function some(hosts: readonly string[]): string {
  const first = hosts.slice(0, 3).join(",");
  return hosts.length > 3 ? `${first} +${hosts.length - 3}` : first;
}
