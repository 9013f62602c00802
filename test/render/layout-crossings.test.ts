/** How hard pictures are to follow, held at what was reached: a faster layout must not be a worse one. */
import { expect, it } from "vitest";
import { layeredLayout } from "../../src/render/layered-layout.ts";
import type { Positions } from "../../src/render/layout.ts";
import type { Picture } from "../../src/render/picture.ts";

interface Way {
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

interface Bench {
  readonly generatedPicture: (services: number) => Picture;
  readonly ourWays: (picture: Picture, positions: Positions) => Way[];
  readonly crossings: (ways: readonly Way[]) => number;
  readonly through: (ways: readonly Way[], rows: Positions["rows"]) => number;
}

const { generatedPicture, ourWays, crossings, through }: Bench = {
  ...(await import(new URL("../../bench/layout/generated-picture.js", import.meta.url).href)),
  ...(await import(new URL("../../bench/layout/crossings.js", import.meta.url).href)),
};

// Graphviz' dot draws the same pictures with 16, 357 and 9,770 crossings.
it.each([
  [20, 19],
  [50, 338],
  [200, 7851],
])("draws %i services with at most %i crossings, none through a foreign service", (services, most) => {
  const picture = generatedPicture(services);
  const positions = layeredLayout(picture);
  const ways = ourWays(picture, positions);
  expect(crossings(ways)).toBeLessThanOrEqual(most);
  expect(through(ways, positions.rows)).toBe(0);
});
