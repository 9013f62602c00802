/** Hosts worth adding: those the map's hosts talk with, or this machine knows by name, and that are not in the map themselves. */
import { bitesOf } from "../model/bites.ts";
import { compareIds } from "../model/compare.ts";
import type { GraphNode, HostGraph } from "../model/host-graph.ts";
import { INTERNET, parseId } from "../model/ids.ts";
import { type Doing, inOneGo, type Pieces } from "../model/pieces.ts";

/** A name with one of its addresses, normalised. */
export interface NamedAddress {
  readonly address: string;
  readonly name: string;
}

/** A host that is not in the picture by itself. */
export interface HostSuggestion {
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

/** What is needed of the stored picture. */
export interface PeerPicture {
  nodes(): Promise<string[]>;
  nodesOf(hosts: readonly string[]): Promise<ReadonlyMap<string, { readonly ips: readonly string[] }>>;
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
}

interface Peer {
  readonly seenBy: Set<string>;
  readonly ports: Set<string>;
  connections: number;
  lastSeen: number;
}

/** Suggestions by what the given hosts talk with: those with most connections first. */
export async function suggestHosts(
  picture: PeerPicture,
  hosts: readonly string[],
  named: readonly NamedAddress[],
  doing: Doing = inOneGo,
): Promise<HostSuggestion[]> {
  const peers = new Map<string, Peer>();
  for (const bite of bitesOf(hosts)) {
    await doing(addPeers(await picture.graphs(bite), peers));
  }
  const known = await knownHosts(picture);
  for (const host of known) {
    peers.delete(host);
  }
  return suggestionsOf(peers, named, known);
}

/** Names and addresses of all hosts in the picture. */
async function knownHosts(picture: PeerPicture): Promise<Set<string>> {
  const names = await picture.nodes();
  const known = new Set(names);
  for (const bite of bitesOf(names)) {
    for (const { ips } of (await picture.nodesOf(bite)).values()) {
      for (const ip of ips) {
        known.add(ip);
      }
    }
  }
  return known;
}

function* addPeers(graphs: ReadonlyMap<string, HostGraph>, peers: Map<string, Peer>): Pieces<void> {
  for (const { host, nodes } of graphs.values()) {
    for (const node of nodes) {
      addNeeds(host, node, peers);
      addDependents(host, node, peers);
      yield;
    }
  }
}

function addNeeds(host: string, { needs }: GraphNode, peers: Map<string, Peer>): void {
  for (const { to, count, lastSeen } of needs) {
    addPeer(peers, host, to, count, lastSeen);
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
): HostSuggestion[] {
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
