/** The way from a service to what it needs, over processes and over services nobody checks, up to the next that is checked. */
import { compareIds } from "../model/compare.ts";
import type { GraphNode, Need } from "../model/host-graph.ts";
import type { Certainty } from "../model/impact.ts";
import { CERTAINTIES } from "../model/impact.ts";
import type { ServiceNeed } from "../model/site-needs.ts";

/** What is walked over. */
export interface Ground {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly isChecked: (id: string) => boolean;
}

/** The needs of one service, and what could not be told of it. */
export interface FoundNeeds {
  readonly needs: readonly ServiceNeed[];
  readonly notes: readonly string[];
}

interface Step {
  readonly node: GraphNode;
  readonly certainty: Certainty;
}

/** Finds them; connections that are only remembered, and mere traces, count for nothing. */
export function nearestChecked(from: string, ground: Ground): FoundNeeds {
  const plain = new Map<string, Certainty>();
  const groups: ServiceNeed[] = [];
  const notes: string[] = [];
  for (const step of reached(from, ground)) {
    const { single, grouped } = sorted(step.node.needs);
    for (const { to, certainty } of single.filter((need) => need.to !== from && ground.isChecked(need.to))) {
      plain.set(to, better(plain.get(to), weaker(step.certainty, certainty)));
    }
    for (const [name, members] of grouped) {
      const blind = unchecked(from, members, ground);
      if (blind.length > 0) {
        notes.push(`${from} needs one of ${name}, but nobody checks ${blind.join(", ")}`);
      } else {
        groups.push(groupNeed(from, members, step.certainty));
      }
    }
  }
  const others = groups.filter(({ to }) => !to.includes(from));
  return { needs: [...plainNeeds(from, plain), ...others.flatMap((group) => written(group, plain))], notes };
}

function unchecked(from: string, members: readonly Need[], { isChecked }: Ground): string[] {
  return members.map(({ to }) => to).filter((to) => to !== from && !isChecked(to));
}

/** The service and everything it needs over what is not checked, each once, nearest first. */
function* reached(from: string, { nodes, isChecked }: Ground): Generator<Step> {
  const seen = new Set([from]);
  const open: { readonly id: string; readonly certainty: Certainty }[] = [{ id: from, certainty: "configured" }];
  for (const { id, certainty } of open) {
    const node = nodes.get(id);
    if (node === undefined) {
      continue;
    }
    yield { node, certainty };
    for (const need of sorted(node.needs).single) {
      if (!seen.has(need.to) && !isChecked(need.to)) {
        seen.add(need.to);
        open.push({ id: need.to, certainty: weaker(certainty, need.certainty) });
      }
    }
  }
}

/** Needs that count, alone or by the group in which they stand in for each other. */
function sorted(needs: readonly Need[]) {
  const single: Need[] = [];
  const grouped = new Map<string, Need[]>();
  for (const need of needs) {
    if (need.certainty === "remembered" || need.passing === true) {
      continue;
    }
    if (need.group === undefined) {
      single.push(need);
    } else {
      const members = grouped.get(need.group) ?? [];
      members.push(need);
      grouped.set(need.group, members);
    }
  }
  return { single, grouped };
}

function groupNeed(from: string, members: readonly Need[], certainty: Certainty): ServiceNeed {
  const to = members.map((need) => need.to).sort(compareIds);
  const atLeast = Math.min(to.length, Math.max(1, members[0]?.quorum ?? 1));
  return { from, to, atLeast, certainty: members.reduce((worst, need) => weaker(worst, need.certainty), certainty) };
}

function plainNeeds(from: string, plain: ReadonlyMap<string, Certainty>): ServiceNeed[] {
  return [...plain].map(([to, certainty]) => ({ from, to: [to], atLeast: 1, certainty }));
}

/** A group of which all must be there is no group; one of which a member is needed anyway says nothing more. */
function written(group: ServiceNeed, plain: ReadonlyMap<string, Certainty>): ServiceNeed[] {
  if (group.to.some((id) => plain.has(id))) {
    return [];
  }
  return group.atLeast < group.to.length ? [group] : group.to.map((to) => ({ ...group, to: [to], atLeast: 1 }));
}

function weaker(a: Certainty, b: Certainty): Certainty {
  return CERTAINTIES.indexOf(a) > CERTAINTIES.indexOf(b) ? a : b;
}

function better(a: Certainty | undefined, b: Certainty): Certainty {
  return a !== undefined && weaker(a, b) === b ? a : b;
}
