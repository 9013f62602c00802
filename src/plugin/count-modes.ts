/** Modes that count what DOTM itself finds wrong, and how much of the monitoring it understands. */
import { numberField, textField } from "../../nagios/json-field.ts";
import type { JsonFields } from "../../nagios/json-rows.ts";
import type { AlarmKind } from "../model/alarm.ts";
import type { Dotm } from "./ask-dotm.ts";
import type { Options } from "./options.ts";
import { judged, type Status, worst } from "./status.ts";
import type { Verdict } from "./verdict.ts";

/** Share of checks that are understood, in percent. */
export async function coverageVerdict(dotm: Dotm, { thresholds }: Options): Promise<Verdict> {
  const coverage = await dotm.get("api/v1/rules/coverage");
  const [checks, unmapped] = [numberField(coverage, "checks"), numberField(coverage, "unmapped")];
  const understood = checks - unmapped;
  const percent = checks === 0 ? 100 : (understood / checks) * 100;
  return {
    status: judged(percent, thresholds, "OK"),
    text: `${understood} of ${checks} service checks are understood (${Math.floor(percent)} %)`,
    figures: [
      { label: "coverage", value: percent, unit: "%", thresholds, most: 100 },
      { label: "checks", value: checks, unit: "" },
      { label: "unmapped", value: unmapped, unit: "" },
    ],
    details: unmapped === 0 ? [] : ["See dotm get mappings, and dotm map suggest for rules"],
  };
}

/** Alarms, of one kind, of one host, about one object. */
export async function alarmVerdict(dotm: Dotm, options: Options, kind = options.kind): Promise<Verdict> {
  const told = await dotm.list("api/v1/alarms", { kind, host: options.host });
  const alarms = told.filter((alarm) => options.object === null || textField(alarm, "object") === options.object);
  const count = alarms.length;
  // Who asks for one kind wants to hear of it, however grave we think it is.
  const least: Status = kind === null || count === 0 ? "OK" : "WARNING";
  const own = worst([least, ...alarms.map(severityStatus)]);
  const first = alarms[0] === undefined ? "" : `: ${textField(alarms[0], "text")}`;
  return {
    status: judged(count, options.thresholds, own),
    text: `${count} ${NAMES[kind ?? "all"]?.[count === 1 ? 0 : 1]}${first}`,
    figures: [{ label: kind ?? "alarms", value: count, unit: "", thresholds: options.thresholds }],
    details: alarms.map((alarm) => `${textField(alarm, "severity")} ${textField(alarm, "text")}`),
  };
}

const NAMES: Readonly<Record<AlarmKind | "all", readonly [one: string, many: string]>> = {
  all: ["alarm", "alarms"],
  "source-stale": ["source fails", "sources fail"],
  "host-unmonitored": ["host is not monitored", "hosts are not monitored"],
  "agent-silent": ["agent is silent", "agents are silent"],
  "connection-gone": ["connection is gone", "connections are gone"],
  "service-without-check": ["service has no check", "services have no check"],
  "check-unmapped": ["check is not understood", "checks are not understood"],
  "service-unused": ["service is unused", "services are unused"],
};

function severityStatus(alarm: JsonFields): Status {
  const severity = textField(alarm, "severity");
  return severity === "CRITICAL" || severity === "WARNING" ? severity : "OK";
}
