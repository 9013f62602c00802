/** The records of a host's connections that Redis readers of the original know. */
import type { ConnectionRecord, EdgeRecord } from "../model/changes.ts";
import { portName } from "../model/ids.ts";
import type { RecordScene } from "./host-records.ts";

/**
 * Records of the connections, by `port::remote`; several processes with one key are one record. A connection within the
 * host counts once, though both of its ends are seen. What is hidden by its age has no record, though it is remembered.
 */
export function connectionRecords(
  scene: RecordScene,
  edges: Iterable<EdgeRecord> = scene.topology.edges.values(),
): Map<string, ConnectionRecord> {
  const records = new Map<string, ConnectionRecord>();
  /** Connections of the row that gave a record its process, where several rows share the key. */
  const most = new Map<string, number>();
  const within = new Ends();
  for (const edge of edges) {
    if (!isShown(scene, edge)) {
      continue;
    }
    const record = connectionRecord(scene, edge);
    const key = recordKey(record);
    within.add(key, record);
    const sofar = records.get(key);
    if (sofar === undefined) {
      records.set(key, record);
    } else {
      const mostSofar = most.get(key) ?? sofar.connections;
      const connections = within.of(key) ?? sofar.connections + record.connections;
      records.set(key, { ...together(sofar, mostSofar, record), connections });
      most.set(key, Math.max(mostSofar, record.connections));
    }
  }
  return records;
}

/** Whether a connection has a record. */
export function isShown({ now, hiding }: RecordScene, { direction, lastSeen }: EdgeRecord): boolean {
  return direction !== "unix" && now - lastSeen <= hiding;
}

/** What a connection is known by among those of its host. */
export function recordKey({ port, remote }: ConnectionRecord): string {
  return `${port}::${remote}`;
}

/** Connections within a host, of which it sees both ends. */
class Ends {
  private readonly counts = new Map<string, { in: number; out: number }>();

  add(key: string, { node, remote, direction, connections }: ConnectionRecord): void {
    if (node === remote) {
      const ends = this.counts.get(key) ?? { in: 0, out: 0 };
      ends[direction] += connections;
      this.counts.set(key, ends);
    }
  }

  of(key: string): number | undefined {
    const ends = this.counts.get(key);
    return ends === undefined ? undefined : Math.max(ends.in, ends.out);
  }
}

/** The record of one connection, as if no other had its key. */
export function connectionRecord(scene: RecordScene, edge: EdgeRecord): ConnectionRecord {
  const { host } = scene.topology;
  const remote = edge.remote === "127.0.0.1" ? host : scene.resolve(edge.remote);
  const protocol = edge.protocol === "udp" ? "udp" : "tcp";
  const named = portName(protocol, edge.port);
  const high = portName(protocol, "high");
  const outgoing = edge.direction === "out";
  const hidden = outgoing && edge.port >= scene.firstEphemeral && !scene.listens(remote, named);
  const port = hidden ? high : named;
  return {
    node: host,
    port,
    remote,
    process: edge.process ?? "",
    connections: edge.count,
    lastConnection: edge.lastSeen,
    lastSeen: edge.lastSeen,
    direction: outgoing ? "out" : "in",
    remotePort: outgoing ? port : "high",
    localPort: outgoing ? "high" : port,
  };
}

/** Process and direction are of the row with most connections, of equals the first by name. */
function together(sofar: ConnectionRecord, most: number, record: ConnectionRecord): ConnectionRecord {
  const wins = record.connections > most || (record.connections === most && rank(record) < rank(sofar));
  const lastSeen = Math.max(sofar.lastSeen, record.lastSeen);
  return {
    ...(wins ? record : sofar),
    lastSeen,
    lastConnection: lastSeen,
  };
}

function rank(record: ConnectionRecord): string {
  return `${record.direction} ${record.process}`;
}

/** Whether two records of one key say the same but for their times. */
export function sameConnection(a: ConnectionRecord, b: ConnectionRecord): boolean {
  // Node, port and remote are the key.
  return (
    a.connections === b.connections &&
    a.process === b.process &&
    a.direction === b.direction &&
    a.remotePort === b.remotePort &&
    a.localPort === b.localPort
  );
}
