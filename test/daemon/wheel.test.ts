import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Wheel } from "../../src/daemon/wheel.ts";
import { SILENT } from "../../src/logger.ts";
import { type Changes, newDraft } from "../../src/model/changes.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A wheel whose turns take so many milliseconds, and how often it turned. */
const NOTHING = { subject: null, from: null, to: null };

function turning(milliseconds: number) {
  const seen = { turns: 0 };
  const settle = (at: number) => {
    seen.turns++;
    vi.setSystemTime(Date.now() + milliseconds);
    return { at, ...newDraft(), sources: new Map() };
  };
  const now = () => Date.now() / 1000;
  const wheel = new Wheel({
    engine: { settle, unsettled: false, isNew: false, renew: () => undefined },
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
  it("has everything handed on anew after a turn that failed, and turns on", () => {
    const said: string[] = [];
    const wheel = new Wheel({
      engine: {
        settle: (at) => {
          if (said.length === 0) {
            throw new RangeError("Invalid time value");
          }
          return { at, ...newDraft(), sources: new Map() };
        },
        ...{ unsettled: false, isNew: false, renew: () => undefined },
      },
      publish: () => said.push("published"),
      onFailed: () => said.push("everything is to be handed on"),
      ...{ now: () => Date.now() / 1000, logger: SILENT, every: 1e6 },
    });
    wheel.turn();
    wheel.turn();
    expect(said).toEqual(["everything is to be handed on", "published"]);
  });

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
        isNew: true,
        renew: () => undefined,
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

  it("gathers everything in many turns, between which it hands on nothing and others have theirs", async () => {
    vi.useRealTimers();
    const all = ["a", "b", "c"];
    const published: Changes[] = [];
    let left: string[] = [];
    const engine = {
      isNew: false,
      renew: () => {
        left = [...all];
      },
      settle: (at: number): Changes => {
        const host = left.pop();
        const events = (["state", "topology"] as const).map((kind) => ({ kind, host: `${host}`, ...NOTHING }));
        const graphs = new Map(host === undefined ? [] : [[host, null]]);
        return { at, ...newDraft(), graphs, events: host === undefined ? [] : events, sources: new Map() };
      },
      get unsettled() {
        return left.length > 0;
      },
    };
    const publish = (changes: Changes) => published.push(changes);
    const wheel = new Wheel({ engine, publish, now: () => 1, logger: SILENT, every: 1e6 });
    const others = setInterval(() => wheel.turn(), 0);
    const { changes } = await wheel.everything();
    clearInterval(others);
    expect([...changes.graphs.keys()].sort()).toEqual(all);
    expect(changes.events.map(({ kind }) => kind)).toEqual(["state", "state", "state"]);
    expect(published).toEqual([]);
    wheel.turn();
    expect(published).toHaveLength(1);
  });
});
