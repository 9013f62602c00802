import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type EventFields, eventLine, readEventLine } from "../../nagios/event-line.ts";

const FIELDS: EventFields = {
  ...{ time: "1795000000", host: "büro web", check: "HTTP #1 + C:\\", state: "CRITICAL" },
  ...{ stateType: "SOFT", attempt: "2" },
};

/** What reading gives for the line of these fields. */
function read(fields: Partial<EventFields>) {
  const { time, host, check, state, stateType, attempt } = { ...FIELDS, ...fields };
  return readEventLine(Buffer.from([time, host, check, state, stateType, attempt].join("\t")));
}

describe("a line of the event pipe", () => {
  it("tells a service check", () => {
    expect(readEventLine(Buffer.from("1795000000\tbüro web\tHTTP #1 + C:\\\tCRITICAL\tSOFT\t2"))).toEqual({
      ...{ kind: "alert", time: 1_795_000_000, host: "büro web", check: "HTTP #1 + C:\\" },
      ...{ state: "CRITICAL", stateType: "SOFT", attempt: 2, output: null },
    });
  });

  it("tells a host, and states by their numbers", () => {
    expect(read({ check: "", state: "2" })).toMatchObject({ check: null, state: "UNREACHABLE" });
    expect(read({ state: "3" })).toMatchObject({ state: "UNKNOWN" });
    expect(read({ check: "", state: "DOWN" })).toMatchObject({ check: null, state: "DOWN" });
  });

  it.each([
    ["a state of hosts for a check", { state: "DOWN" }],
    ["a number out of range", { state: "4" }],
    ["no host", { host: "" }],
    ["a host that is no name", { host: "a::b" }],
    ["a time that is none", { time: "$TIMET$" }],
    ["a state type that is none", { stateType: "$SERVICESTATETYPE$" }],
    ["no attempt", { attempt: "" }],
    ["a field too many", { attempt: "1\tx" }],
  ])("is refused for %s", (_, fields) => {
    expect(read(fields)).toBeUndefined();
  });

  it("is written as it is read, or not at all", () => {
    const text = fc.oneof(fc.string(), fc.constantFrom("OK", "SOFT", "HARD", "1", "1795000000", "web\n", "a\tb"));
    const fields = fc.record({ time: text, host: text, check: text, state: text, stateType: text, attempt: text });
    fc.assert(
      fc.property(fields, (given) => {
        const line = eventLine({ ...FIELDS, ...given });
        if (line !== undefined) {
          expect(line.indexOf("\n")).toBe(line.length - 1);
          expect(readEventLine(Buffer.from(line.slice(0, -1)))).toMatchObject({ host: given.host });
        }
      }),
    );
    expect(eventLine(FIELDS)).toBe("1795000000\tbüro web\tHTTP #1 + C:\\\tCRITICAL\tSOFT\t2\n");
    expect(eventLine({ ...FIELDS, check: "x".repeat(4096) })).toBeUndefined();
  });

  it("never throws, whatever it is", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const event = readEventLine(Buffer.from(bytes));
        expect(event === undefined || event.host !== "").toBe(true);
      }),
    );
  });
});
