import fc from "fast-check";
import { expect, it } from "vitest";
import { Deadlines } from "../../src/model/deadlines.ts";

/** The same, by looking at all. */
class SlowDeadlines {
  readonly #timeOf = new Map<string, number>();

  note(name: string, time: number): void {
    const before = this.#timeOf.get(name) ?? Number.POSITIVE_INFINITY;
    if (time < before) {
      this.#timeOf.set(name, time);
    }
  }

  takeDue(now: number): string[] {
    const due = [...this.#timeOf].filter(([, time]) => time < now).map(([name]) => name);
    for (const name of due) {
      this.#timeOf.delete(name);
    }
    return due;
  }
}

const time = fc.oneof(
  fc.integer({ min: 0, max: 400 }).map((quarters) => quarters / 4),
  fc.constant(Number.POSITIVE_INFINITY),
);
const step = fc.oneof(
  fc.record({ note: fc.constantFrom("a", "b", "c", "d"), time }),
  fc.record({ takeAt: fc.integer({ min: 0, max: 400 }).map((quarters) => quarters / 4) }),
);

it("gives who is due, each once, whichever way the clock goes", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [quick, slow] = [new Deadlines(), new SlowDeadlines()];
      for (const each of steps) {
        if ("note" in each) {
          quick.note(each.note, each.time);
          slow.note(each.note, each.time);
        } else {
          expect(quick.takeDue(each.takeAt).sort()).toEqual(slow.takeDue(each.takeAt).sort());
        }
      }
    }),
    { numRuns: 300 },
  );
});
