/** Leaves out of needs what closes a cycle: the surest are taken first, so the least sure goes. */
import { compareIds } from "../model/compare.ts";
import { CERTAINTIES } from "../model/impact.ts";
import type { ServiceNeed } from "../model/site-needs.ts";

/** Needs without a cycle in the order of names, and those that were left out. */
export interface Uncycled {
  readonly kept: readonly ServiceNeed[];
  readonly dropped: readonly ServiceNeed[];
}

/** Takes the needs one after the other; a group is taken as a whole or not at all. The order they come in never matters. */
export function withoutCycles(needs: readonly ServiceNeed[]): Uncycled {
  const kept: ServiceNeed[] = [];
  const dropped: ServiceNeed[] = [];
  const graph = new Map<string, string[]>();
  for (const need of [...needs].sort(surestFirst)) {
    if (need.to.some((to) => reaches(graph, to, need.from))) {
      dropped.push(need);
    } else {
      kept.push(need);
      const known = graph.get(need.from) ?? [];
      for (const to of need.to) {
        known.push(to);
      }
      graph.set(need.from, known);
    }
  }
  return { kept: kept.sort(byName), dropped: dropped.sort(byName) };
}

function surestFirst(a: ServiceNeed, b: ServiceNeed): number {
  return CERTAINTIES.indexOf(a.certainty) - CERTAINTIES.indexOf(b.certainty) || byName(a, b);
}

function byName(a: ServiceNeed, b: ServiceNeed): number {
  return compareIds(a.from, b.from) || compareIds(a.to.join("\n"), b.to.join("\n")) || a.atLeast - b.atLeast;
}

function reaches(graph: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set([from]);
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === to) {
      return true;
    }
    for (const next of graph.get(id) ?? []) {
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return false;
}
