/** What differs between two pictures of the site: hosts, services, dependencies, states and problems. */
import { compareIds } from "../model/compare.ts";
import type { GraphNode, HostGraph } from "../model/host-graph.ts";
import { parseId } from "../model/ids.ts";
import type { Impact, ProblemRef } from "../model/impact.ts";
import { type Doing, inOneGo, type Pieces } from "../model/pieces.ts";

/** Kinds of what can differ, in the order in which they are told. */
export const DIFFERENCE_KINDS = ["problem", "state", "host", "service", "dependency"] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** One thing that differs. */
export interface PictureChange {
  readonly kind: DifferenceKind;
  readonly change: "added" | "removed" | "changed";
  readonly host: string;
  /** A check, a service's id, `FROM -> TO`; null for the host itself. */
  readonly subject: string | null;
  /** What it was and is: a state, a process; null where it was not or is not. */
  readonly from: string | null;
  readonly to: string | null;
  /** Whether it is about a host with a problem in the later picture, or about what that problem's services need. */
  readonly nearProblem: boolean;
}

/** A check as the stored picture has it. */
interface StoredCheck {
  readonly service: string;
  readonly status: string;
}

/** What is needed of a stored picture. */
export interface ComparedPicture {
  nodes(): Promise<readonly string[]>;
  graphs(hosts: readonly string[]): Promise<ReadonlyMap<string, HostGraph>>;
  checksOf(hosts: readonly string[]): Promise<ReadonlyMap<string, readonly StoredCheck[]>>;
  ranking(offset: number, limit: number): Promise<readonly ProblemRef[]>;
  impact(host: string, check: string | null): Promise<Impact | undefined>;
}

/** A picture as far as it is compared. */
interface Facts {
  readonly hosts: readonly string[];
  readonly graphs: ReadonlyMap<string, HostGraph>;
  readonly checks: ReadonlyMap<string, readonly StoredCheck[]>;
  readonly impacts: readonly Impact[];
}

/** Problems compared at most. */
const MOST_PROBLEMS = 10_000;

/** Steps from what a problem broke to what it needs, within which a change counts as near. */
const NEAR_STEPS = 4;

/**
 * Compares two pictures: what lies around the later one's problems first, then by kind, host and subject. `doing` does what
 * takes long, without pauses where it is not given.
 */
export async function pictureDifference(
  before: ComparedPicture,
  after: ComparedPicture,
  doing: Doing = inOneGo,
): Promise<PictureChange[]> {
  const [a, b] = [await factsOf(before), await factsOf(after)];
  return doing(differences(a, b));
}

function* differences(before: Facts, after: Facts): Pieces<PictureChange[]> {
  const near = yield* nearHosts(before, after);
  const changes: PictureChange[] = [];
  for (const kind of DIFFERENCE_KINDS) {
    const [a, b] = [yield* things(ROWS[kind](before)), yield* things(ROWS[kind](after))];
    for (const change of yield* compared(kind, a, b)) {
      changes.push({ ...change, nearProblem: hostsAbout(change).some((host) => near.has(host)) });
      yield;
    }
  }
  return changes.sort(
    (x, y) =>
      Number(y.nearProblem) - Number(x.nearProblem) ||
      DIFFERENCE_KINDS.indexOf(x.kind) - DIFFERENCE_KINDS.indexOf(y.kind) ||
      compareIds(x.host, y.host) ||
      compareIds(x.subject ?? "", y.subject ?? ""),
  );
}

async function factsOf(picture: ComparedPicture): Promise<Facts> {
  const hosts = await picture.nodes();
  const ranking = await picture.ranking(0, MOST_PROBLEMS);
  const impacts = await Promise.all(ranking.map(({ host, check }) => picture.impact(host, check)));
  return {
    hosts,
    graphs: await picture.graphs(hosts),
    checks: await picture.checksOf(hosts),
    impacts: impacts.filter((impact) => impact !== undefined),
  };
}

/** Something that a picture has, by a key that is its own. */
interface Thing {
  readonly host: string;
  readonly subject: string | null;
  readonly value: string;
}

type Things = ReadonlyMap<string, Thing>;
type Change = Omit<PictureChange, "nearProblem">;

function* compared(kind: DifferenceKind, before: Things, after: Things): Pieces<Change[]> {
  const changes: Change[] = [];
  for (const [key, { host, subject, value }] of after) {
    const from = before.get(key)?.value ?? null;
    if (from !== value) {
      changes.push({ kind, change: from === null ? "added" : "changed", host, subject, from, to: value });
    }
    yield;
  }
  for (const [key, { host, subject, value }] of before) {
    if (!after.has(key)) {
      changes.push({ kind, change: "removed", host, subject, from: value, to: null });
    }
    yield;
  }
  return changes;
}

function* things(rows: Iterable<Thing>): Pieces<Things> {
  const found = new Map<string, Thing>();
  for (const row of rows) {
    found.set(`${row.host}\n${row.subject ?? ""}`, row);
    yield;
  }
  return found;
}

/** What is compared of each kind, one by one. */
const ROWS: Readonly<Record<DifferenceKind, (facts: Facts) => Iterable<Thing>>> = {
  problem: problemsOf,
  state: statesOf,
  host: hostsOf,
  service: servicesOf,
  dependency: dependenciesOf,
};

function* problemsOf({ impacts }: Facts): Generator<Thing> {
  for (const { problem } of impacts) {
    yield { host: problem.host, subject: problem.check, value: problem.state };
  }
}

/** States of checks, and of hosts that the monitoring knows. */
function* statesOf({ graphs, checks }: Facts): Generator<Thing> {
  for (const { host, state } of graphs.values()) {
    if (state !== null) {
      yield { host, subject: null, value: state };
    }
  }
  for (const [host, list] of checks) {
    for (const { service, status } of list) {
      yield { host, subject: service, value: status };
    }
  }
}

function* hostsOf({ hosts }: Facts): Generator<Thing> {
  for (const host of hosts) {
    yield { host, subject: null, value: "known" };
  }
}

function* servicesOf(facts: Facts): Generator<Thing> {
  for (const { host, node } of nodesOf(facts)) {
    if (node.kind === "service") {
      yield { host, subject: node.id, value: node.process ?? "unknown" };
    }
  }
}

/** Dependencies beyond one service on its own process, which come and go with the service. */
function* dependenciesOf(facts: Facts): Generator<Thing> {
  for (const { host, node } of nodesOf(facts)) {
    for (const { to } of node.needs) {
      if (node.kind === "process" || parseId(to)?.host !== host) {
        yield { host, subject: `${node.id} -> ${to}`, value: "seen" };
      }
    }
  }
}

function* nodesOf({ graphs }: Facts): Generator<{ readonly host: string; readonly node: GraphNode }> {
  for (const { host, nodes } of graphs.values()) {
    for (const node of nodes) {
      yield { host, node };
    }
  }
}

/** Hosts of the later problems, and of what their services need, as either picture has it. */
function* nearHosts(before: Facts, after: Facts): Pieces<ReadonlySet<string>> {
  const needs = new Map<string, string[]>();
  for (const facts of [before, after]) {
    for (const { node } of nodesOf(facts)) {
      needs.set(node.id, [...(needs.get(node.id) ?? []), ...node.needs.map(({ to }) => to)]);
      yield;
    }
  }
  let frontier = after.impacts.flatMap(({ failed }) => failed.map(({ id }) => id));
  const ids = new Set(frontier);
  for (let step = 0; step < NEAR_STEPS; step += 1) {
    frontier = frontier.flatMap((id) => needs.get(id) ?? []).filter((id) => !ids.has(id));
    for (const id of frontier) {
      ids.add(id);
    }
  }
  const own = after.impacts.map(({ problem }) => problem.host);
  return new Set([...own, ...[...ids].map((id) => parseId(id)?.host ?? id)]);
}

/** The host of a change, and of a dependency also the other one. */
function hostsAbout({ kind, host, subject }: Change): string[] {
  const other = kind === "dependency" ? parseId(subject?.split(" -> ")[1] ?? "")?.host : undefined;
  return other === undefined ? [host] : [host, other];
}
