import { describe, expect, it } from "vitest";
import { ROW_LIMIT } from "../../src/render/bound-picture.ts";
import { type Picture, rowsOf } from "../../src/render/picture.ts";
import { selectOverview, selectPicture } from "../../src/render/select-picture.ts";
import { generatedSite, type Site, shop, siteGraphs, siteImpact } from "../support/picture.ts";
import { processorTime } from "../support/processor-time.ts";

function ids(picture: Picture): string[] {
  return [...rowsOf(picture)].map(({ row }) => row.id).sort();
}

describe("selectPicture", () => {
  it("draws three hops of dependents and one of dependencies around what failed", () => {
    const { graphs, impact } = shop();
    expect(ids(selectPicture(graphs, { impact }))).toEqual([
      "app01:8080",
      "app02:8080",
      "backup01/mysqldump",
      "db01:3306",
      "db02:3306",
      "nfs01:2049",
      "web01/php-fpm",
      "web01:80",
      "web02/php-fpm",
      "web02:80",
    ]);
    expect(ids(selectPicture(graphs, { impact, dependents: 1, dependencies: 0 }))).toEqual([
      "app01:8080",
      "app02:8080",
      "backup01/mysqldump",
      "db01:3306",
      "db02:3306",
    ]);
    expect(ids(selectPicture(graphs, { impact, dependents: 6 }))).toContain("Internet/?");
  });

  it("marks what failed, what trouble reaches and over which edges it travels", () => {
    const { graphs, impact } = shop();
    const picture = selectPicture(graphs, { impact });
    const row = (id: string) => [...rowsOf(picture)].find((each) => each.row.id === id)?.row;
    expect(row("db01:3306")).toMatchObject({ failed: true, focus: true, ownState: "CRITICAL", degree: null });
    expect(row("app02:8080")).toMatchObject({ ownState: "OK", degree: "affected", propagatedState: "CRITICAL" });
    const hit = (from: string, to: string) => picture.edges.find((edge) => edge.from === from && edge.to === to)?.hit;
    expect(hit("app01/java", "db01:3306")).toBe("affected");
    expect(hit("web01/nginx", "web01/php-fpm")).toBe("affected");
    expect(hit("db01/mysqld", "nfs01:2049")).toBeNull();
    expect(hit("web01/php-fpm", "nfs01:2049")).toBeNull();
  });

  it("is chosen of a host with 30,000 processes, each with a peer of its own, in a time that grows as they do", () => {
    const milliseconds = (processes: number) => {
      const names = Array.from({ length: processes }, (_, n) => `p${n}`);
      const needs = names.map((name, n) => [`liar/${name}`, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}:80`] as const);
      const graphs = siteGraphs({ hosts: { liar: { processes: names } }, needs });
      return processorTime(() => {
        expect(ids(selectPicture(graphs, { host: "liar" })).length).toBeLessThanOrEqual(ROW_LIMIT);
      });
    };
    milliseconds(3_000);
    // Ten times as many; a hundred times as long where each is compared with, or copied for, all others.
    expect(milliseconds(30_000) / milliseconds(3_000)).toBeLessThan(50);
  });

  it("says how many services of a drawn host are not drawn", () => {
    const { graphs, impact } = shop();
    const hidden = new Map(selectPicture(graphs, { impact }).boxes.map((box) => [box.id, box.hidden]));
    expect(hidden.get("db01")).toBe(1);
    expect(hidden.get("web01")).toBe(0);
  });

  it("shows all of a host that is asked for as a whole", () => {
    const { graphs } = shop();
    const picture = selectPicture(graphs, { host: "db01", dependents: 1, dependencies: 1 });
    expect(ids(picture)).toContain("db01:9104");
    expect(picture.boxes.find(({ id }) => id === "db01")?.focus).toBe(true);
  });

  it("draws who is only spoken of, where no graph of its host is there", () => {
    const { graphs } = shop();
    const known = new Map([...graphs].filter(([host]) => host === "db01"));
    const picture = selectPicture(known, { host: "db01" });
    expect(picture.boxes.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      "app01 outside",
      "app02 outside",
      "backup01 outside",
      "db01 host",
      "db02 outside",
      "nfs01 outside",
    ]);
    expect(picture.edges.map(({ from, to }) => `${from} ${to}`)).toContain("app01/java db01:3306");
  });

  it("keeps clients from the Internet apart from services in it", () => {
    const { graphs } = shop();
    const internet = selectOverview(graphs).boxes.filter(({ kind }) => kind === "internet");
    expect(internet.map(({ units }) => units.map(({ id }) => id))).toEqual([["Internet:443"], ["Internet/?"]]);
  });

  it("folds equal hosts into one box and counts them", () => {
    const { picture } = fan({});
    expect(picture.boxes.map(({ title, hosts }) => `${title} ${hosts.length}`)).toEqual(["db01 1", "web01 … web40 40"]);
    expect(picture.edges).toMatchObject([{ from: "web01/nginx", to: "db01:3306", count: 160 }]);
    expect([...rowsOf(picture)].find(({ box }) => box.kind === "fold")?.row.times).toBe(40);
  });

  it("does not fold hosts in different states, nor what is in focus, nor where asked not to", () => {
    const { picture } = fan({ "web07:80": { state: "CRITICAL", degree: "affected" } });
    expect(picture.boxes.map(({ title }) => title)).toEqual(["db01", "web01 … web40", "web07"]);
    expect(fan({}, false).picture.boxes).toHaveLength(41);
  });

  it("draws at most 150 rows, those in trouble first, and says what is left out", () => {
    const picture = selectPicture(siteGraphs(bigSite()), { focus: ["db:1"], dependents: 5 });
    expect(ids(picture).length).toBeLessThanOrEqual(ROW_LIMIT);
    expect(ids(picture)).toContain("job-x/ill");
    expect(picture.notes.join()).toMatch(/\d+ services and processes farther away are not drawn/);
  });
});

describe("a host that mostly talks to itself", () => {
  const services = [80, 8080, 6379, 3306, 5672].map((port, i) => `${port} p${i}`);
  const graphs = (edges: readonly (readonly [string, string])[]) =>
    siteGraphs({ hosts: { one: { services } }, needs: edges });
  const chain = [
    ["one/p0", "one:8080"],
    ["one/p1", "one:6379"],
    ["one/p1", "one:3306"],
    ["one/p2", "one:5672"],
  ] as const;

  it("is spread over a box a process, so that its inner talk can be followed", () => {
    const picture = selectOverview(graphs(chain));
    expect(picture.boxes.map(({ title, units }) => [title, units.length])).toEqual(services.map(() => ["one", 1]));
    expect(new Set(picture.boxes.map(({ id }) => id)).size).toBe(5);
    expect(picture.edges).toHaveLength(4);
  });

  it("stays one box where there is little to follow", () => {
    expect(selectOverview(graphs(chain.slice(0, 2))).boxes).toHaveLength(1);
  });
});

describe("selectOverview", () => {
  it("draws a small site whole", () => {
    const { graphs } = shop();
    expect(selectOverview(graphs).boxes).toHaveLength(14);
  });

  it("draws problems and what is next to them where the site is large, and says so", () => {
    const graphs = siteGraphs(generatedSite(200, 3));
    const picture = selectOverview(graphs);
    expect(ids(picture).length).toBeLessThanOrEqual(ROW_LIMIT);
    expect([...rowsOf(picture)].some(({ row }) => row.ownState === "CRITICAL")).toBe(true);
    expect(picture.notes.join()).toMatch(/Only problems and what is next to them are drawn; \d+ more/);
  });
});

function fan(states: NonNullable<Site["states"]>, fold = true) {
  const webs = Array.from({ length: 40 }, (_, i) => `web${String(i + 1).padStart(2, "0")}`);
  const graphs = siteGraphs({
    hosts: {
      db01: { services: ["3306 mysqld"] },
      ...Object.fromEntries(webs.map((web) => [web, { services: ["80 nginx"] }])),
    },
    needs: webs.map((web) => [`${web}/nginx`, "db01:3306"]),
    states: {
      "db01:3306": { state: "CRITICAL", checks: ["MySQL"] },
      ...Object.fromEntries(webs.map((web) => [`${web}:80`, { state: "OK" as const, degree: "affected" as const }])),
      ...states,
    },
  });
  const impact = siteImpact(graphs, { host: "db01", check: "MySQL" }, ["db01:3306"]);
  return { picture: selectPicture(graphs, { impact, fold }) };
}

/** A database with 300 clients whose names do not fold. */
function bigSite(): Site {
  const letters = "abcdefghijklmnopqrst";
  const jobs = Array.from({ length: 300 }, (_, i) => `job-${letters[Math.floor(i / 20)]}${letters[i % 20]}`);
  return {
    hosts: {
      db: { services: ["1 db"] },
      "job-x": { processes: ["ill"] },
      ...Object.fromEntries(jobs.map((job) => [job, { processes: [job] }])),
    },
    needs: [["job-x/ill", "db:1"], ...jobs.map((job): [string, string] => [`${job}/${job}`, "db:1"])],
    states: { "job-x/ill": { degree: "degraded" } },
  };
}
