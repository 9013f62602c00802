/** Leads edges to what their ends were folded into, and makes one of those that then run side by side. */
import { CERTAINTIES, type Degree } from "../model/impact.ts";
import type { PictureEdge } from "./picture.ts";

/** The edges with their ends renamed, parallel ones merged; those that begin and end in one unit are gone. */
export function foldEdges(edges: readonly PictureEdge[], renamed: ReadonlyMap<string, string>): PictureEdge[] {
  const folded = new Map<string, PictureEdge>();
  for (const edge of edges) {
    const from = renamed.get(edge.from) ?? edge.from;
    const to = renamed.get(edge.to) ?? edge.to;
    const key = `${from}\n${to}`;
    const other = folded.get(key);
    folded.set(key, other === undefined ? { ...edge, from, to } : merge(other, edge));
  }
  return [...folded.values()];
}

const STRENGTH: Readonly<Record<Degree, number>> = { affected: 3, degraded: 2, potential: 1 };

/** The stronger of two degrees. */
export function strongerDegree(a: Degree | null, b: Degree | null): Degree | null {
  return strengthOf(a) >= strengthOf(b) ? a : b;
}

/** 3 for `affected` down to 0 for none. */
export function strengthOf(degree: Degree | null): number {
  return degree === null ? 0 : STRENGTH[degree];
}

/** Two parallel edges as one: counted together, as sure as the less certain. */
function merge(a: PictureEdge, b: PictureEdge): PictureEdge {
  const surer = CERTAINTIES.indexOf(a.certainty) < CERTAINTIES.indexOf(b.certainty);
  return {
    ...a,
    certainty: surer ? b.certainty : a.certainty,
    count: a.count + b.count,
    lastSeen: Math.max(a.lastSeen, b.lastSeen),
    hit: strongerDegree(a.hit, b.hit),
  };
}
