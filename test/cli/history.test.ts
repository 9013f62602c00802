import { describe, expect, it } from "vitest";
import { DotmError } from "../../src/errors.ts";
import type { GraphNode, HostGraph } from "../../src/model/host-graph.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import type { History, Past } from "../../src/store/history-reader.ts";
import { dotm } from "./run-command.ts";
import { NOW, storedSite } from "./stored-site.ts";

const HOUR_AGO = NOW - 3_600;

/** The same site an hour ago: web01 had one service more, and no problem was there. */
async function before() {
  const now = storedSite();
  const graphs = await now.graphs(await now.nodes());
  const web01 = graphs.get("web01") as HostGraph;
  const [first] = web01.nodes;
  const old: GraphNode = {
    ...(first as GraphNode),
    id: "web01:8443",
    kind: "service",
    port: "8443",
    process: "old",
    needs: [],
  };
  const then = new Map([...graphs, ["web01", { ...web01, nodes: [...web01.nodes, old] }]] as [string, HostGraph][]);
  return storedSite({
    graphs: async (hosts) => new Map([...then].filter(([host]) => hosts.includes(host))),
    ranking: async () => [],
    impact: async () => undefined,
    problems: async () => 0,
  });
}

const history = (exact = true): History => ({
  list: async () => [
    { at: HOUR_AGO, bytes: 204_800, hosts: 3, problems: 0, fault: null },
    { at: NOW - 60, bytes: 10, hosts: 0, problems: 0, fault: "it is not what DOTM writes" },
  ],
  at: async (at): Promise<Past> => {
    if (at < HOUR_AGO) {
      throw new DotmError("DOTM_NOT_FOUND", "Nothing is known of then.", "dotm history list");
    }
    return { reader: await before(), at, asOf: exact ? at : HOUR_AGO, exact };
  },
});

describe("dotm history", () => {
  it("list prints the snapshots, and what is wrong with one", async () => {
    const { code, out, err } = await dotm(["history", "list"], { history: history() });
    expect(code).toBe(0);
    expect(out).toMatch(
      /^TIME +AGE +HOSTS +PROBLEMS +KB +FAULT\n\S+Z +1 h +3 +0 +200\.0 +-\n\S+Z .* it is not what DOTM writes\n$/,
    );
    expect(err).toBe("2 snapshots, 200 KB in all.\n");
  });

  it("list says why there are none", async () => {
    expect((await dotm(["history", "list"])).err).toBe(
      "No snapshot has been taken yet; one is taken every 3600 s while DOTM runs.\n",
    );
    const off = { ...DEFAULT_SETTINGS, history: { ...DEFAULT_SETTINGS.history, enabled: false } };
    const { err } = await dotm(["history", "list"], { reader: storedSite({ settings: async () => off }) });
    expect(err).toContain("dotm settings set history enabled 1");
  });

  it("show tells what was at a time", async () => {
    const { out } = await dotm(["history", "show", "-30m"], { history: history() });
    expect(out).toMatch(/^As it was at \S+Z\.\n\d+ hosts, \d+ services, 0 problems\.\n$/);
    const json = JSON.parse((await dotm(["history", "show", "-30m", "-o", "json"], { history: history(false) })).out);
    expect(json).toMatchObject({ kind: "Picture", exact: false, problems: 0, impacts: [] });
  });

  it("diff tells what changed, around problems first", async () => {
    const { out, err } = await dotm(["history", "diff", "-1h"], { history: history() });
    expect(out).toContain("problem");
    expect(out).toMatch(/service +removed +web01 +web01:8443 +old +-/);
    expect(err).toMatch(/^\d+ changes from \S+Z to \S+Z\.\n$/);
    const json = JSON.parse((await dotm(["history", "diff", "-1h", "-o", "json"], { history: history(false) })).out);
    expect(json).toMatchObject({ kind: "PictureDifference", from: { exact: false } });
    expect(json.items).toContainEqual(
      expect.objectContaining({ kind: "service", subject: "web01:8443", change: "removed" }),
    );
    expect((await dotm(["history", "diff", "-1h", "-30m"], { history: history() })).err).toMatch(/^No changes/);
  });
});

describe("--at", () => {
  it("answers as it was, and says so", async () => {
    const { out, err } = await dotm(["impact", "--all", "--at", "-30m"], { history: history() });
    expect(err).toMatch(/^As it was at \S+Z\.\n/);
    expect(out).not.toContain("db01");
    expect((await dotm(["get", "services", "--at", "-30m"], { history: history() })).out).toContain("web01:8443");
    expect((await dotm(["graph", "web01", "-o", "json", "--at", "-30m"], { history: history() })).out).toContain(
      "8443",
    );
    for (const command of [["report"], ["causes", "web01"], ["path", "web01", "db01"], ["what-if", "down:db01"]]) {
      const { err: said } = await dotm([...command, "--at", "-30m"], { history: history() });
      expect(said).toMatch(/^As it was at/);
    }
  });

  it("says what is not known", async () => {
    const { err } = await dotm(["get", "nodes", "--at", "-30m"], { history: history(false) });
    expect(err).toMatch(/^As it was at \S+Z: what changed from there to \S+Z is not known\.\n/);
  });

  it("refuses what is no time, and a time of which nothing is known", async () => {
    const wrong = await dotm(["get", "nodes", "--at", "soon"], { history: history() });
    expect(wrong).toMatchObject({ code: 2, out: "" });
    expect(wrong.err).toContain('"soon" is not a time.\nWrite 2026-');
    const unknown = await dotm(["get", "nodes", "--at", "-2h"], { history: history() });
    expect(unknown).toMatchObject({ code: 3, out: "", closed: 1 });
    expect((await dotm(["history", "diff", "x"], { history: history() })).code).toBe(2);
  });
});
