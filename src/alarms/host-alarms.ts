/** All alarms of one host, in the order of their kinds and objects. */
import { ALARM_KINDS, type Alarm } from "../model/alarm.ts";
import { compareIds } from "../model/compare.ts";
import { firstSight } from "../model/first-sight.ts";
import type { AlarmScene } from "./alarm-scene.ts";
import { goneConnections } from "./connection-alarms.ts";
import { servicesWithoutCheck, unmappedChecks, unusedServices } from "./service-alarms.ts";

/** Finds them. The same host at the same state gives the same alarms, however it came there. */
export function hostAlarms(scene: AlarmScene): Alarm[] {
  const all = [
    ...unmonitoredHost(scene),
    ...silentAgent(scene),
    ...goneConnections(scene),
    ...servicesWithoutCheck(scene),
    ...unmappedChecks(scene),
    ...unusedServices(scene),
  ];
  return all.sort(byKindAndObject);
}

function unmonitoredHost({ topology, monitoring, monitored, remembers }: AlarmScene): Alarm[] {
  const { host } = topology;
  if (!monitoring || monitored || !remembers(host)) {
    return [];
  }
  const text = `an agent reports of ${host}, but no monitoring source knows it`;
  const since = firstSight(topology);
  return [{ kind: "host-unmonitored", host, object: host, peer: null, since, severity: "WARNING", text, details: {} }];
}

/** An agent is silent after three intervals without a report; that of a host that is down cannot report. */
function silentAgent({ topology, hostCheck }: AlarmScene): Alarm[] {
  if (topology.agent !== "stale") {
    return [];
  }
  const { host, lastReport: since, interval } = topology;
  const state = hostCheck?.status.state ?? "UP";
  const explained = state === "DOWN" || state === "UNREACHABLE";
  const because = explained ? `, which is ${state},` : "";
  return [
    {
      kind: "agent-silent",
      host,
      object: host,
      peer: null,
      since,
      severity: explained ? "INFO" : "WARNING",
      text: `the agent of ${host}${because} no longer reports; what is shown of it is what it said last`,
      details: { interval },
    },
  ];
}

function byKindAndObject(a: Alarm, b: Alarm): number {
  return ALARM_KINDS.indexOf(a.kind) - ALARM_KINDS.indexOf(b.kind) || compareIds(a.object, b.object);
}
