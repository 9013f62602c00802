/** What people wrote down of dependencies: those there are, and those that are none. */
import { grouped } from "../model/grouped.ts";
import { parseId } from "../model/ids.ts";
import type { TopologyEdge } from "../model/topology.ts";

/** A dependency or an exclusion a person wrote down; `*` at the end of an excluded id stands for anything. */
export interface WrittenEdge {
  readonly from: string;
  readonly to: string;
}

/** Written dependencies by the hosts of their ends, and exclusions. */
export class WrittenEdges {
  private readonly byHosts: ReadonlyMap<string, readonly WrittenEdge[]>;
  private readonly exclude: readonly WrittenEdge[];

  constructor(dependencies: readonly WrittenEdge[], exclude: readonly WrittenEdge[]) {
    const known = dependencies.filter(({ from, to }) => parseId(from) !== undefined && parseId(to) !== undefined);
    this.byHosts = grouped(known, ({ from, to }) => `${parseId(from)?.host}\n${parseId(to)?.host}`);
    this.exclude = exclude;
  }

  /** Pairs of hosts, client and server, between which something is written. */
  pairs(): (readonly [client: string, server: string])[] {
    return [...this.byHosts.keys()].map((key) => {
      const [client = "", server = ""] = key.split("\n");
      return [client, server];
    });
  }

  /** What is written between two hosts. */
  between(client: string, server: string, now: number): TopologyEdge[] {
    const written = this.byHosts.get(`${client}\n${server}`) ?? [];
    const seen = { certainty: "configured", count: 0, firstSeen: now, lastSeen: now, over: null } as const;
    return written.map((edge) => ({ ...edge, ...seen }));
  }

  /** Whether somebody wrote that this is no dependency. */
  excludes(edge: WrittenEdge): boolean {
    return this.exclude.some((no) => fits(no.from, edge.from) && fits(no.to, edge.to));
  }
}

function fits(pattern: string, id: string): boolean {
  return pattern.endsWith("*") ? id.startsWith(pattern.slice(0, -1)) : pattern === id;
}
