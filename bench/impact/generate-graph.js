/**
 * A large dependency graph: services, each held by one process, and connections of processes to services. Most go from
 * later services to earlier ones with a power law, so that a few are needed by thousands; one in a hundred goes anywhere,
 * which makes one giant cycle: a bad alert then reaches nearly everything.
 */

/** Numbers from 0 to 1, the same each time (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How steep the power law is. */
const STEEP = 2.5;

/**
 * Node 2n is service n, node 2n + 1 its process. Edges point from who needs to what is needed.
 *
 * @param {{ hosts: number, services: number, connections: number, seed?: number }} size
 */
export function generateGraph({ hosts, services, connections, seed = 1 }) {
  const next = random(seed);
  const from = new Int32Array(services + connections);
  const to = new Int32Array(services + connections);
  for (let service = 0; service < services; service += 1) {
    from[service] = 2 * service;
    to[service] = 2 * service + 1;
  }
  for (let edge = services; edge < services + connections; edge += 1) {
    let caller = Math.floor(next() * services);
    let called = Math.floor(services * next() ** STEEP);
    if (caller < called && next() > 0.01) {
      [caller, called] = [called, caller];
    }
    from[edge] = 2 * caller + 1;
    to[edge] = 2 * called;
  }
  return { nodes: 2 * services, services, hosts, from, to };
}

/** What DOTM's own graph wants to know of each node. */
export function nodeInfos({ nodes, hosts }) {
  return Array.from({ length: nodes }, (_, node) => {
    const service = node >> 1;
    const host = `host${service % hosts}`;
    const port = String(1000 + Math.floor(service / hosts));
    return node % 2 === 0
      ? { id: `${host}:${port}`, host, kind: "service", port, process: "p", holdsServices: false }
      : { id: `${host}/p${port}`, host, kind: "process", port: null, process: "p", holdsServices: true };
  });
}
