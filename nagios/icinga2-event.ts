/**
 * The lines of Icinga 2's event stream (`/v1/events`), one JSON object each. A check result carries all that it
 * changes; of an acknowledgement, a downtime or a time of flapping the line only says whose it is, since the object
 * itself then tells more. The stream comes in bursts; what counts is the time within a line.
 */
import type { StateType } from "../src/model/state.ts";
import { type Attrs, attrsOf, flagAt, numberAt, parseAttrs, textAt, timeAt } from "./icinga2-attrs.ts";
import type { ObjectName } from "./name-index.ts";
import { stateTypeOf } from "./states.ts";

/** Types of events that bring a result; one of them is needed. */
export const RESULT_EVENTS = ["CheckResult", "StateChange"] as const;

/** All types of events that are of use. */
export const EVENT_TYPES = [
  ...RESULT_EVENTS,
  "AcknowledgementSet",
  "AcknowledgementCleared",
  "CommentAdded",
  "CommentRemoved",
  "DowntimeAdded",
  "DowntimeRemoved",
  "DowntimeStarted",
  "DowntimeTriggered",
  "Flapping",
  "ObjectCreated",
  "ObjectModified",
  "ObjectDeleted",
] as const;

/** A result of a check, and what its object is after it. */
export interface ResultEvent extends ObjectName {
  readonly kind: "result";
  /** When Icinga 2 told it. */
  readonly time: number;
  /** When the check was done; what the object calls `last_check`. */
  readonly checked: number;
  /** When its plugin ended. */
  readonly ended: number;
  /** The plugin's state, 0 to 3, for hosts as well. */
  readonly code: number;
  readonly stateType: StateType;
  readonly attempt: number;
  readonly reachable: boolean;
  /** Whole output of the plugin without its performance data. */
  readonly output: string;
  /** Seconds for which the result holds, 0 where it does not say. */
  readonly ttl: number;
  readonly acknowledged: boolean;
  readonly downtimeDepth: number;
}

/** Something about an object is different now, and the object itself says what. */
export interface TouchEvent extends ObjectName {
  readonly kind: "touch";
  readonly time: number;
  /** Whether a comment or downtime was added, changed or removed. */
  readonly hasNote: boolean;
}

/** Hosts, service checks, dependencies or groups are others now; or a line that says nothing to us. */
export interface OtherEvent {
  readonly kind: "configuration" | "nothing";
  readonly time: number;
}

/** Any of them. */
export type Icinga2Event = ResultEvent | TouchEvent | OtherEvent;

const RESULTS: ReadonlySet<string> = new Set(RESULT_EVENTS);
const TOUCHES: ReadonlySet<string> = new Set(["AcknowledgementSet", "AcknowledgementCleared", "Flapping"]);
const NOTES: ReadonlySet<string> = new Set(EVENT_TYPES.filter((type) => /^(?:Comment|Downtime)/.test(type)));
const OBJECTS: ReadonlySet<string> = new Set(EVENT_TYPES.filter((type) => type.startsWith("Object")));

/** Types of objects that tell of hosts and service checks; Icinga 2 creates and deletes many others. */
const CONFIGURED: ReadonlySet<string> = new Set(["Host", "Service", "Dependency", "HostGroup", "ServiceGroup"]);

/** Reads one line; undefined where it is no event. Never throws. */
export function readEvent(line: string): Icinga2Event | undefined {
  const event = parseAttrs(line);
  const type = event === undefined ? "" : textAt(event, "type");
  if (event === undefined || type === "") {
    return;
  }
  const time = timeAt(event, "timestamp");
  if (RESULTS.has(type)) {
    return resultOf(event, time);
  }
  if (TOUCHES.has(type)) {
    return touchOf(event, time, "service", false);
  }
  if (NOTES.has(type)) {
    const note = attrsOf(event["comment"]) ?? attrsOf(event["downtime"]);
    return note && touchOf({ ...note, host: note["host_name"] }, time, "service_name", true);
  }
  const isConfiguration = OBJECTS.has(type) && CONFIGURED.has(textAt(event, "object_type"));
  return { kind: isConfiguration ? "configuration" : "nothing", time };
}

function resultOf(event: Attrs, time: number): ResultEvent | TouchEvent | undefined {
  const touch = touchOf(event, time, "service", false);
  const result = attrsOf(event["check_result"]);
  const after = result && attrsOf(result["vars_after"]);
  const code = after && numberAt(after, "state", -1);
  if (touch === undefined || result === undefined || after === undefined || code === undefined || code < 0) {
    return touch;
  }
  return {
    kind: "result",
    host: touch.host,
    check: touch.check,
    time,
    checked: timeAt(result, "schedule_end"),
    ended: timeAt(result, "execution_end"),
    code,
    stateType: stateTypeOf(numberAt(after, "state_type", 1)),
    attempt: numberAt(after, "attempt", 1),
    reachable: flagAt(after, "reachable", true),
    output: textAt(result, "output"),
    ttl: numberAt(result, "ttl"),
    acknowledged: flagAt(event, "acknowledgement"),
    downtimeDepth: numberAt(event, "downtime_depth"),
  };
}

/** Events of hosts have no name of a service, or an empty one. */
function touchOf(event: Attrs, time: number, serviceKey: string, hasNote: boolean): TouchEvent | undefined {
  const host = textAt(event, "host");
  return host === "" ? undefined : { kind: "touch", host, check: textAt(event, serviceKey) || null, time, hasNote };
}
