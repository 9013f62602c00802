/** Connections that were always there, or came back again and again, and are gone now. */
import type { Alarm } from "../model/alarm.ts";
import type { EdgeRecord } from "../model/changes.ts";
import { edgeEnds, edgePort, edgeRemote } from "../model/edge-ends.ts";
import type { AlarmScene } from "./alarm-scene.ts";

const DAY = 86_400;

/** How many gaps make a rhythm. */
const LEARNED_GAPS = 3;

/** A connection is given up when it is away half as long again as it ever was. */
const PATIENCE = 1.5;

/** Ten times as long there as it was ever away: a connection that simply is there. */
const STEADY = 10;

/** Connections suddenly gone, by both their ends; told of by the client's host, by the server's where that has no agent. */
export function goneConnections(scene: AlarmScene): Alarm[] {
  const { topology, ages } = scene;
  const edges = [...topology.edges.values()];
  const gone = edges.filter((edge) => isMissed(scene, edge, topology.lastLook - edge.lastSeen));
  if (gone.length === 0) {
    return [];
  }
  const there = edges.filter((edge) => topology.lastLook - edge.lastSeen <= ages.agingConnections);
  const alive = new Set(there.map((edge) => talk(scene, edge)));
  const alarms = new Map<string, Alarm>();
  for (const edge of gone.filter((each) => !alive.has(talk(scene, each)) && isOurs(scene, each))) {
    const alarm = goneAlarm(scene, edge);
    const other = alarms.get(alarm.object);
    if (other === undefined || (other.since ?? 0) < edge.lastSeen) {
      alarms.set(alarm.object, alarm);
    }
  }
  return [...alarms.values()];
}

/** Whether a connection is away for longer than its rhythm allows, and not yet so long that it is known. */
function isMissed({ topology, ages }: AlarmScene, { lastSeen, rhythm }: EdgeRecord, away: number): boolean {
  if (away <= ages.agingConnections) {
    return false;
  }
  const { run, gaps, longest } = rhythm;
  const steady = lastSeen - run >= Math.max(DAY, STEADY * longest);
  const allowed = Math.max(ages.agingConnections, 3 * topology.interval, PATIENCE * longest);
  return (steady || gaps >= LEARNED_GAPS) && away > allowed && away <= allowed + ages.told;
}

/** What is said between two hosts, whichever process says it: a program that was renamed or moved is not gone. */
function talk(scene: AlarmScene, edge: EdgeRecord): string {
  const { process, owner, remote } = edge;
  const local = edge.direction === "unix" ? [process, owner, remote] : [];
  const other = edgeRemote(scene.topology, edge, scene.resolve);
  return JSON.stringify([edge.direction, edge.protocol, edge.port, other, ...local]);
}

/** The client's agent tells; only where there is none does the server's. Ports nobody listens at are nobody's service. */
function isOurs(scene: AlarmScene, edge: EdgeRecord): boolean {
  const remote = edgeRemote(scene.topology, edge, scene.resolve);
  if (edge.direction === "in") {
    return !scene.remembers(remote);
  }
  return edge.direction === "unix" || edge.port < scene.firstEphemeral || scene.listens(remote, edgePort(edge));
}

function goneAlarm(scene: AlarmScene, edge: EdgeRecord): Alarm {
  const { host } = scene.topology;
  const { from, to } = edgeEnds(scene.topology, edge, scene.resolve);
  const remote = edgeRemote(scene.topology, edge, scene.resolve);
  const { gaps, longest } = edge.rhythm;
  const rhythm = gaps === 0 ? "it was there all the time" : `it was never away for more than ${longest} s`;
  return {
    kind: "connection-gone",
    host,
    object: `${from} -> ${to}`,
    peer: remote === host ? null : remote,
    since: edge.lastSeen,
    severity: "WARNING",
    text: `${from} is no longer connected to ${to}; ${rhythm}`,
    details: { from, to, lastSeen: edge.lastSeen, longestGap: longest, gaps },
  };
}
