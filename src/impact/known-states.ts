/** States of all services as they were last told, so that only what is judged otherwise is looked at. */
import type { DependencyGraph } from "../model/dependency-graph.ts";
import type { ServiceState } from "../model/problem.ts";

/** What it asks of a turn. */
interface StatesTurn {
  readonly graph: DependencyGraph;
  readonly servicesOf: (host: string) => ReadonlyMap<string, ServiceState>;
}

/** The states, by host. */
export class KnownStates {
  private readonly byHost = new Map<string, ReadonlyMap<string, ServiceState>>();

  /** Takes the states of hosts as they are now; returns the nodes that are judged otherwise than before. */
  differing({ graph, servicesOf }: StatesTurn, hosts: readonly string[]): number[] {
    return hosts.flatMap((host) => {
      const before = this.byHost.get(host);
      const now = servicesOf(host);
      this.byHost.set(host, now);
      const ids = [...new Set([...(before?.keys() ?? []), ...now.keys()])];
      const otherwise = ids.filter((id) => !sameState(before?.get(id), now.get(id)));
      return otherwise.flatMap((id) => graph.indexOf.get(id) ?? []);
    });
  }
}

function sameState(a: ServiceState | undefined, b: ServiceState | undefined): boolean {
  return a?.state === b?.state && JSON.stringify(a?.handling) === JSON.stringify(b?.handling);
}
