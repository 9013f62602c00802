/** What is handed on to the store: the views of all hosts and impacts, reduced to what differs from before. */
import type { Alarm } from "../model/alarm.ts";
import type {
  Draft,
  HostCheckRecord,
  ListenerRecord,
  NodeRecord,
  ServiceCheckRecord,
  ServiceRecord,
} from "../model/changes.ts";
import type { HostGraph } from "../model/host-graph.ts";
import type { HostNotes } from "../model/host-notes.ts";
import { affectedServices, type Impact } from "../model/impact.ts";
import type { CheckView } from "../model/problem.ts";
import { hostCheckRecord, serviceCheckRecords } from "./check-records.ts";
import { ConnectionViews } from "./connection-views.ts";
import { byFields, byText, Emitted } from "./emitted.ts";
import { graphSignature, type HostScene, hostGraph, unchangedUntil } from "./host-graph-view.ts";
import { nodeRecord, type RecordScene, serviceRecords } from "./host-records.ts";

/** Seconds by which the time of a graph may lag. */
const GRAPH_LAG = 600;

/** Remembers what was handed on. A host's records are handed on whole or not at all; see each method. */
export class Views {
  private readonly nodes = new Emitted(
    byText<NodeRecord>(
      ({ lastFetch: _, ...rest }) => JSON.stringify(rest),
      (node) => node.lastFetch,
    ),
  );
  private readonly services = new Emitted(
    byText<ServiceRecord>(
      ({ lastSeen: _, lastConnection: __, ...rest }) => JSON.stringify(rest),
      (service) => Math.max(service.lastSeen, service.lastConnection),
    ),
  );
  private readonly connections = new ConnectionViews();
  private readonly listeners = new Emitted(
    byText<ListenerRecord>(
      ({ lastSeen: _, ...rest }) => JSON.stringify(rest),
      (listener) => listener.lastSeen,
    ),
  );
  private readonly resolver = new Emitted(byFields<string>((a, b) => a === b));
  private readonly hostChecks = new Emitted(byText<HostCheckRecord>((check) => JSON.stringify(check)));
  private readonly serviceChecks = new Emitted(
    byText<readonly ServiceCheckRecord[]>((checks) => JSON.stringify(checks)),
  );
  private readonly impacts = new Emitted(
    byText<Impact>(({ computedAt: _, summary: __, ...rest }) => JSON.stringify(rest)),
  );
  private readonly noted = new Emitted(byText<HostNotes>((notes) => JSON.stringify(notes)));
  private readonly graphs = new Emitted(byText<HostGraph>(graphSignature, (graph) => graph.lastReport));
  /** Until when a graph that was drawn stays as it is, Unix seconds by host. */
  private readonly drawn = new Map<string, number>();
  private readonly alarms = new Emitted(byText<readonly Alarm[]>((alarms) => JSON.stringify(alarms)));

  /**
   * Node and services of a host; `known` false where the host is only heard of. The node's time never lags: it is the exact
   * one of all that does.
   */
  node(scene: RecordScene, known: boolean, draft: Draft): void {
    const { host } = scene.topology;
    const lag = scene.aging / 20;
    addAll(draft.nodes, this.nodes.diff(host, known ? new Map([[host, nodeRecord(scene)]]) : new Map(), 0));
    const before = this.services.keysOf(host);
    for (const [id, value] of this.services.diff(host, serviceRecords(scene), lag)) {
      const port = value?.port ?? id.slice(id.lastIndexOf(":") + 1);
      draft.services.set(id, { node: host, port, value });
      if (value === null || !before.has(id)) {
        draft.events.push({ kind: "topology", host, subject: id, from: null, to: value?.process ?? null });
      }
    }
  }

  /**
   * Connections of a host, as readers see them and as they are remembered; `anew` where something of the host was derived
   * anew since the last time.
   */
  connectionsOf(scene: RecordScene, agingConnections: number, anew: boolean, draft: Draft): void {
    const { topology } = scene;
    const { host } = topology;
    const lag = agingConnections / 20;
    if (anew) {
      this.connections.anew(scene, lag, draft);
    } else {
      this.connections.again(scene, lag, draft);
    }
    addBelow(draft.listeners, host, this.listeners.diff(host, topology.listeners, lag));
    const addresses = topology.ips.filter((ip) => scene.resolve(ip) === host).map((ip) => [ip, host] as const);
    for (const [ip, owner] of this.resolver.diff(host, new Map(addresses))) {
      // An address that moved is the other host's already, whichever of the two is looked at first.
      if (owner !== null || !this.resolver.keysOf(scene.resolve(ip)).has(ip)) {
        draft.resolver.set(ip, owner);
      }
    }
  }

  /** Checks of a host. */
  checks(
    host: string,
    own: CheckView | undefined,
    checks: readonly CheckView[],
    processOf: (id: string) => string | null,
    draft: Draft,
  ): void {
    const records = serviceCheckRecords(host, checks, processOf);
    const ownRecord = hostCheckRecord(host, own, records);
    addAll(
      draft.hostChecks,
      this.hostChecks.diff(host, ownRecord === undefined ? new Map() : new Map([[host, ownRecord]])),
    );
    addAll(
      draft.serviceChecks,
      this.serviceChecks.diff(host, records.length === 0 ? new Map() : new Map([[host, records]])),
    );
  }

  /** The graph of a host, or its end where `scene` is undefined. */
  graph(host: string, scene: HostScene | undefined, draft: Draft): void {
    const graph = scene === undefined ? undefined : hostGraph(scene);
    addAll(draft.graphs, this.graphs.diff(host, graph === undefined ? new Map() : new Map([[host, graph]]), GRAPH_LAG));
    if (scene === undefined || graph === undefined) {
      this.drawn.delete(host);
    } else {
      this.drawn.set(host, unchangedUntil(graph, scene.aging));
    }
  }

  /** Whether the graph of a host would be the same again after a report at that time that changed no dependency. */
  isDrawn(host: string, lastReport: number, now: number): boolean {
    const last = this.graphs.last(host);
    return last !== undefined && lastReport - last.seen <= GRAPH_LAG && now <= (this.drawn.get(host) ?? 0);
  }

  /** Has the graph of a host drawn at its next report. */
  redraw(host: string): void {
    this.drawn.delete(host);
  }

  /** What is noted at a host; nothing is handed on where there is nothing to say. */
  notes(host: string, notes: HostNotes | undefined, draft: Draft): void {
    const worth = notes !== undefined && isWorthAWord(notes);
    const changed = this.noted.diff(host, worth ? new Map([[host, notes]]) : new Map());
    addAll(draft.notes, changed);
    if (changed.size > 0) {
      draft.events.push({ kind: "notes", host, subject: null, from: null, to: null });
    }
  }

  /** One impact, or its end. */
  impact(problem: string, now: Impact | undefined, draft: Draft): void {
    for (const [key, impact] of this.impacts.diff(problem, now === undefined ? new Map() : new Map([[problem, now]]))) {
      draft.impacts.set(key, impact);
      const [host = "", ...check] = key.split("::");
      const to = impact === null ? null : `${affectedServices(impact)}`;
      draft.events.push({ kind: "impact", host, subject: check.join("::"), from: null, to });
    }
  }

  /** All alarms of a host, of none where it is empty. */
  alarmsOf(host: string, alarms: readonly Alarm[], draft: Draft): void {
    for (const [key, value] of this.alarms.diff(host, alarms.length === 0 ? new Map() : new Map([[host, alarms]]))) {
      draft.alarms.set(key, value);
      draft.events.push({ kind: "alarm", host, subject: null, from: null, to: `${value?.length ?? 0}` });
    }
  }

  /** Has everything handed on again, and what is gone by then as well. */
  renew(): void {
    this.drawn.clear();
    const all = [this.nodes, this.services, this.connections, this.listeners];
    for (const emitted of [
      ...all,
      this.resolver,
      this.hostChecks,
      this.serviceChecks,
      this.impacts,
      this.graphs,
      this.alarms,
      this.noted,
    ]) {
      emitted.renew();
    }
  }
}

function isWorthAWord({ alias, actionUrl, variables, checks, comments, downtimes }: HostNotes): boolean {
  return alias + actionUrl !== "" || [variables, checks, comments, downtimes].some((list) => list.length > 0);
}

function addAll<V>(to: Map<string, V>, from: ReadonlyMap<string, V>): void {
  for (const [key, value] of from) {
    to.set(key, value);
  }
}

function addBelow<V>(to: Map<string, Map<string, V>>, host: string, from: ReadonlyMap<string, V>): void {
  if (from.size > 0) {
    to.set(host, new Map(from));
  }
}
