import { describe, expect, it } from "vitest";
import { mapCheck } from "../../src/mapping/map-check.ts";
import { compileRules } from "../../src/mapping/user-rules.ts";
import { collection, collections, constructed, type Labelled, pairsOf } from "./labelled.ts";

const NO_RULES = compileRules([]).rules;

/** The answer without what may be answered besides. */
function counted({ check, services, expected, accepted }: Labelled): readonly string[] {
  const answer = pairsOf(mapCheck(check, services, NO_RULES).services, services);
  return answer.filter((pair) => expected.includes(pair) || !accepted.includes(pair));
}

function quality(tasks: readonly Labelled[]): { precision: number; recall: number } {
  const scored = tasks.map((task) => ({ task, answer: counted(task) }));
  const right = scored.reduce(
    (sum, { task, answer }) => sum + answer.filter((pair) => task.expected.includes(pair)).length,
    0,
  );
  const answered = scored.reduce((sum, { answer }) => sum + answer.length, 0);
  const wanted = tasks.reduce((sum, { expected }) => sum + expected.length, 0);
  return { precision: right / answered, recall: right / wanted };
}

describe("quality of mapping", () => {
  it.each(collections())("meets the goals on %s", (name) => {
    const { precision, recall } = quality(collection(name));
    expect(precision).toBeGreaterThanOrEqual(0.98);
    expect(recall).toBeGreaterThanOrEqual(0.95);
  });

  it.each(constructed().map((task) => [task.check.host, task.check.check, task.check.command, task] as const))(
    "%s / %s: %s",
    (_host, _check, _command, task) => {
      expect([...counted(task)].sort()).toEqual([...task.expected].sort());
    },
  );
});
