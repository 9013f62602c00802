import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Difference, differenceOf, type Json, withDifference } from "../../src/model/json-difference.ts";

const json = fc
  .jsonValue({ maxDepth: 4, noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** A value and what became of it: shaken a little, so that most of it stays. */
const steps = fc.array(
  fc.record({
    id: fc.constantFrom("a", "b"),
    nodes: fc.array(
      fc.record({ id: fc.constantFrom("x", "y"), seen: fc.nat(3), needs: fc.array(fc.nat(2), { maxLength: 3 }) }),
      {
        maxLength: 3,
      },
    ),
    extra: fc.option(fc.record({ port: fc.nat(2) }, { requiredKeys: [] }), { nil: null }),
  }),
  { minLength: 2, maxLength: 6 },
) as fc.Arbitrary<Json[]>;

describe("differences of JSON values", () => {
  it("names only what differs", () => {
    const before = {
      host: "web01",
      nodes: [
        { id: "web01:80", lastSeen: 1 },
        { id: "web01:443", lastSeen: 1 },
      ],
      old: 1,
    };
    const after = {
      host: "web01",
      nodes: [
        { id: "web01:80", lastSeen: 1 },
        { id: "web01:443", lastSeen: 7 },
      ],
    };
    expect(differenceOf(before, after)).toEqual({ nodes: { "1": { lastSeen: [7] } }, old: 0 });
  });

  it("is undefined for the same, 0 for what is gone, the whole value for what is new", () => {
    expect(differenceOf({ a: [1, null] }, { a: [1, null] })).toBeUndefined();
    expect(differenceOf(undefined, undefined)).toBeUndefined();
    expect(differenceOf("x", undefined)).toBe(0);
    expect(differenceOf(undefined, null)).toEqual([null]);
    expect(differenceOf([1], [1, 2])).toEqual([[1, 2]]);
  });

  it("leads from any value to any other", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const difference = differenceOf(before, after);
        const kept = difference === undefined ? undefined : (JSON.parse(JSON.stringify(difference)) as Difference);
        expect(kept === undefined ? before : withDifference(before, kept)).toEqual(after);
      }),
    );
  });

  it("leads to the same end from any value on the way", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (values, from) => {
        const row = values.slice(1).map((value, at) => differenceOf(values[at], value));
        let value: Json | undefined = values[from % values.length];
        for (const difference of row) {
          value = difference === undefined ? value : withDifference(value, difference);
        }
        expect(value).toEqual(values.at(-1));
      }),
    );
  });

  it("does not choke on fields that objects have by themselves", () => {
    const before = JSON.parse('{"__proto__":{"a":1},"b":1}') as Json;
    const after = JSON.parse('{"__proto__":{"a":2},"constructor":3}') as Json;
    const difference = JSON.parse(JSON.stringify(differenceOf(before, after))) as Difference;
    expect(JSON.stringify(withDifference(before, difference))).toBe(JSON.stringify(after));
    expect(({} as { a?: number }).a).toBeUndefined();
  });
});
