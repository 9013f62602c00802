import { describe, expect, it } from "vitest";
import { isSnapshotDue } from "../../src/store/history-due.ts";

const at = (now: number, newest?: number, rewritten = false) =>
  isSnapshotDue({ now, newest, interval: 3_600, rewritten });

describe("the next snapshot", () => {
  it("is due at once where there is none, then after the interval", () => {
    expect(at(10_000)).toBe(true);
    expect(at(13_599, 10_000)).toBe(false);
    expect(at(13_600, 10_000)).toBe(true);
  });

  it("is due after the picture was written anew, but not more often than each minute", () => {
    expect(at(10_059, 10_000, true)).toBe(false);
    expect(at(10_060, 10_000, true)).toBe(true);
  });

  it("does not wait until a clock that was set back has caught up", () => {
    expect(at(5_000, 10_000)).toBe(true);
    expect(at(5_060, 5_000)).toBe(false);
  });
});
