/**
 * Log and event handlers tell the same alerts, each in order and one later than the other. Of each object the alerts of
 * the newest second are remembered, so that the later teller's are known for echoes and no state jumps back.
 */
import type { AlertEvent } from "../../nagios/log-event.ts";

/** Who tells alerts. */
export type Teller = "log" | "handler";

/** The alerts of the newest second that brought any. */
export interface HeardAlerts {
  /** Unix seconds. */
  readonly time: number;
  /** What tells them apart, in the order in which they were heard first. */
  readonly alerts: readonly string[];
  /** How many of them each teller has told. */
  readonly told: ReadonlyMap<Teller, number>;
}

/** Takes in one alert; `isEcho` where it was heard from the other teller, or is older than what was heard. */
export function hearAlert(
  heard: HeardAlerts | undefined,
  teller: Teller,
  { time, state, stateType, attempt }: AlertEvent,
): { readonly heard: HeardAlerts; readonly isEcho: boolean } {
  const alert = `${state} ${stateType} ${attempt}`;
  if (heard === undefined || time > heard.time) {
    return { heard: { time, alerts: [alert], told: new Map([[teller, 1]]) }, isEcho: false };
  }
  const place = heard.told.get(teller) ?? 0;
  if (time < heard.time) {
    return { heard, isEcho: true };
  }
  const isEcho = heard.alerts[place] === alert;
  const alerts = isEcho ? heard.alerts : [...heard.alerts, alert];
  return { heard: { time, alerts, told: new Map(heard.told).set(teller, isEcho ? place + 1 : alerts.length) }, isEcho };
}
