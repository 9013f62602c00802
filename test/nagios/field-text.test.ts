import { expect, it } from "vitest";
import { decimal } from "../../nagios/decimal.ts";
import { fieldText, hasControlCharacters, unescapeLongOutput } from "../../nagios/field-text.ts";

const text = (bytes: Buffer): string => fieldText(bytes, 0, bytes.length);

it.each([
  ["plain", "plain"],
  ["ä – 🖨", "ä – 🖨"],
  ["\u{feff}bom", "\u{feff}bom"],
  ["a\tb", "a\tb"],
  ["a\0\u{1b}\u{7f}\u{9f}b", "a\u{fffd}\u{fffd}\u{fffd}\u{fffd}b"],
])("reads %j as %j", (written, expected) => {
  expect(text(Buffer.from(written))).toBe(expected);
});

it("reads what is not UTF-8 as Windows-1252", () => {
  expect(text(Buffer.from([0x47, 0x72, 0xfc, 0x6e, 0x20, 0x80, 0x20, 0x93, 0x78, 0x94]))).toBe("Grün € “x”");
});

it("cuts at the limit between characters", () => {
  expect(text(Buffer.from(`x${"ä".repeat(40_000)}`))).toBe(`x${"ä".repeat(32_767)}`);
});

it("knows control characters, and what was put in their place", () => {
  expect(["a", "ä b", "a\tb", "a\nb", "a\u{fffd}"].map(hasControlCharacters)).toEqual([false, false, true, true, true]);
});

it("unescapes long output once, and as its writer escaped it", () => {
  expect(unescapeLongOutput("a\\nb\\\\nc\\td\\", false)).toBe("a\nb\\nc\\td\\");
  expect(unescapeLongOutput("a\\nC:\\\\x", true)).toBe("a\nC:\\\\x");
});

it.each([
  ["0", 0],
  ["-1", -1],
  ["5.000000", 5],
  ["0.166667", 0.166667],
  ["1795359132.414399", 1_795_359_132.414399],
  [".5", 0.5],
  ["7.", 7],
  ["12345678901234567890", 1.2345678901234567e19],
  ["", Number.NaN],
  ["-", Number.NaN],
  [".", Number.NaN],
  ["1e5", Number.NaN],
  ["1.2.3", Number.NaN],
  ["1 ", Number.NaN],
  ["9".repeat(25), Number.NaN],
])("takes %j for %d", (written, expected) => {
  expect(decimal(Buffer.from(written), 0, written.length)).toBe(expected);
});
