import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMoment } from "../../src/model/moment.ts";

/** Wednesday 2026-11-25, 14:30 by this machine's clock. */
const NOW = new Date(2026, 10, 25, 14, 30, 0).getTime() / 1000;
const local = (...parts: readonly [number, number, number, number, number]) =>
  new Date(parts[0], parts[1] - 1, parts[2], parts[3], parts[4]).getTime() / 1000;

describe("moments as people write them", () => {
  it.each([
    ["2026-11-25T03:00Z", Date.UTC(2026, 10, 25, 3) / 1000],
    ["2026-11-25T03:00:30.5Z", Date.UTC(2026, 10, 25, 3, 0, 30) / 1000 + 0.5],
    ["2026-11-25T03:00+01:00", Date.UTC(2026, 10, 25, 2) / 1000],
    ["2026-11-25T03:00 01:00", Date.UTC(2026, 10, 25, 2) / 1000],
    ["2026-11-25T03:00-0530", Date.UTC(2026, 10, 25, 8, 30) / 1000],
    ["2026-11-24 03:05", local(2026, 11, 24, 3, 5)],
    ["2026-11-24", local(2026, 11, 24, 0, 0)],
    ["03:00", local(2026, 11, 25, 3, 0)],
    ["15:00", local(2026, 11, 24, 15, 0)],
    ["today 15:00", local(2026, 11, 25, 15, 0)],
    ["yesterday", local(2026, 11, 24, 0, 0)],
    ["yesterday 23:59", local(2026, 11, 24, 23, 59)],
    ["-2h", NOW - 7_200],
    ["-1d12h", NOW - 129_600],
    ["1795000000", 1_795_000_000],
    ["now", NOW],
  ])("%s", (text, moment) => {
    expect(parseMoment(text, NOW)).toBe(moment);
  });

  it.each([
    "",
    "soon",
    "25:00",
    "3 o'clock",
    "2026-02-30",
    "2026-13-01",
    "2h",
    "-2y",
    "12",
    "tomorrow 03:00",
    "03:00 x",
  ])("%j is none", (text) => {
    expect(parseMoment(text, NOW)).toBeUndefined();
  });

  it("never throws, and never gives what is no number", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-0-9T:Z +.smhdw]{0,24}$/)), (text) => {
        const moment = parseMoment(text, NOW);
        expect(moment === undefined || Number.isFinite(moment)).toBe(true);
      }),
    );
  });
});
