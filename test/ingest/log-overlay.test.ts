import { beforeEach, describe, expect, it } from "vitest";
import type { AlertEvent, LogEvent } from "../../nagios/log-event.ts";
import { LogOverlay } from "../../src/ingest/log-overlay.ts";
import type { CheckStatus, StatesObserved } from "../../src/model/monitoring.ts";

const T = 1_795_000_000;
const WEB = { host: "web", check: "HTTP" };
let overlay: LogOverlay;

beforeEach(() => {
  overlay = new LogOverlay(() => T + 50);
});

function status(fields: Partial<CheckStatus> = {}): CheckStatus {
  return {
    ...WEB,
    state: "OK",
    stateType: "HARD",
    attempt: 1,
    maxAttempts: 3,
    lastCheck: T - 5,
    lastChange: T - 900,
    lastHardChange: T - 800,
    output: "fine",
    longOutput: "more",
    acknowledgement: "none",
    active: true,
    downtimeDepth: 0,
    flapping: false,
    interval: 60,
    command: "check_http",
    reachable: true,
    ...fields,
  };
}

function file(asOf: number, statuses: CheckStatus[], full = false): StatesObserved {
  return { kind: "states", source: "mon", full, asOf, statuses, gone: [] };
}

function alert(time: number, fields: Partial<AlertEvent> = {}): AlertEvent {
  return { kind: "alert", time, ...WEB, state: "CRITICAL", stateType: "SOFT", attempt: 1, output: "broken", ...fields };
}

function ack(time: number, sticky: boolean, begins = true): LogEvent {
  return { kind: "acknowledgement", time, ...WEB, begins, sticky };
}

describe("an alert", () => {
  it("changes what it speaks of at once, and leaves the rest", () => {
    overlay.takeFile(file(T, [status(), status({ check: "SSH" })], true));
    expect(overlay.takeEvents([alert(T + 1)])).toEqual([
      status({
        state: "CRITICAL",
        stateType: "SOFT",
        lastCheck: T + 1,
        lastChange: T + 1,
        output: "broken",
        longOutput: "",
      }),
    ]);
    const [hard] = overlay.takeEvents([alert(T + 3, { stateType: "HARD", attempt: 3 })]);
    expect(hard).toMatchObject({ stateType: "HARD", attempt: 3, lastChange: T + 1, lastHardChange: T + 3 });
  });

  it("of a recovery is told as Nagios holds it after: sure, first attempt", () => {
    const since = { lastChange: T - 90, lastHardChange: T - 60 };
    overlay.takeFile(file(T, [status({ state: "CRITICAL", attempt: 3, acknowledgement: "sticky", ...since })], true));
    const [told] = overlay.takeEvents([alert(T + 1, { state: "OK", stateType: "HARD", attempt: 3 })]);
    const good = { state: "OK", stateType: "HARD", attempt: 1, acknowledgement: "none" };
    expect(told).toMatchObject({ ...good, lastChange: T + 1, lastHardChange: T + 1 });
    overlay.takeFile(file(T + 10, [status({ state: "CRITICAL", stateType: "SOFT", ...since })]));
    const [soft] = overlay.takeEvents([alert(T + 11, { state: "OK", stateType: "SOFT", attempt: 2 })]);
    expect(soft).toMatchObject({ ...good, lastChange: T + 11, lastHardChange: T - 60 });
  });

  it("of a host says whether it can be reached", () => {
    const host = status({ check: null, state: "UP" });
    overlay.takeFile(file(T, [host], true));
    const event = { check: null, stateType: "HARD" } as const;
    expect(overlay.takeEvents([alert(T + 1, { ...event, state: "UNREACHABLE" })])).toMatchObject([
      { check: null, state: "UNREACHABLE", reachable: false },
    ]);
    expect(overlay.takeEvents([alert(T + 2, { ...event, state: "DOWN" })])).toMatchObject([{ reachable: true }]);
  });

  it("is left out where the file is newer, or the time lies in the future", () => {
    overlay.takeFile(file(T, [status()], true));
    expect(overlay.takeEvents([alert(T - 1), alert(T + 100_000)])).toEqual([]);
  });

  it("of an object the file does not tell waits until it does", () => {
    expect(overlay.takeEvents([alert(T + 1), alert(T - 3, { check: "SSH" })])).toEqual([]);
    expect(overlay.takeFile(file(T, [status({ check: "SSH" })], true)).statuses).toMatchObject([{ state: "OK" }]);
    expect(overlay.takeFile(file(T + 1, [status()])).statuses).toMatchObject([{ check: "HTTP", state: "CRITICAL" }]);
  });
});

describe("a status file", () => {
  it("that is older than the event changes what the event does not speak of", () => {
    overlay.takeFile(file(T, [status()], true));
    overlay.takeEvents([alert(T + 9)]);
    const told = overlay.takeFile(file(T + 5, [status({ downtimeDepth: 1, output: "still fine" })]));
    expect(told.statuses).toMatchObject([{ state: "CRITICAL", output: "broken", downtimeDepth: 1 }]);
    const again = overlay.takeFile(file(T + 6, [status({ check: "SSH" }), status()], true));
    expect(again.statuses).toMatchObject([{ state: "OK" }, { state: "CRITICAL" }]);
  });

  it("that is newer is the truth, though it does not tell the object again", () => {
    overlay.takeFile(file(T, [status()], true));
    overlay.takeEvents([alert(T + 1)]);
    expect(overlay.takeWritten(T + 1)).toEqual([]);
    expect(overlay.takeFile(file(T + 2, [status({ check: "SSH" })])).statuses).toEqual([
      status({ check: "SSH" }),
      status(),
    ]);
    overlay.takeEvents([alert(T + 3)]);
    expect(overlay.takeWritten(T + 4)).toEqual([status()]);
    expect(overlay.takeWritten(T + 5)).toEqual([]);
  });

  it("written before the last one, since the clock was set back, ends what the log said", () => {
    overlay.takeFile(file(T, [status()], true));
    overlay.takeEvents([alert(T + 1)]);
    expect(overlay.takeFile(file(T - 3600, [status({ output: "anew" })])).statuses).toEqual([
      status({ output: "anew" }),
    ]);
  });

  it("in which an object is missing takes it away, whatever the log said", () => {
    overlay.takeFile(file(T, [status(), status({ check: "SSH" })], true));
    overlay.takeEvents([alert(T + 1)]);
    const told = overlay.takeFile({ ...file(T + 1, []), gone: [WEB] });
    expect(told).toMatchObject({ gone: [WEB], statuses: [] });
    expect(overlay.takeEvents([ack(T + 2, true)])).toEqual([]);
  });
});

describe("an acknowledgement", () => {
  it("holds for a problem only", () => {
    overlay.takeFile(file(T, [status()], true));
    expect(overlay.takeEvents([ack(T + 1, true)])).toEqual([]);
    expect(overlay.takeEvents([alert(T + 2), ack(T + 2, true)])).toMatchObject([{ acknowledgement: "sticky" }]);
    expect(overlay.takeEvents([ack(T + 3, false, false)])).toMatchObject([
      { acknowledgement: "none", state: "CRITICAL" },
    ]);
  });

  it("that is normal ends with the next state, a sticky one with the recovery", () => {
    overlay.takeFile(file(T, [status({ state: "WARNING" })], true));
    expect(overlay.takeEvents([ack(T + 1, false), alert(T + 2)])).toMatchObject([{ acknowledgement: "none" }]);
    expect(overlay.takeEvents([ack(T + 3, true), alert(T + 4, { state: "UNKNOWN" })])).toMatchObject([
      { acknowledgement: "sticky", state: "UNKNOWN" },
    ]);
    expect(overlay.takeEvents([alert(T + 5, { state: "OK" })])).toMatchObject([{ acknowledgement: "none" }]);
  });
});

it("downtimes and flapping begin and end, once each", () => {
  overlay.takeFile(file(T, [status({ downtimeDepth: 2 })], true));
  const event = (kind: "downtime" | "flapping", begins: boolean) => ({ kind, time: T + 1, ...WEB, begins });
  expect(overlay.takeEvents([event("downtime", true)])).toEqual([]);
  expect(overlay.takeEvents([event("downtime", false)])).toMatchObject([{ downtimeDepth: 0, flapping: false }]);
  expect(overlay.takeEvents([event("flapping", true)])).toMatchObject([{ downtimeDepth: 0, flapping: true }]);
  expect(overlay.takeEvents([event("downtime", true)])).toMatchObject([{ downtimeDepth: 1, flapping: true }]);
  expect(overlay.takeEvents([event("flapping", false)])).toMatchObject([{ downtimeDepth: 1, flapping: false }]);
});
