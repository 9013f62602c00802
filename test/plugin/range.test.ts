import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alerts, parseRange } from "../../src/plugin/range.ts";

/** Which of the values alert. */
function alerting(text: string, values: readonly number[]): number[] | undefined {
  const range = parseRange(text);
  return range === undefined ? undefined : values.filter((value) => alerts(range, value));
}

describe("a range of the Monitoring Plugins", () => {
  const values = [-1, 0, 9, 10, 15, 20, 21];
  it.each([
    ["10", [-1, 15, 20, 21]],
    ["10:", [-1, 0, 9]],
    ["~:10", [15, 20, 21]],
    ["10:20", [-1, 0, 9, 21]],
    ["@10:20", [10, 15, 20]],
    ["@10", [0, 9, 10]],
    [":10", [-1, 15, 20, 21]],
    ["0", [-1, 9, 10, 15, 20, 21]],
    ["-1:9.5", [10, 15, 20, 21]],
  ])("%s alerts as they do", (text, expected) => {
    expect(alerting(text, values)).toEqual(expected);
  });

  it.each(["", "@", ":", "20:10", "10:20:30", "ten", "10 ", "~", "~10", "1e3", "10:~", "@@1"])(
    "%j is refused",
    (text) => {
      expect(parseRange(text)).toBeUndefined();
    },
  );

  it("inverted alerts exactly where the plain one does not", () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), fc.integer(), (low, width, value) => {
        const [plain, inverted] = [`${low}:${low + width}`, `@${low}:${low + width}`].map((text) => parseRange(text));
        return plain !== undefined && inverted !== undefined && alerts(plain, value) !== alerts(inverted, value);
      }),
    );
  });
});
