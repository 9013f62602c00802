import { expect, it } from "vitest";
import { coverageOf } from "../../src/mapping/coverage.ts";

it("counts checks that are mapped, known to speak of no service, and not understood", () => {
  const checks = [
    { services: ["a:1"], known: true },
    { services: ["a:1", "a:2"], known: true },
    { services: [], known: true },
    { services: [], known: false },
  ];
  expect(coverageOf(checks)).toEqual({ checks: 4, mapped: 2, none: 1, unmapped: 1, share: 0.75 });
  expect(coverageOf([])).toEqual({ checks: 0, mapped: 0, none: 0, unmapped: 0, share: 1 });
});
