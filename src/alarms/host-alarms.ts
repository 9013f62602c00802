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

/**
 * An agent is silent after three intervals without a report, and where it was asked and never gave one; that of a host
 * that is down cannot report.
 */
function silentAgent({ topology, hostCheck, fetchFault }: AlarmScene): Alarm[] {
  const { host, agent, lastReport, interval } = topology;
  const never = agent === "none" && fetchFault !== undefined;
  if (agent !== "stale" && !never) {
    return [];
  }
  const state = hostCheck?.status.state ?? "UP";
  const explained = state === "DOWN" || state === "UNREACHABLE";
  const because = explained ? `, which is ${state},` : "";
  const said = never ? "has given no report yet" : "no longer reports; what is shown of it is what it said last";
  const why = fetchFault === undefined ? "" : ` (${fetchFault})`;
  return [
    {
      kind: "agent-silent",
      host,
      object: host,
      peer: null,
      since: never ? null : lastReport,
      severity: explained ? "INFO" : "WARNING",
      text: `the agent of ${host}${because} ${said}${why}`,
      details: never ? {} : { interval },
    },
  ];
}

function byKindAndObject(a: Alarm, b: Alarm): number {
  return ALARM_KINDS.indexOf(a.kind) - ALARM_KINDS.indexOf(b.kind) || compareIds(a.object, b.object);
}
