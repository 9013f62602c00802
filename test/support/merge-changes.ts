/** Two turns as one by copying both: the slow reference of `ChangesSum`, and short to write in tests. */
import { type ChangeEvent, type Changes, MOST_EVENTS } from "../../src/model/changes.ts";

/** Two turns as one: `later` wins wherever both speak of the same thing. Of the events the newest 10,000 are kept. */
export function mergeChanges(earlier: Changes, later: Changes): Changes {
  return {
    at: later.at,
    nodes: mergeMaps(earlier.nodes, later.nodes),
    services: mergeMaps(earlier.services, later.services),
    connections: mergeMaps(earlier.connections, later.connections),
    seen: mergeHosts(unrecorded(earlier.seen, later.connections), later.seen),
    edges: mergeHosts(earlier.edges, later.edges),
    listeners: mergeHosts(earlier.listeners, later.listeners),
    resolver: mergeMaps(earlier.resolver, later.resolver),
    hostChecks: mergeMaps(earlier.hostChecks, later.hostChecks),
    serviceChecks: mergeMaps(earlier.serviceChecks, later.serviceChecks),
    impacts: mergeMaps(earlier.impacts, later.impacts),
    graphs: mergeMaps(earlier.graphs, later.graphs),
    alarms: mergeMaps(earlier.alarms, later.alarms),
    notes: mergeMaps(earlier.notes, later.notes),
    sources: mergeMaps(earlier.sources, later.sources),
    events: mergeEvents(earlier.events, later.events),
  };
}

/** Times without those of connections that a later turn has a record of, or the end. */
function unrecorded(seen: Changes["seen"], records: Changes["connections"]): Changes["seen"] {
  if (seen.size === 0 || records.size === 0) {
    return seen;
  }
  const times = new Map(seen);
  for (const { node, port, remote, value } of records.values()) {
    const member = `${port}::${remote ?? value?.remote ?? ""}`;
    const ofHost = times.get(node);
    if (ofHost?.has(member) === true) {
      const others = new Map(ofHost);
      others.delete(member);
      times.set(node, others);
    }
  }
  return times;
}

function mergeMaps<T>(earlier: ReadonlyMap<string, T>, later: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  if (earlier.size === 0) {
    return later;
  }
  if (later.size === 0) {
    return earlier;
  }
  // Filled in place of a list of all pairs: while the store is slow, all that waits is copied at each turn.
  const merged = new Map(earlier);
  for (const [key, value] of later) {
    merged.set(key, value);
  }
  return merged;
}

function mergeHosts<T>(
  earlier: ReadonlyMap<string, ReadonlyMap<string, T>>,
  later: ReadonlyMap<string, ReadonlyMap<string, T>>,
): ReadonlyMap<string, ReadonlyMap<string, T>> {
  if (earlier.size === 0 || later.size === 0) {
    return mergeMaps(earlier, later);
  }
  const merged = new Map(earlier);
  for (const [host, fields] of later) {
    merged.set(host, mergeMaps(earlier.get(host) ?? new Map(), fields));
  }
  return merged;
}

function mergeEvents(earlier: readonly ChangeEvent[], later: readonly ChangeEvent[]): readonly ChangeEvent[] {
  if (earlier.length === 0 || later.length === 0) {
    return earlier.length === 0 ? later : earlier;
  }
  return [...earlier, ...later].slice(-MOST_EVENTS);
}
