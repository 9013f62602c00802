/** Pictures of large sites: bounded in size and time, whatever needs what. */
import { describe, expect, it } from "vitest";
import type { HostGraph } from "../../src/model/host-graph.ts";
import { EDGE_LIMIT, ROW_LIMIT } from "../../src/render/bound-picture.ts";
import { layeredLayout } from "../../src/render/layered-layout.ts";
import { type Picture, rowsOf } from "../../src/render/picture.ts";
import { selectOverview, selectPicture } from "../../src/render/select-picture.ts";
import { type SiteNeed, type SiteState, siteGraphs } from "../support/picture.ts";

const rows = (picture: Picture) => [...rowsOf(picture)].map(({ row }) => row);

/** 1,000 hosts with five services each. */
function largeSite(needsOf: (random: () => number, names: readonly string[]) => SiteNeed[]): Map<string, HostGraph> {
  const random = generator(7);
  const roles = ["web", "app", "db", "cache", "queue", "mail", "file", "auth", "log", "batch"];
  const names = Array.from({ length: 1000 }, (_, i) => `${roles[i % 10]}${String(i).padStart(4, "0")}`);
  const programs = ["nginx", "java", "mysqld", "redis-server", "node"];
  const services = programs.map((program, i) => `${8000 + i} ${program}`);
  const needs = needsOf(random, names);
  const states: Record<string, SiteState> = Object.fromEntries(
    names.filter((_, i) => i % 9 === 0).map((name) => [`${name}:8002`, { state: "CRITICAL", checks: ["MySQL"] }]),
  );
  return siteGraphs({ hosts: Object.fromEntries(names.map((name) => [name, { services }])), needs, states });
}

const PROGRAMS = ["nginx", "java", "mysqld", "redis-server", "node"];

/** A few services that nearly everybody needs, and a long tail. */
const powerLaw = () =>
  largeSite((random, names) =>
    Array.from({ length: 20_000 }, (): SiteNeed => {
      const popular = Math.floor(names.length * random() ** 6);
      const from = Math.floor(random() * names.length);
      const program = PROGRAMS[Math.floor(random() * 5)];
      return [`${names[from]}/${program}`, `${names[popular]}:${8000 + Math.floor(random() * 5)}`];
    }),
  );

/** Everybody talks to anybody. */
const mesh = () =>
  largeSite((random, names) =>
    Array.from({ length: 40_000 }, (): SiteNeed => {
      const of = () => names[Math.floor(random() * names.length)];
      return [`${of()}/${PROGRAMS[Math.floor(random() * 5)]}`, `${of()}:${8000 + Math.floor(random() * 5)}`];
    }),
  );

describe.each([
  ["a power law", powerLaw],
  ["a mesh", mesh],
])("a site of 5,000 services, %s", (_, make) => {
  const graphs = make();

  it.each([
    ["the overview", () => selectOverview(graphs)],
    ["the overview without folding", () => selectOverview(graphs, { fold: false })],
    [
      "a service in the middle",
      () => selectPicture(graphs, { focus: ["web0000:8000"], dependents: 5, dependencies: 3 }),
    ],
    ["a host", () => selectPicture(graphs, { host: "db0002" })],
  ])("%s is no hairball and says what it leaves out", (_name, select) => {
    const picture = select();
    expect(rows(picture).length).toBeGreaterThan(5);
    expect(rows(picture).length).toBeLessThanOrEqual(ROW_LIMIT);
    expect(picture.edges.length).toBeLessThanOrEqual(EDGE_LIMIT);
    expect(picture.notes.join(" ")).toMatch(/drawn/);
    const { width, height } = layeredLayout(picture);
    expect(width).toBeLessThan(12_000);
    expect(height).toBeLessThan(12_000);
  });

  it("draws what it is about, and groups the rest", () => {
    const picture = selectPicture(graphs, { focus: ["web0000:8000"], dependents: 5, dependencies: 3 });
    const about = picture.boxes.find(({ units }) => units.some((unit) => unit.rows.some(({ focus }) => focus)));
    expect(about?.title).toBe("web0000");
    const groups = picture.boxes.filter(({ kind }) => kind === "fold");
    expect(groups.length).toBeGreaterThan(3);
    expect(groups.some(({ hosts }) => hosts.length > 20)).toBe(true);
    const ill = rows(picture).find(({ troubled }) => (troubled ?? 0) > 0);
    expect(ill).toMatchObject({ ownState: "CRITICAL", label: ":8002 mysqld" });
  });
});

it("shows a large site in which all is well by its groups", () => {
  const graphs = siteGraphs({
    hosts: Object.fromEntries(
      Array.from({ length: 300 }, (_, i) => [
        `${["web", "db"][i % 2]}${i}`,
        { services: [i % 2 ? "3306 mysqld" : "80 nginx"] },
      ]),
    ),
    needs: Array.from({ length: 150 }, (_, i): SiteNeed => [`web${2 * i}/nginx`, `db${((2 * i + 14) % 300) + 1}:3306`]),
  });
  const picture = selectOverview(graphs, { notGiven: 12 });
  expect(picture.boxes.map(({ title, hosts }) => [title, hosts.length])).toEqual([
    ["db1 … db99", 150],
    ["web0 … web98", 150],
  ]);
  expect(rows(picture).map(({ label, times }) => [label, times])).toEqual([
    [":3306 mysqld", 150],
    [":80 nginx", 150],
  ]);
  expect(picture.notes).toEqual(["12 more hosts are not looked at."]);
});

it("groups by the smallest host group, by name and by subnet", () => {
  const shops = Array.from(
    { length: 200 },
    (_, i) => `x${String.fromCharCode(97 + (i % 26))}${i}${"abcdefgh"[i % 8]}z`,
  );
  const graphs = siteGraphs({
    hosts: {
      db: { services: ["1 db"] },
      ...Object.fromEntries(shops.map((name) => [name, { processes: ["app"] }])),
    },
    needs: [
      ...shops.map((name): SiteNeed => [`${name}/app`, "db:1"]),
      ...Array.from({ length: 30 }, (_, i): SiteNeed => [`10.0.${i % 3}.${i}/?`, "db:1", "one"]),
    ],
  });
  for (const [i, name] of shops.entries()) {
    const graph = graphs.get(name);
    if (graph !== undefined) {
      graphs.set(name, { ...graph, groups: ["all", i % 2 === 0 ? "north" : "south"] });
    }
  }
  const picture = selectPicture(graphs, { focus: ["db:1"] });
  expect(picture.boxes.map(({ title, hosts }) => `${title} ${hosts.length}`)).toEqual([
    ...["10.0.0.0/24 10", "10.0.1.0/24 10", "10.0.2.0/24 10"],
    ...["db 1", "group north 100", "group south 100"],
  ]);
});

it("folds processes of one name on one host that look alike", () => {
  const graphs = siteGraphs({
    hosts: {
      big: {
        services: Array.from({ length: 24 }, (_, i) => `${3306 + i} mysqld@${i}`),
        processes: Array.from({ length: 6 }, (_, i) => `worker${i}`),
      },
    },
    needs: [],
    states: { "big:3310": { state: "CRITICAL", checks: ["MySQL 4"] } },
  });
  const picture = selectOverview(graphs);
  const drawn = rows(picture).map(({ label, times, ownState }) => [label, times, ownState]);
  expect(drawn).toContainEqual(["mysqld", 23, null]);
  expect(drawn.filter(([, , state]) => state === "CRITICAL")).toHaveLength(1);
});

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}
