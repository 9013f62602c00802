/** What a line of `nagios.log` or of the event pipe can say of a host or service check. Times are Unix seconds. */
import type { State, StateType } from "../src/model/state.ts";
import type { ObjectName } from "./name-index.ts";

/** A result with which the state changed, or that is SOFT: `HOST ALERT`, `SERVICE ALERT`. */
export interface AlertEvent extends ObjectName {
  readonly kind: "alert";
  readonly time: number;
  readonly state: State;
  readonly stateType: StateType;
  readonly attempt: number;
  /** First line of the plugin's output; null where it is not told. */
  readonly output: string | null;
}

/** Somebody acknowledged the problem, or took that back. */
export interface AcknowledgementEvent extends ObjectName {
  readonly kind: "acknowledgement";
  readonly time: number;
  readonly begins: boolean;
  /** Whether it stays when one problem state follows another. */
  readonly sticky: boolean;
}

/** A downtime or a time of flapping began or ended. */
export interface SpanEvent extends ObjectName {
  readonly kind: "downtime" | "flapping";
  readonly time: number;
  readonly begins: boolean;
}

/** Any of them. */
export type LogEvent = AlertEvent | AcknowledgementEvent | SpanEvent;
