import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, nearest } from "../src/nearest.ts";
import { processorTime } from "./support/processor-time.ts";

/** Letters changed, left out, added or swapped from one word to the other, by the whole table of distances. */
function slow(a: string, b: string): number {
  const table = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => table[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row += 1) {
    table.push([row]);
    for (let column = 1; column <= b.length; column += 1) {
      const [last, other] = [a[row - 1], b[column - 1]];
      const swap = last === b[column - 2] && a[row - 2] === other ? at(row - 2, column - 2) + 1 : at(-1, -1);
      const steps = [at(row - 1, column) + 1, at(row, column - 1) + 1, at(row - 1, column - 1) + +(last !== other)];
      table[row]?.push(Math.min(...steps, swap));
    }
  }
  return at(a.length, b.length);
}

describe("nearest", () => {
  const hosts = ["web01", "web02", "db01", "lb01", "search01"];

  it("finds names with letters changed, left out, added or swapped", () => {
    expect(nearest("web1", hosts)[0]).toBe("web01");
    expect(nearest("wbe01", hosts)[0]).toBe("web01");
    expect(nearest("serach01", hosts)).toEqual(["search01"]);
    expect(nearest("DB01", hosts)[0]).toBe("db01");
  });

  it("finds names by their beginning", () => {
    expect(nearest("sea", hosts)).toEqual(["search01"]);
    expect(nearest("web", hosts).slice(0, 2)).toEqual(["web01", "web02"]);
  });

  it("finds nothing where nothing is near", () => {
    expect(nearest("mailserver", hosts)).toEqual([]);
    expect(didYouMean("mailserver", hosts)).toBe("");
    expect(didYouMean("", [])).toBe("");
  });

  it("says it as a question", () => {
    expect(didYouMean("web", ["web01", "web02"])).toBe("did you mean web01 or web02?");
  });

  it("measures as the whole table of distances does", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 2, maxLength: 14 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const farthest = Math.max(a.length < 4 ? 1 : 2, Math.floor(a.length / 3));
        expect(nearest(a, [b]).length > 0).toBe(b.startsWith(a) || slow(a, b) <= farthest);
      }),
      { numRuns: 2_000 },
    );
  });

  it("looks no farther than names may be near: at a fraction of the work of whole tables", () => {
    const known = Array.from({ length: 2_000 }, (_, n) => `host-with-some-name-${n}.dc${n % 7}.example.net`);
    const asked = [12, 40, 60, 120].map((length) => "zostwithsomename".repeat(8).slice(0, length));
    const milliseconds = (look: (each: string) => unknown) => processorTime(() => asked.forEach(look));
    const whole = milliseconds((each) => known.slice(0, 200).map((name) => slow(each, name)));
    expect(milliseconds((each) => nearest(each, known))).toBeLessThan((10 * whole) / 40);
  });

  it("finds every known name by itself, first", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 30 }), {
          minLength: 1,
          maxLength: 20,
          selector: (s) => s.toLowerCase(),
        }),
        (names) => {
          for (const name of names) {
            expect(nearest(name, names)[0]).toBe(name);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
