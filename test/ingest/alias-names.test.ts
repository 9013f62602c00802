import { expect, it } from "vitest";
import { aliasNames } from "../../src/ingest/alias-names.ts";

it("takes aliases that can be a name of one host only", () => {
  const others = new Map([
    ["a", "web-01.example"],
    ["b", "büro_2"],
    ["c", "The old server"],
    ["d", "twice"],
    ["e", "twice"],
    ["f", "a"],
    ["g", "kept"],
    ["h", ""],
    ["i", "x/y"],
  ]);
  expect(aliasNames(others.keys(), others, new Set(["g"]))).toEqual(
    new Map([
      ["a", "web-01.example"],
      ["b", "büro_2"],
    ]),
  );
});
