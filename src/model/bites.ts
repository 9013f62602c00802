/** A long list of hosts in even portions, so that a large site is never asked for as a whole. */

/** Hosts read at once. */
const BITE = 200;

/** The hosts in bites, in their order; `most` in each. */
export function* bitesOf(hosts: readonly string[], most = BITE): Generator<readonly string[], void, void> {
  for (let at = 0; at < hosts.length; at += most) {
    yield hosts.slice(at, at + most);
  }
}
