import fc from "fast-check";
import { expect, it } from "vitest";
import type { LogEvent } from "../../nagios/log-event.ts";
import { LogOverlay } from "../../src/ingest/log-overlay.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";
import type { State } from "../../src/model/state.ts";

const T = 1_795_000_000;
const CHECKS = ["a", "b", null] as const;

/** What happens in the monitoring: time passes, a result comes, the status file is written. */
type Step = { readonly seconds: number } | { readonly check: 0 | 1 | 2; readonly bad: boolean } | "write";

/** One object's latest result; the number of the step is told as its output. */
interface Result {
  readonly time: number;
  readonly step: number;
  readonly bad: boolean;
}

/** What reaches us, and when it was written. */
type Sent =
  | { readonly kind: "event"; readonly event: LogEvent }
  | { readonly kind: "file"; readonly asOf: number; readonly results: readonly Result[] };

/** Plays the steps; returns what the log says and what the files say, each in its order, with the step it was at. */
function played(steps: readonly Step[]): { readonly sent: readonly Sent[]; readonly last: readonly Result[] } {
  const results: Result[] = CHECKS.map(() => ({ time: T, step: 0, bad: false }));
  const sent: Sent[] = [{ kind: "file", asOf: T, results: [...results] }];
  let time = T;
  for (const [at, step] of steps.entries()) {
    if (step === "write") {
      sent.push({ kind: "file", asOf: time, results: [...results] });
    } else if ("seconds" in step) {
      time += step.seconds;
    } else {
      results[step.check] = { time, step: at + 1, bad: step.bad };
      sent.push({ kind: "event", event: alertOf(step.check, { time, step: at + 1, bad: step.bad }) });
    }
  }
  return { sent, last: results };
}

function alertOf(check: 0 | 1 | 2, { time, step, bad }: Result): LogEvent {
  const state = stateOf(CHECKS[check], bad);
  return {
    kind: "alert",
    time,
    host: "web",
    check: CHECKS[check],
    state,
    stateType: "HARD",
    attempt: 1,
    output: `${step}`,
  };
}

function stateOf(check: string | null, bad: boolean): State {
  const [good, problem] = check === null ? (["UP", "DOWN"] as const) : (["OK", "CRITICAL"] as const);
  return bad ? problem : good;
}

function statusOf(check: string | null, { time, step, bad }: Result): CheckStatus {
  return {
    host: "web",
    check,
    state: stateOf(check, bad),
    stateType: "HARD",
    attempt: 1,
    maxAttempts: 1,
    lastCheck: time,
    lastChange: time,
    lastHardChange: time,
    output: `${step}`,
    longOutput: "",
    acknowledgement: "none",
    active: true,
    downtimeDepth: 0,
    flapping: false,
    interval: 60,
    command: null,
    reachable: true,
  };
}

/** Sends it all to an overlay as a source would, and returns for each object the steps told one after another. */
function told(sent: readonly Sent[]): ReadonlyMap<string | null, number[]> {
  const overlay = new LogOverlay(() => T + 1_000_000);
  const steps = new Map<string | null, number[]>(CHECKS.map((check) => [check, []]));
  const before = new Map<string | null, Result | undefined>();
  const tell = (statuses: readonly CheckStatus[]) => {
    for (const { check, output } of statuses) {
      steps.get(check)?.push(Number(output));
    }
  };
  for (const each of sent) {
    if (each.kind === "event") {
      tell(overlay.takeEvents([each.event]));
      continue;
    }
    // The reader of the file tells only what changed since the file before.
    const changed = CHECKS.flatMap((check, at) => {
      const result = each.results[at];
      return result === undefined || before.get(check) === result ? [] : [[check, result] as const];
    });
    const full = before.size === 0;
    for (const [check, result] of changed) {
      before.set(check, result);
    }
    const statuses = changed.map(([check, result]) => statusOf(check, result));
    if (statuses.length > 0) {
      tell(overlay.takeFile({ kind: "states", source: "mon", full, asOf: each.asOf, statuses, gone: [] }).statuses);
    }
    tell(overlay.takeWritten(each.asOf));
  }
  return steps;
}

/** The first file, then log and files each in their order, mixed at will. */
function mixed(sent: readonly Sent[], takeLog: readonly boolean[]): Sent[] {
  const [first, ...rest] = sent;
  const events = rest.filter((each) => each.kind === "event");
  const files = rest.filter((each) => each.kind === "file");
  const order: Sent[] = first === undefined ? [] : [first];
  for (let at = 0; events.length + files.length > 0; at++) {
    const next = takeLog[at % takeLog.length] ? (events.shift() ?? files.shift()) : (files.shift() ?? events.shift());
    order.push(...(next === undefined ? [] : [next]));
  }
  return order;
}

const steps = fc.array(
  fc.oneof(
    fc.record({ seconds: fc.integer({ min: 1, max: 20 }) }),
    fc.record({ check: fc.constantFrom(0 as const, 1 as const, 2 as const), bad: fc.boolean() }),
    fc.constant("write" as const),
  ),
  { maxLength: 40 },
);

it("a state never jumps back where the log is as fast as the file, however late files are read", () => {
  fc.assert(
    fc.property(steps, fc.array(fc.nat(5), { minLength: 1 }), (all, delays) => {
      const { sent, last } = played(all);
      // A file comes after the events before it, up to five of what was sent later may overtake it; files keep order.
      let earliest = 0;
      const order = sent
        .map((each, at) => {
          earliest = each.kind === "file" ? Math.max(earliest, at + (delays[at % delays.length] ?? 0)) : earliest;
          return { each, at: each.kind === "file" && at > 0 ? earliest + 0.5 : at };
        })
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each);
      for (const [check, numbers] of told(order)) {
        expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        expect(numbers.at(-1)).toBe(last[CHECKS.indexOf(check as "a")]?.step);
      }
    }),
    { numRuns: 500 },
  );
});

it("a state never jumps back by a second or more, and the last one is right, however log and files are mixed", () => {
  fc.assert(
    fc.property(steps, fc.array(fc.boolean(), { minLength: 1 }), (all, takeLog) => {
      const { sent, last } = played(all);
      const times = new Map([[0, T]]);
      for (const each of sent) {
        if (each.kind === "event" && each.event.kind === "alert") {
          times.set(Number(each.event.output), each.event.time);
        }
      }
      for (const [check, numbers] of told(mixed(sent, takeLog))) {
        const seconds = numbers.map((step) => times.get(step) ?? 0);
        expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
        expect(numbers.at(-1)).toBe(last[CHECKS.indexOf(check as "a")]?.step);
      }
    }),
    { numRuns: 500 },
  );
});

it("log and event handlers tell the same, in whatever order their words arrive: no state is told twice or jumps back", () => {
  fc.assert(
    fc.property(steps, fc.array(fc.boolean(), { minLength: 1 }), (all, takeLog) => {
      const { sent, last } = played(all);
      const events = sent.flatMap((each) => (each.kind === "event" ? [each.event] : []));
      const overlay = new LogOverlay(() => T + 1_000_000);
      const first = CHECKS.map((check) => statusOf(check, { time: T, step: 0, bad: false }));
      overlay.takeFile({ kind: "states", source: "mon", full: true, asOf: T, statuses: first, gone: [] });
      const [log, handler] = [[...events], events.map((event) => ({ ...event, output: null }))];
      const changes = new Map<string | null, State[]>(CHECKS.map((check) => [check, [stateOf(check, false)]]));
      for (let at = 0; log.length + handler.length > 0; at++) {
        const fromLog = handler.length === 0 || (log.length > 0 && takeLog[at % takeLog.length] === true);
        const event = (fromLog ? log.shift() : handler.shift()) as LogEvent;
        for (const { check, state } of overlay.takeEvents([event], fromLog ? "log" : "handler")) {
          const told = changes.get(check);
          if (told !== undefined && told.at(-1) !== state) {
            told.push(state);
          }
        }
      }
      for (const [at, check] of CHECKS.entries()) {
        const states = events
          .filter((event) => event.check === check)
          .map((event) => (event.kind === "alert" ? event.state : "OK"));
        const expected = [stateOf(check, false), ...states].filter(
          (state, n, list) => n === 0 || list[n - 1] !== state,
        );
        expect(changes.get(check)).toEqual(expected);
        expect(changes.get(check)?.at(-1)).toBe(stateOf(check, last[at]?.bad === true));
      }
    }),
    { numRuns: 500 },
  );
});
