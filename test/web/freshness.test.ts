import { expect, it } from "vitest";
import { silenceOf } from "../../src/web/freshness.ts";
import { NOON } from "../support/builders.ts";

const said = (at: number) => silenceOf({ id: "x", at }, NOON);

it("says loudly where the engine gave no sign of life for a minute, and where that lies ahead, so that nobody can know", () => {
  expect([said(0), said(NOON - 60), said(NOON + 60)]).toEqual([undefined, undefined, undefined]);
  expect(said(NOON - 7_200)).toMatch(/^This picture is old: .* 2 h ago\./);
  expect(said(NOON + 7_200)).toMatch(/sign of life lies 2 h ahead: a clock is wrong, or was set back since\./);
});
