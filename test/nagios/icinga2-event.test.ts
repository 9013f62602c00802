import { describe, expect, it } from "vitest";
import { readEvent } from "../../nagios/icinga2-event.ts";
import { eventLines } from "./icinga2-fixtures.ts";

const PASSIVE = { host: "db1", check: "passive only" };

describe("events of Icinga 2", () => {
  it("of a real stream are results, or touches of an object", () => {
    const told = eventLines()
      .map(readEvent)
      .map((event) =>
        event === undefined || !("host" in event) ? event?.kind : [event.kind, event.host, event.check],
      );
    const [result, touch] = [
      ["result", "db1", "passive only"],
      ["touch", "db1", "passive only"],
    ];
    // CheckResult, StateChange, Notification, CommentAdded, AcknowledgementSet, AcknowledgementCleared, CommentRemoved,
    // DowntimeAdded, Notification, DowntimeTriggered, CheckResult, StateChange, Notification
    expect(told).toEqual([
      ...[result, result, "nothing", touch, touch, touch, touch],
      ...[touch, "nothing", touch, result, result, "nothing"],
    ]);
  });

  it("carry what a check found, with whole output and the times of the check", () => {
    expect(readEvent(eventLines()[0] ?? "")).toEqual({
      ...{ kind: "result", ...PASSIVE, time: 1795359139.010015, checked: 1795359139.009959, ended: 1795359139.009959 },
      ...{ code: 2, stateType: "HARD", attempt: 1, reachable: true, output: "captured critical\nsecond line ä" },
      ...{ ttl: 0, acknowledged: false, downtimeDepth: 0 },
    });
  });

  it("tell whether a comment or downtime is concerned", () => {
    const notes = eventLines()
      .map(readEvent)
      .filter((event) => event?.kind === "touch")
      .map((event) => event.hasNote);
    expect(notes).toEqual([true, false, false, true, true, true]);
  });

  it("of hosts have no service", () => {
    const line =
      '{"host":"web1","state":1,"state_type":1,"timestamp":5.5,"type":"AcknowledgementSet","acknowledgement_type":1}';
    expect(readEvent(line)).toEqual({ kind: "touch", host: "web1", check: null, time: 5.5, hasNote: false });
    const comment = '{"comment":{"host_name":"web1","service_name":""},"timestamp":5.5,"type":"CommentAdded"}';
    expect(readEvent(comment)).toEqual({ kind: "touch", host: "web1", check: null, time: 5.5, hasNote: true });
  });

  it("of the configuration are told apart from those of objects that do not concern us", () => {
    const line = (type: string) => `{"object_name":"new","object_type":"${type}","timestamp":7,"type":"ObjectCreated"}`;
    expect(readEvent(line("Host"))).toEqual({ kind: "configuration", time: 7 });
    expect(readEvent(line("Dependency"))).toEqual({ kind: "configuration", time: 7 });
    expect(readEvent(line("Notification"))).toEqual({ kind: "nothing", time: 7 });
    expect(readEvent(line("Comment"))).toEqual({ kind: "nothing", time: 7 });
  });

  it("of an older version without the state after the check have the object looked at", () => {
    const line =
      '{"check_result":{"state":2,"output":"x"},"host":"h","service":"s","timestamp":7,"type":"CheckResult"}';
    expect(readEvent(line)).toEqual({ kind: "touch", host: "h", check: "s", time: 7, hasNote: false });
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    '"x"',
    "{}",
    '{"type":5}',
    '{"type":"CheckResult"}',
    '{"type":"CommentAdded"}',
    '{"type":"Flapping","host":["x"]}',
  ])("that are none are refused: %s", (line) => {
    expect(readEvent(line)).toBeUndefined();
  });
});
