/**
 * The connections of hosts, as readers see them and as they are remembered. Between two turns that find dependencies anew
 * most of a host's edges only tell a later time: those cost a look each, and nothing is made of them.
 */
import type { ConnectionRecord, Draft, EdgeRecord } from "../model/changes.ts";
import { connectionRecord, connectionRecords, isShown, recordKey, sameConnection } from "./connection-records.ts";
import { edgeField, sameEdge } from "./edge-fields.ts";
import { byFields, Emitted } from "./emitted.ts";
import type { RecordScene } from "./host-records.ts";

/** An edge as it was looked at last. */
interface Looked {
  /** The same object as long as nothing but its time differs. */
  edge: EdgeRecord;
  readonly field: string;
  /** Key of its record; undefined where it has none. */
  readonly key: string | undefined;
  /** Unix seconds its record was told with last; others may share the record. */
  told: number;
}

/** Remembers what was handed on. */
export class ConnectionViews {
  private readonly records = new Emitted(byFields(sameConnection, (connection) => connection.lastSeen));
  private readonly edges = new Emitted(byFields(sameEdge));
  private readonly looked = new Map<string, readonly Looked[]>();

  /** Has everything handed on again. */
  renew(): void {
    this.records.renew();
    this.edges.renew();
    this.looked.clear();
  }

  /** Looks at all connections of a host; times of records may lag by so many seconds. */
  anew(scene: RecordScene, lag: number, draft: Draft): void {
    const { topology } = scene;
    const looked: Looked[] = [];
    const byField = new Map<string, EdgeRecord>();
    for (const edge of topology.edges.values()) {
      const field = edgeField(topology, edge);
      byField.set(field, edge);
      const key = isShown(scene, edge) ? recordKey(connectionRecord(scene, edge)) : undefined;
      looked.push({ edge, field, key, told: edge.lastSeen });
    }
    const seen = new Map<string, number>();
    addRecords(draft, topology.host, this.records.diff(topology.host, connectionRecords(scene), lag, seen));
    if (seen.size > 0) {
      draft.seen.set(topology.host, seen);
    }
    addEdges(draft, topology.host, this.edges.diff(topology.host, byField));
    const kept = this.records.of(topology.host);
    for (const each of looked) {
      each.told = kept.get(each.key ?? "")?.lastSeen ?? 0;
    }
    // Where two edges share a field the last one tells it: then all are looked at each time.
    if (byField.size === looked.length) {
      this.looked.set(topology.host, looked);
    } else {
      this.looked.delete(topology.host);
    }
  }

  /** The same for a host of which nothing was derived anew since the last look. */
  again(scene: RecordScene, lag: number, draft: Draft): void {
    const { host, edges } = scene.topology;
    const looked = this.looked.get(host);
    if (looked?.length !== edges.size || !isTheSame(scene, looked)) {
      this.anew(scene, lag, draft);
      return;
    }
    const changed = new Map<string, EdgeRecord>();
    const [anew, moved] = [new Set<string>(), new Map<string, number>()];
    let at = 0;
    for (const edge of edges.values()) {
      const last = looked[at++] as Looked;
      if (last.edge !== edge) {
        changed.set(last.field, edge);
        anew.add(last.key ?? "");
        last.edge = edge;
      } else if (last.key !== undefined && edge.lastSeen - last.told > lag) {
        moved.set(last.key, Math.max(edge.lastSeen, moved.get(last.key) ?? 0));
      }
    }
    if (changed.size + moved.size === 0) {
      return;
    }
    addEdges(draft, host, this.edges.diffSome(host, changed));
    this.tellRecords(scene, { looked, anew, moved }, lag, draft);
  }

  /** Tells of records that are made anew, and of those that only moved on. */
  private tellRecords(
    scene: RecordScene,
    {
      looked,
      anew,
      moved,
    }: { readonly looked: readonly Looked[]; readonly anew: ReadonlySet<string>; readonly moved: Map<string, number> },
    lag: number,
    draft: Draft,
  ): void {
    const { host } = scene.topology;
    const seen = new Map<string, number>();
    const edges = looked.filter(({ key = "" }) => anew.has(key)).map(({ edge }) => edge);
    addRecords(draft, host, this.records.diffSome(host, connectionRecords(scene, edges), lag, seen));
    const kept = this.records.of(host);
    for (const [key, lastSeen] of moved) {
      const known = anew.has(key) ? undefined : kept.get(key);
      if (known !== undefined) {
        kept.set(key, { ...known, lastSeen, lastConnection: lastSeen });
        seen.set(key, lastSeen);
      }
    }
    if (seen.size > 0) {
      draft.seen.set(host, seen);
    }
    for (const each of looked) {
      if (each.key !== undefined && (moved.has(each.key) || anew.has(each.key))) {
        each.told = kept.get(each.key)?.lastSeen ?? 0;
      }
    }
  }
}

/** Whether all edges of a host have the records they had, with what may have become of these meanwhile. */
function isTheSame(scene: RecordScene, looked: readonly Looked[]): boolean {
  let at = 0;
  for (const edge of scene.topology.edges.values()) {
    const { edge: last, key } = looked[at++] as Looked;
    const isNamedByPort = edge.direction === "out" && edge.port >= scene.firstEphemeral;
    if (
      (edge !== last && !isSameThing(edge, last)) ||
      isShown(scene, edge) !== (key !== undefined) ||
      (isNamedByPort && key !== undefined && recordKey(connectionRecord(scene, edge)) !== key)
    ) {
      return false;
    }
  }
  return true;
}

function isSameThing(a: EdgeRecord, b: EdgeRecord): boolean {
  return (
    a.remote === b.remote &&
    a.port === b.port &&
    a.process === b.process &&
    a.owner === b.owner &&
    a.direction === b.direction &&
    a.protocol === b.protocol
  );
}

function addRecords(draft: Draft, host: string, changed: ReadonlyMap<string, ConnectionRecord | null>): void {
  for (const [key, value] of changed) {
    const [port = "", remote = ""] = key.split("::");
    draft.connections.set(`${host}::${key}`, { node: host, port, remote, value });
  }
}

function addEdges(draft: Draft, host: string, changed: ReadonlyMap<string, EdgeRecord | null>): void {
  if (changed.size > 0) {
    draft.edges.set(host, new Map(changed));
  }
}
