/** Keeps where to look for what changed before each root problem, so that a report touches only the problems it tells of. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { Impact } from "../model/impact.ts";
import type { PastChange } from "../model/past-change.ts";
import { addToSet } from "../model/sets-by-key.ts";
import type { HostTopology } from "../model/topology.ts";
import type { RootProblem } from "./impact-turn.ts";
import { type PastScene, pastChanges } from "./past-changes.ts";

/** Services and processes looked at for one problem at most: those nearest to it. */
const WIDEST = 500;

/** What is asked of the topology. */
export type PastSource = Pick<PastScene, "resolve" | "remembers"> & {
  readonly topologyOf: (host: string) => HostTopology;
};

interface Scope {
  readonly ids: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
}

/** Root problems and where they look. */
export class RootWatch {
  private readonly scopes = new Map<string, Scope>();
  private readonly byHost = new Map<string, Set<string>>();

  /** Looks again at problems that changed, or may need something else than before; `rootOf` gives the root problems among them. */
  update(
    problems: Iterable<string>,
    rootOf: (problem: string) => RootProblem | undefined,
    graph: DependencyGraph,
  ): void {
    for (const key of problems) {
      this.forget(key);
      const root = rootOf(key);
      if (root !== undefined && root.since !== null) {
        const scope = scopeOf(root, graph);
        this.scopes.set(key, scope);
        for (const host of scope.hosts) {
          addToSet(this.byHost, host, key);
        }
      }
    }
  }

  /** Problems that look at one of the hosts. */
  lookingAt(hosts: Iterable<string>): Set<string> {
    return new Set([...hosts].flatMap((host) => [...(this.byHost.get(host) ?? [])]));
  }

  /** The impact with what changed before it; as it is where it is no root problem. */
  withPast(key: string, impact: Impact, source: PastSource): Impact {
    const scope = this.scopes.get(key);
    const changesBefore = scope === undefined ? [] : changesOf(impact, scope, source);
    return changesBefore.length === 0 ? impact : { ...impact, changesBefore };
  }

  private forget(key: string): void {
    for (const host of this.scopes.get(key)?.hosts ?? []) {
      const here = this.byHost.get(host);
      here?.delete(key);
      if (here?.size === 0) {
        this.byHost.delete(host);
      }
    }
    this.scopes.delete(key);
  }
}

function changesOf({ problem }: Impact, { ids, hosts }: Scope, source: PastSource): PastChange[] {
  const { resolve, remembers, topologyOf } = source;
  const since = Date.parse(problem.since ?? "") / 1000;
  return pastChanges({ since, host: problem.host, ids, hosts: [...hosts].map(topologyOf), resolve, remembers });
}

/** What a problem broke and all that needs, nearest first. */
function scopeOf({ host, failed }: RootProblem, graph: DependencyGraph): Scope {
  const found = new Set(failed);
  for (const node of found) {
    for (let e = graph.needStart[node] ?? 0; e < (graph.needStart[node + 1] ?? 0) && found.size < WIDEST; e += 1) {
      found.add(graph.needTo[e] ?? 0);
    }
  }
  const nodes = [...found].map((node) => graph.nodes[node]).filter((info) => info !== undefined);
  const hosts = nodes.map((node) => node.host).filter((name) => name !== "");
  return { ids: new Set(nodes.map(({ id }) => id)), hosts: new Set([host, ...hosts]) };
}
