import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { didYouMean, nearest } from "../src/nearest.ts";

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
