/** Finds what changed before a problem began: on its host, and in what its services need. */
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import { compareIds } from "../model/compare.ts";
import { edgeEnds, edgeRemote, type Resolve } from "../model/edge-ends.ts";
import { firstSight, firstSights } from "../model/first-sight.ts";
import { serviceId } from "../model/ids.ts";
import type { PastChange, PastChangeKind } from "../model/past-change.ts";
import type { HostTopology } from "../model/topology.ts";

/** Seconds before a problem in which changes are looked for. */
const WINDOW = 900;

/** Seconds a change may be seen after what it caused: agents and monitoring look now and then, and by their own clocks. */
const LATE = 30;

/** A connection that was there for less than this before it was gone comes and goes anyway; seconds. */
const LASTING = 600;

/** Changes told of at most. */
const MOST = 20;

/** Where to look. */
export interface PastScene {
  /** Unix seconds when the problem began. */
  readonly since: number;
  /** Its host: all that changed there counts. */
  readonly host: string;
  /** Ids it broke and all they need. */
  readonly ids: ReadonlySet<string>;
  /** The hosts of those. */
  readonly hosts: readonly HostTopology[];
  readonly resolve: Resolve;
  /** Whether an agent ever reported of a host. */
  readonly remembers: (host: string) => boolean;
}

/** The changes, those nearest to the beginning of the problem first. */
export function pastChanges(scene: PastScene): PastChange[] {
  const changes = new Map<string, PastChange>();
  for (const topology of scene.hosts) {
    for (const change of changesOn(topology, scene)) {
      changes.set(`${change.kind} ${change.subject}`, change);
    }
  }
  const near = (change: PastChange) => Math.abs(change.secondsBefore);
  return [...changes.values()]
    .sort((a, b) => near(a) - near(b) || compareIds(a.kind, b.kind) || compareIds(a.subject, b.subject))
    .slice(0, MOST);
}

interface Seen {
  readonly kind: PastChangeKind;
  readonly subject: string;
  /** Unix seconds. */
  readonly at: number;
  /** Ids of which one must matter. */
  readonly about: readonly string[];
}

function changesOn(topology: HostTopology, scene: PastScene): PastChange[] {
  const { since, host, ids } = scene;
  // At the first look at a host everything is new, so nothing is.
  const known = firstSight(topology) + topology.interval;
  const seen = [...listenerChanges(topology, known), ...edgeChanges(topology, known, scene), ...restarts(topology)];
  return seen
    .filter(({ at }) => at >= since - WINDOW && at <= since + LATE)
    .filter(({ about }) => topology.host === host || about.some((id) => ids.has(id)))
    .map(({ kind, subject, at }) => ({
      kind,
      host: topology.host,
      subject,
      at: new Date(at * 1000).toISOString(),
      secondsBefore: Math.round(since - at),
    }));
}

function listenerChanges(topology: HostTopology, known: number): Seen[] {
  return [...topology.listeners].flatMap(([port, listener]) => {
    const subject = serviceId(topology.host, port);
    const event = (kind: PastChangeKind, at: number): Seen => ({ kind, subject, at, about: [subject] });
    return [
      ...(listener.firstSeen > known ? [event("listener-new", listener.firstSeen)] : []),
      ...(isGone(topology, listener) ? [event("listener-gone", listener.lastSeen)] : []),
    ];
  });
}

/** The client's end tells; the server's only where the client has no agent. */
function edgeChanges(topology: HostTopology, known: number, { resolve, remembers }: PastScene): Seen[] {
  return [...topology.edges.values()].flatMap((edge) => {
    if (edge.direction === "in" && remembers(edgeRemote(topology, edge, resolve))) {
      return [];
    }
    const { from, to } = edgeEnds(topology, edge, resolve);
    const subject = `${from} -> ${to}`;
    const event = (kind: PastChangeKind, at: number): Seen => ({ kind, subject, at, about: [from, to] });
    const lasting = edge.lastSeen - edge.rhythm.run >= LASTING;
    return [
      ...(edge.firstSeen > known ? [event("connection-new", edge.firstSeen)] : []),
      ...(lasting && isGone(topology, edge) ? [event("connection-gone", edge.lastSeen)] : []),
    ];
  });
}

/** A process that was there before it started has been restarted. */
function restarts(topology: HostTopology): Seen[] {
  const first = firstSights(topology);
  return [...topology.starts]
    .filter(([id, started]) => (first.get(id) ?? Number.POSITIVE_INFINITY) < started)
    .map(([id, at]) => ({ kind: "process-restarted", subject: id, at, about: [id] }));
}

/** Missing in the last look that saw everything. */
function isGone({ lastLook, interval }: HostTopology, { lastSeen }: EdgeRecord | ListenerRecord): boolean {
  return lastLook - lastSeen > interval;
}
