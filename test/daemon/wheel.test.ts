import { expect, it, vi } from "vitest";
import { Wheel } from "../../src/daemon/wheel.ts";
import { SILENT } from "../../src/logger.ts";
import { newDraft } from "../../src/model/changes.ts";

it("gathers news for as long as the last turn took, so that a storm of reports is few turns", () => {
  vi.useFakeTimers();
  try {
    let turns = 0;
    let now = 1_000;
    const settle = (at: number) => {
      turns++;
      now += 0.5;
      return { at, ...newDraft(), sources: new Map() };
    };
    const wheel = new Wheel({
      engine: { settle },
      publish: () => undefined,
      now: () => now,
      logger: SILENT,
      every: 1e6,
    });
    wheel.touch();
    vi.advanceTimersByTime(10);
    expect(turns).toBe(1);
    for (let news = 0; news < 49; news++) {
      wheel.touch();
      vi.advanceTimersByTime(10);
    }
    expect(turns).toBe(1);
    vi.advanceTimersByTime(20);
    expect(turns).toBe(2);
    wheel.stop();
  } finally {
    vi.useRealTimers();
  }
});
