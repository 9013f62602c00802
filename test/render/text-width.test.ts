import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clipText, textWidth, wrapText } from "../../src/render/text-width.ts";

describe("clipText", () => {
  it("leaves what fits and cuts what does not with an ellipsis", () => {
    expect(clipText("mysqld", 100, 13)).toBe("mysqld");
    expect(clipText("a-very-long-name-of-a-process-in-a-container", 100, 13)).toMatch(/^a-very.*…$/);
  });

  it("never exceeds the width, whatever the letters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), fc.integer({ min: 30, max: 300 }), (text, width) => {
        expect(textWidth(clipText(text, width, 13), 13)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe("wrapText", () => {
  it("breaks at spaces, at most so many lines", () => {
    expect(wrapText("one two three four five six seven", 60, 13, 3)).toEqual(["one two", "three", "four fiv…"]);
    expect(wrapText("", 60, 13, 3)).toEqual([]);
  });
});
