import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { layeredLayout } from "../../src/render/layered-layout.ts";
import type { EdgeWay, Point, Positions, Rect } from "../../src/render/layout.ts";
import type { Picture } from "../../src/render/picture.ts";
import { selectOverview, selectPicture } from "../../src/render/select-picture.ts";
import { generatedSite, type Site, type SiteNeed, shop, siteGraphs } from "../support/picture.ts";

/** Any small site: hosts that need each other in any way, cycles and themselves included. */
const anySite = fc
  .record({
    hosts: fc.integer({ min: 1, max: 9 }),
    needs: fc.array(fc.tuple(fc.nat(8), fc.nat(1), fc.nat(8), fc.nat(2)), { maxLength: 30 }),
  })
  .map(({ hosts, needs }): Site => {
    const names = Array.from({ length: hosts }, (_, i) => `h${i}`);
    const of = (i: number) => names[i % hosts] ?? "h0";
    return {
      hosts: Object.fromEntries(names.map((name) => [name, { services: ["80 a", "81 a", "90 b"] }])),
      needs: needs.map(
        ([from, process, to, port]): SiteNeed => [
          `${of(from)}/${["a", "b"][process]}`,
          `${of(to)}:${["80", "81", "90"][port]}`,
        ],
      ),
    };
  });

describe("layeredLayout", () => {
  it("gives every box, row and edge of the shop a place", () => {
    const { graphs, impact } = shop();
    const picture = selectPicture(graphs, { impact });
    const positions = layeredLayout(picture);
    expect([...positions.boxes.keys()].sort()).toEqual(picture.boxes.map(({ id }) => id).sort());
    for (const row of picture.boxes.flatMap(({ units }) => units.flatMap(({ rows }) => rows))) {
      expect(positions.rows.get(row.id), row.id).toBeDefined();
    }
    expect(positions.edges.every(({ steps }) => steps.length > 0)).toBe(true);
  });

  it("puts dependents left of what they need", () => {
    const { graphs, impact } = shop();
    const { boxes } = layeredLayout(selectPicture(graphs, { impact }));
    const x = (host: string) => boxes.get(host)?.x ?? Number.NaN;
    expect(x("web01")).toBeLessThan(x("app01"));
    expect(x("app01")).toBeLessThan(x("db01"));
    expect(x("db01")).toBeLessThan(x("nfs01"));
  });

  it("depends on what needs what, never on states", () => {
    const { graphs } = shop();
    const picture = selectOverview(graphs);
    const well: Picture = {
      ...picture,
      boxes: picture.boxes.map((box) => ({
        ...box,
        state: "DOWN",
        agent: "fresh",
        units: box.units.map((unit) => ({
          ...unit,
          rows: unit.rows.map((row) => ({ ...row, ownState: "OK", degree: null, failed: true })),
        })),
      })),
      edges: picture.edges.map((edge) => ({ ...edge, hit: null })),
    };
    expect(layeredLayout(well)).toEqual(layeredLayout(picture));
  });

  it("gives equal input equal places", () => {
    const site = siteGraphs(generatedSite(30, 2));
    const reversed = new Map([...site].reverse());
    expect(layeredLayout(selectOverview(reversed, { fold: false }))).toEqual(
      layeredLayout(selectOverview(site, { fold: false })),
    );
  });

  it("draws edges that run back, as a cycle must, out of the left side", () => {
    const site: Site = {
      hosts: { a: { services: ["1 x"] }, b: { services: ["2 y"] } },
      needs: [
        ["a/x", "b:2"],
        ["b/y", "a:1"],
      ],
    };
    const picture = selectOverview(siteGraphs(site));
    const { edges, boxes } = layeredLayout(picture);
    const back = edges[picture.edges.findIndex(({ from }) => from === "b/y")];
    const [first, last] = [back?.start, back?.steps.at(-1)?.to];
    expect((boxes.get("b")?.x ?? 0) > (boxes.get("a")?.x ?? 0)).toBe(true);
    expect(last?.x).toBeLessThan(first?.x ?? 0);
  });

  it("overlaps no boxes and leads no edge through a foreign service, whatever needs what", () => {
    fc.assert(
      fc.property(anySite, (site) => {
        const picture = selectOverview(siteGraphs(site), { fold: false });
        check(picture, layeredLayout(picture));
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    [20, 3],
    [60, 1],
    [50, 3],
  ])(
    "keeps a site of %i hosts with %i services each free of overlaps, in a picture no higher than twice its width",
    (hosts, services) => {
      const picture = selectOverview(siteGraphs(generatedSite(hosts, services)), { fold: false });
      const positions = layeredLayout(picture);
      check(picture, positions);
      expect(positions.height).toBeLessThan(2 * positions.width);
    },
  );
});

function check(picture: Picture, positions: Positions): void {
  const boxes = [...positions.boxes];
  for (const [i, [a, one]] of boxes.entries()) {
    for (const [b, other] of boxes.slice(i + 1)) {
      expect(apart(one, other), `${a} over ${b}`).toBe(true);
    }
    expect(one.x >= 0 && one.y >= 0 && one.x + one.width <= positions.width + 1).toBe(true);
    expect(one.y + one.height).toBeLessThanOrEqual(positions.height + 1);
  }
  for (const [i, edge] of picture.edges.entries()) {
    const own = new Set([edge.from, edge.to]);
    const way = positions.edges[i];
    const rows = picture.boxes.flatMap(({ units }) =>
      units.flatMap((unit) => (own.has(unit.id) ? [] : unit.rows.filter(({ id }) => !own.has(id)))),
    );
    for (const row of rows) {
      const rect = positions.rows.get(row.id);
      const hit = way !== undefined && rect !== undefined && pointsOf(way).some((point) => inside(point, rect));
      expect(hit, `${edge.from} → ${edge.to} runs through ${row.id}`).toBe(false);
    }
  }
}

function apart(a: Rect, b: Rect): boolean {
  return a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
}

function inside({ x, y }: Point, rect: Rect): boolean {
  return x > rect.x + 0.5 && x < rect.x + rect.width - 0.5 && y > rect.y + 0.5 && y < rect.y + rect.height - 0.5;
}

/** Points of the way, close to each other. */
function pointsOf(way: EdgeWay): Point[] {
  const points: Point[] = [];
  let from = way.start;
  for (const step of way.steps) {
    const [c1, c2] = step.kind === "line" ? [from, step.to] : [step.c1, step.c2];
    for (let i = 0; i <= 24; i += 1) {
      const t = i / 24;
      const at = (axis: "x" | "y") =>
        (1 - t) ** 3 * from[axis] +
        3 * (1 - t) ** 2 * t * c1[axis] +
        3 * (1 - t) * t * t * c2[axis] +
        t ** 3 * step.to[axis];
      points.push({ x: at("x"), y: at("y") });
    }
    from = step.to;
  }
  return points;
}
