/** What we find wrong in the shape of the original's `/report`. */
import type { Alarm, AlarmKind } from "../../model/alarm.ts";
import type { Pieces } from "../../model/pieces.ts";
import { escapeMarkup } from "../../render/xml.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { inSlices } from "../../store/time-slices.ts";
import { hasPlainName } from "./compat-text.ts";

/** The original's categories. */
const CATEGORY: Readonly<Record<AlarmKind, "monitoring" | "agent" | "usage">> = {
  "source-stale": "monitoring",
  "host-unmonitored": "monitoring",
  "service-without-check": "monitoring",
  "check-unmapped": "monitoring",
  "agent-silent": "agent",
  "connection-gone": "usage",
  "service-unused": "usage",
};

/** Where an alarm of no host stands. */
const NOWHERE = "DOTM";

/** `/report`. */
export async function compatReport(reader: MapReader) {
  const [nodes, alarms] = await Promise.all([reader.nodes(), reader.alarms()]);
  return { nodes: nodes.filter(hasPlainName), alerts: await inSlices(byHost(alarms)) };
}

function* byHost(alarms: readonly Alarm[]): Pieces<object> {
  const alerts = new Map<string, object[]>();
  for (const { kind, severity, host, text } of alarms.filter((alarm) => hasPlainName(alarm.host ?? NOWHERE))) {
    const of = host ?? NOWHERE;
    const own = alerts.get(of) ?? [];
    alerts.set(of, own);
    own.push({ category: CATEGORY[kind], severity, message: escapeMarkup(text) });
    yield;
  }
  return Object.fromEntries(alerts);
}
