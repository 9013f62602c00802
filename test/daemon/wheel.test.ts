import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Wheel } from "../../src/daemon/wheel.ts";
import { SILENT } from "../../src/logger.ts";
import { newDraft } from "../../src/model/changes.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A wheel whose turns take so many milliseconds, and how often it turned. */
function turning(milliseconds: number) {
  const seen = { turns: 0 };
  const settle = (at: number) => {
    seen.turns++;
    vi.setSystemTime(Date.now() + milliseconds);
    return { at, ...newDraft(), sources: new Map() };
  };
  const now = () => Date.now() / 1000;
  const wheel = new Wheel({
    engine: { settle, unsettled: false },
    publish: () => undefined,
    now,
    logger: SILENT,
    every: 1e6,
  });
  return { wheel, seen };
}

/** Passes time in small steps, with news in each. */
function storm(wheel: Wheel, milliseconds: number): void {
  const end = Date.now() + milliseconds;
  while (Date.now() < end) {
    wheel.touch();
    vi.advanceTimersByTime(10);
  }
}

describe("the wheel", () => {
  it("makes of a storm of reports few turns, so that half the time is left for taking in more", () => {
    const { wheel, seen } = turning(500);
    storm(wheel, 20_000);
    expect(seen.turns).toBeGreaterThanOrEqual(15);
    expect(seen.turns).toBeLessThanOrEqual(22);
    wheel.stop();
  });

  it("lets a single change wait for nothing, also shortly after another", () => {
    const { wheel, seen } = turning(60);
    for (const turn of [1, 2, 3]) {
      wheel.touch();
      vi.advanceTimersByTime(10);
      expect(seen.turns).toBe(turn);
      vi.advanceTimersByTime(100);
    }
    wheel.stop();
  });

  it("turns on without news while there is more to do than one turn may", () => {
    const engine = { unsettled: true };
    let turns = 0;
    const settle = (at: number) => {
      turns += 1;
      engine.unsettled = turns < 4;
      return { at, ...newDraft(), sources: new Map() };
    };
    const now = () => Date.now() / 1000;
    const wheel = new Wheel({
      engine: {
        settle,
        get unsettled() {
          return engine.unsettled;
        },
      },
      publish: () => undefined,
      now,
      logger: SILENT,
      every: 1e6,
    });
    wheel.touch();
    vi.advanceTimersByTime(1_000);
    expect(turns).toBe(4);
    wheel.stop();
  });

  it("has rested after a storm", () => {
    const { wheel, seen } = turning(200);
    storm(wheel, 5_000);
    vi.advanceTimersByTime(3_000);
    const before = seen.turns;
    wheel.touch();
    vi.advanceTimersByTime(10);
    expect(seen.turns).toBe(before + 1);
    wheel.stop();
  });
});
