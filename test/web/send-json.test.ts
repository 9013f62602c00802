import fc from "fast-check";
import { expect, it } from "vitest";
import { inOneGo } from "../../src/model/pieces.ts";
import { jsonPieces } from "../../src/web/send-json.ts";

it("writes the same JSON as JSON.stringify, however it is nested and whatever is missing", () => {
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(undefined, null, true, Number.NaN, -0, "", 'q"\\\u2028', "__proto__"),
      fc.double(),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.string(), tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(value, (each) => {
      expect(inOneGo(jsonPieces(each))).toBe(JSON.stringify(each) ?? "null");
    }),
    { numRuns: 300 },
  );
});

it("stops after each member of a long answer", () => {
  const pieces = jsonPieces({ kind: "HostList", items: Array.from({ length: 1_000 }, (_, name) => ({ name })) });
  expect([...pieces].length).toBeGreaterThan(1_000);
});
