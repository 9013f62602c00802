/** The dependency graph is kept host by host; whatever came before, it is the one of what is known last. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { GraphKeeper } from "../../src/impact/graph-keeper.ts";
import type { DependencyGraph } from "../../src/model/dependency-graph.ts";
import type { HostTopology, TopologyEdge } from "../../src/model/topology.ts";

/** A host as the keeper sees it: programs by number, and for each program those of the next host that it needs. */
interface Told {
  readonly host: number;
  readonly agent: "fresh" | "stale";
  readonly programs: readonly { readonly name: number; readonly needs: readonly number[]; readonly grouped: boolean }[];
}

const HOSTS = 3;
const aHost: fc.Arbitrary<Told> = fc.record({
  host: fc.nat(HOSTS - 1),
  agent: fc.constantFrom("fresh" as const, "stale" as const),
  programs: fc.uniqueArray(
    fc.record({
      name: fc.nat(9),
      needs: fc.uniqueArray(fc.nat(9), { maxLength: 3 }),
      grouped: fc.boolean(),
    }),
    { maxLength: 4, selector: ({ name }) => name },
  ),
});

const idOf = (host: number, program: number) => `h${host}/p${program}`;

function topologyOf({ host, agent, programs }: Told, spokenOf: readonly number[]): HostTopology {
  const names = new Set([...programs.map(({ name }) => name), ...spokenOf]);
  const processes = [...names].map((name) => {
    const id = idOf(host, name);
    return [id, { id, host: `h${host}`, name: `p${name}`, owner: null, lastSeen: 0 }] as const;
  });
  return {
    ...{ host: `h${host}`, ips: [], lastReport: 0, lastLook: 0, interval: 60, agent },
    ...{ services: new Map(), processes: new Map(processes) as unknown as HostTopology["processes"] },
    ...{ nameOf: () => "", edges: new Map(), listeners: new Map(), starts: new Map() },
  };
}

function edgesOf({ host, programs }: Told): TopologyEdge[] {
  return programs.flatMap(({ name, needs }) =>
    needs.map((to): TopologyEdge => {
      const ends = { from: idOf(host, name), to: idOf((host + 1) % HOSTS, to) };
      return { ...ends, certainty: "both", count: 1, firstSeen: 0, lastSeen: 0, over: null };
    }),
  );
}

/** Tells the keeper of all hosts, as the engine does: a host with what others say of it. */
function tell(keeper: GraphKeeper, site: readonly (Told | undefined)[]): void {
  for (const told of site) {
    if (told !== undefined) {
      const client = site[(told.host + HOSTS - 1) % HOSTS];
      const spokenOf = (client?.programs ?? []).flatMap(({ needs }) => needs);
      const grouped = new Set(told.programs.filter((each) => each.grouped).map(({ name }) => idOf(told.host, name)));
      const groupOf = ({ from }: TopologyEdge) => (grouped.has(from) ? { name: "pool", quorum: 1 } : undefined);
      keeper.update(topologyOf(told, spokenOf), edgesOf(told), groupOf);
    }
  }
}

/** Nodes that are needed or need something, each with what it needs; groups as sets of needs. */
function textOf({ nodes, needStart, needTo, needGroup, needQuorum }: DependencyGraph): string[] {
  const groups = new Map<number, string[]>();
  const lines: string[] = [];
  for (const [node, { id }] of nodes.entries()) {
    for (let e = needStart[node] ?? 0; e < (needStart[node + 1] ?? 0); e += 1) {
      const need = `${id} -> ${nodes[needTo[e] ?? -1]?.id}`;
      const group = needGroup[e] ?? 0;
      lines.push(`${need} ${needQuorum[e]}`);
      if (group > 0) {
        groups.set(group, [...(groups.get(group) ?? []), need]);
      }
    }
  }
  return [...lines, ...[...groups.values()].map((needs) => `together: ${needs.sort().join(", ")}`)].sort();
}

it("is the graph of what hosts are now, and names each node by the number of its id", () => {
  fc.assert(
    fc.property(fc.array(aHost, { minLength: 1, maxLength: 30 }), fc.constantFrom(1, 3, 4_000), (told, leastDead) => {
      const keeper = new GraphKeeper(leastDead);
      const site: (Told | undefined)[] = [];
      for (const each of told) {
        site[each.host] = each;
        tell(keeper, site);
        keeper.takeChange();
      }
      const graph = keeper.build();
      const fresh = new GraphKeeper(4_000);
      tell(fresh, site);
      expect(textOf(graph)).toEqual(textOf(fresh.build()));
      expect(graph.nodes.map(({ id }) => graph.indexOf.get(id))).toEqual([...graph.nodes.keys()]);
    }),
    { numRuns: 300 },
  );
});

it("forgets programs that are no more, however many come and go", () => {
  const keeper = new GraphKeeper(10);
  let most = 0;
  let renumbered = 0;
  for (let round = 0; round < 500; round += 1) {
    const programs = [0, 1, 2].map((step) => ({ name: 3 * round + step, needs: [3 * round + step], grouped: false }));
    tell(keeper, [
      { host: 0, agent: "fresh", programs },
      { host: 1, agent: "fresh", programs: [] },
    ]);
    renumbered += keeper.takeChange().renumbered ? 1 : 0;
    most = Math.max(most, keeper.build().nodes.length);
  }
  expect(most).toBeLessThan(30);
  expect(renumbered).toBeLessThan(500);
});
