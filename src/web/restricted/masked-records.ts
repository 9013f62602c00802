/** Records of checks, hosts, notes, alarms and sources as a restricted viewer reads them. */
import type { Alarm, AlarmKind } from "../../model/alarm.ts";
import type { HostCheckRecord, NodeRecord, ServiceCheckRecord } from "../../model/changes.ts";
import type { HostNotes } from "../../model/host-notes.ts";
import { parseId } from "../../model/ids.ts";
import type { SourceHealth } from "../../model/monitoring.ts";
import type { Settings } from "../../model/settings.ts";
import type { Mask } from "./mask.ts";

/** The record of a host. */
export function maskedNode(host: string, node: NodeRecord, mask: Mask): NodeRecord {
  const { lastFetch, fetchStatus, ips, serviceAlerts } = node;
  const status = fetchStatus === "OK" || mask.sees(host) ? mask.text(fetchStatus) : "failed";
  return { lastFetch, fetchStatus: status, ips: mask.sees(host) ? ips : [], serviceAlerts };
}

/** The check of a host. */
export function maskedHostCheck(record: HostCheckRecord, mask: Mask): HostCheckRecord {
  const { node, status, lastCheck, lastStatusChange, statusInformation, servicesAlerts, otherAlerts } = record;
  return {
    ...{ node: mask.host(node), status, lastCheck, lastStatusChange },
    statusInformation: mask.about(node, statusInformation),
    servicesAlerts: withKeys(servicesAlerts, (process) => mask.process(node, process) ?? ""),
    otherAlerts: withKeys(otherAlerts, (check) => mask.check(node, check) ?? ""),
  };
}

/** A service check. */
export function maskedCheck(record: ServiceCheckRecord, mask: Mask): ServiceCheckRecord {
  const { node, service, status, lastCheck, lastStatusChange, mappedBy, ambiguous, handled, soft } = record;
  return {
    ...{ node: mask.host(node), service: mask.check(node, service) ?? "", status, lastCheck, lastStatusChange },
    statusInformation: mask.about(node, record.statusInformation),
    mapping: mask.process(node, record.mapping),
    services: record.services.map((id) => mask.id(id)),
    ...{ mappedBy, ambiguous, handled, soft },
  };
}

/** What somebody wrote at a host or a check: a comment or a downtime. */
type Written = Pick<HostNotes["comments"][number] | HostNotes["downtimes"][number], "check" | "id" | "author" | "text">;

/** What is noted at a host that is shown; at others nothing is. */
export function maskedNotes(notes: HostNotes, mask: Mask): HostNotes {
  const text = (value: string) => mask.text(value);
  const variables = (all: HostNotes["variables"]) =>
    all.map(({ name, value }) => ({ name: text(name), value: text(value) }));
  const check = (name: string | null) => mask.check(notes.host, name);
  const written = <Note extends Written>(note: Note): Note => ({
    ...note,
    ...{ check: check(note.check), id: text(note.id), author: text(note.author), text: text(note.text) },
  });
  return {
    host: notes.host,
    alias: text(notes.alias),
    // Its own address, which is shown elsewhere, too.
    address: notes.address,
    actionUrl: text(notes.actionUrl),
    variables: variables(notes.variables),
    checks: notes.checks.map((each) => ({
      check: check(each.check) ?? "",
      groups: each.groups.map(text),
      actionUrl: text(each.actionUrl),
      variables: variables(each.variables),
    })),
    comments: notes.comments.map(written),
    downtimes: notes.downtimes.map(written),
  };
}

/** What an alarm says of a host that is not shown. */
const WORDS: Readonly<Record<AlarmKind, string>> = {
  "source-stale": "a source of states is silent",
  "host-unmonitored": "the monitoring does not know this host",
  "agent-silent": "its agent is silent",
  "connection-gone": "a connection is gone",
  "service-without-check": "it has no service check",
  "check-unmapped": "nothing is known of what this checks",
  "service-unused": "nobody has been seen to use it for long",
};

/** An alarm. */
export function maskedAlarm(alarm: Alarm, mask: Mask): Alarm {
  const { kind, host, object, peer, since, severity, text, details } = alarm;
  const isShown = [host, peer, ...object.split(" -> ").map(hostIn)].every((each) => !each || mask.sees(each));
  return {
    ...{ kind, since, severity },
    host: host === null ? null : mask.host(host),
    object: maskedObject(alarm, mask),
    peer: peer === null ? null : mask.host(peer),
    text: isShown ? mask.text(text) : WORDS[kind],
    details: Object.fromEntries(
      Object.entries(details).map(([name, value]) => [name, typeof value === "string" ? mask.id(value) : value]),
    ),
  };
}

function maskedObject({ kind, host, object }: Alarm, mask: Mask): string {
  switch (kind) {
    case "check-unmapped":
      return mask.check(host ?? "", object) ?? "";
    case "host-unmonitored":
    case "agent-silent":
      return mask.host(object);
    case "source-stale":
      return mask.text(object);
    default:
      return mask.id(object);
  }
}

function hostIn(id: string): string | undefined {
  return parseId(id)?.host;
}

/** A source of states. What is wrong with it names machines that may be no hosts of the map, so only that it is told. */
export function maskedSource(source: SourceHealth, mask: Mask): SourceHealth {
  const { error, warning } = source;
  return {
    ...source,
    source: mask.text(source.source),
    error: error === null ? null : FAULT,
    ...(warning === undefined ? {} : { warning: FAULT }),
  };
}

const FAULT = "Who sees all hosts is told what is wrong.";

/** The settings, as far as pages need them: names for hosts that are shown, and nothing of where DOTM reads from. */
export function maskedSettings(settings: Settings, mask: Mask): Settings {
  return {
    ...settings,
    userNodeAliases: new Map([...settings.userNodeAliases].filter(([, host]) => mask.sees(host))),
    nagiosInstance: { ...settings.nagiosInstance, url: "", user: "", password: null },
    otherInternalNetworks: [],
    serviceMapping: [],
  };
}

function withKeys<Value>(record: Readonly<Record<string, Value>>, key: (name: string) => string) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [key(name), value]));
}
