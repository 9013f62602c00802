/** What we find wrong in the shape of the original's `/report`. */
import type { AlarmKind } from "../../model/alarm.ts";
import { escapeMarkup } from "../../render/xml.ts";
import type { MapReader } from "../../store/map-reader.ts";
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
  const alerts = new Map<string, object[]>();
  for (const { kind, severity, host, text } of alarms) {
    const of = host ?? NOWHERE;
    if (hasPlainName(of)) {
      const message = escapeMarkup(text);
      const own = alerts.get(of) ?? [];
      own.push({ category: CATEGORY[kind], severity, message });
      alerts.set(of, own);
    }
  }
  return { nodes: nodes.filter(hasPlainName), alerts: Object.fromEntries(alerts) };
}
