/**
 * The body of `POST /api/v1/events`: one event, a list, or `{"events": […]}`. An event says how a host (`check` absent or
 * null) or service check is: `host`, `check`, `state`, and where known `stateType`, `attempt`, `maxAttempts`, `output`,
 * `longOutput`, `time` (Unix seconds or ISO 8601), `acknowledged` (true, false or "sticky"), `inDowntime`, `flapping`,
 * `interval` (seconds between two results), `command`. `{"host": …, "check": …, "gone": true}` takes it back.
 */
import type { CheckStatus } from "../src/model/monitoring.ts";
import { type Acknowledgement, CHECK_STATES, HOST_STATES, type State } from "../src/model/state.ts";
import { hasControlCharacters } from "./field-text.ts";
import type { ObjectName } from "./name-index.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";
import { countOf, type Foreign, type Pushed, readPushed, textOf, timeOf } from "./pushed-json.ts";

/** One event: what the object is from now on, or that it is gone. `time` in Unix seconds, 0 where not told. */
export type PushedEvent = ObjectName & { readonly time: number } & (
    | { readonly gone: true }
    | { readonly gone: false; readonly status: Omit<CheckStatus, "lastCheck" | "lastChange" | "lastHardChange"> }
  );

/** Reads a body; undefined where it is no JSON of this shape. Never throws. */
export function readPushedEvents(json: string): Pushed<PushedEvent> | undefined {
  return readPushed(json, "events", readEvent);
}

function readEvent(value: Foreign): PushedEvent | string {
  const { host, check = null } = value;
  if (typeof host !== "string" || (check !== null && typeof check !== "string")) {
    return "host must be a text, check a text or null";
  }
  const time = timeOf(value["time"]);
  if (time === undefined) {
    return "time must be Unix seconds or ISO 8601";
  }
  return refusalOf(host, check) ?? eventOf(value, { host, check }, time);
}

function refusalOf(host: string, check: string | null): string | undefined {
  const isOdd = check !== null && hasControlCharacters(check);
  return (
    hostRefusal(host) ??
    (check === null ? undefined : checkRefusal(check)) ??
    (isOdd ? "check with control characters" : undefined)
  );
}

function eventOf(value: Foreign, name: ObjectName, time: number): PushedEvent | string {
  if (value["gone"] === true) {
    return { time, gone: true, ...name };
  }
  const states: readonly State[] = name.check === null ? HOST_STATES : CHECK_STATES;
  const state = stateOf(value["state"], [...states, "PENDING"]);
  if (state === undefined) {
    return `state must be one of ${states.join(", ")}, PENDING`;
  }
  const status = { state, ...name, ...detailsOf(value), reachable: state !== "UNREACHABLE" };
  return { time, gone: false, status, ...name };
}

function detailsOf(value: Foreign) {
  const { stateType, acknowledged, inDowntime, flapping, command } = value;
  const attempt = countOf(value["attempt"], 1);
  return {
    stateType: stateType === "SOFT" ? ("SOFT" as const) : ("HARD" as const),
    attempt,
    maxAttempts: Math.max(attempt, countOf(value["maxAttempts"], 1)),
    output: textOf(value["output"]).split("\n", 1)[0] ?? "",
    longOutput: textOf(value["longOutput"]) || textOf(value["output"]).split("\n").slice(1).join("\n"),
    acknowledgement: acknowledgementOf(acknowledged),
    downtimeDepth: inDowntime === true ? 1 : 0,
    flapping: flapping === true,
    interval: countOf(value["interval"], 0),
    command: textOf(command) || null,
    active: false,
  };
}

function stateOf(value: unknown, states: readonly State[]): State | undefined {
  return typeof value === "string" ? states.find((state) => state === value.toUpperCase()) : undefined;
}

function acknowledgementOf(value: unknown): Acknowledgement {
  if (value === "sticky") {
    return "sticky";
  }
  return value === true ? "normal" : "none";
}
