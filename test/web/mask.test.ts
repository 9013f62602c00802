/** Texts and ids without the names of hidden hosts, whatever those are called and wherever they stand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareIds } from "../../src/model/compare.ts";
import type { HostGraph } from "../../src/model/host-graph.ts";
import type { Impact } from "../../src/model/impact.ts";
import { Mask } from "../../src/web/restricted/mask.ts";
import { maskedGraph } from "../../src/web/restricted/masked-graph.ts";
import { maskedImpact } from "../../src/web/restricted/masked-impact.ts";
import { Sight } from "../../src/web/restricted/sight.ts";
import { shop, siteGraphs } from "../support/picture.ts";

/** What somebody sees of a site of these hosts. */
async function seen(shown: readonly string[], hidden: readonly string[]) {
  const groups = new Map<string, string[]>([
    ...shown.map((host) => [host, ["web"]] as [string, string[]]),
    ...hidden.map((host) => [host, ["db"]] as [string, string[]]),
  ]);
  let now = 0;
  const sight = new Sight(["web"], Buffer.from("key"), () => now);
  const reader = {
    nodes: async () => [...groups.keys()],
    graphs: async (hosts: readonly string[]) =>
      new Map(hosts.map((host) => [host, { host, groups: groups.get(host) ?? [] } as unknown as HostGraph])),
  };
  await sight.look(reader);
  const look = (seconds: number) => {
    now += seconds;
    return sight.look(reader);
  };
  return { mask: new Mask(sight), sight, groups, look };
}

describe("a text", () => {
  it.each([
    ["db01 is slow", "H is slow"],
    ["DB01.example.net:3306, db01", "H.example.net:3306, H"],
    ["dump_db01-daily", "dump_H-daily"],
    ["nadb01 and db011 are others", "nadb01 and db011 are others"],
    [
      "connect to 10.0.0.7 or 2001:db8::7 at 12:30:45 failed",
      "connect to (an address) or (an address) at 12:30:45 failed",
    ],
    ["127.0.0.1 and 1.2.3.400", "127.0.0.1 and 1.2.3.400"],
    ["web01 needs mail.example.org", "web01 needs M"],
    ["mail is no host of the short name", "M is no host of the short name"],
    ["OK", "OK"],
    ["", ""],
  ])("%s", async (text, expected) => {
    const { mask } = await seen(["web01"], ["db01", "mail.example.org"]);
    const [db, mail] = [mask.host("db01"), mask.host("mail.example.org")];
    expect(mask.text(text)).toBe(expected.replace(/\bH\b|(?<=_)H/g, db).replace(/\bM\b/g, mail));
  });

  it("never holds the name of a hidden host, by itself or within a word", async () => {
    const label = fc.stringMatching(/^[a-zA-Zäß][a-z0-9ü]{2,8}$/);
    const name = fc
      .array(label, { minLength: 1, maxLength: 3 })
      .chain((labels) => fc.constantFrom(...".-_").map((by) => labels.join(by)));
    const between = fc.constantFrom(" ", ": ", "/", ",", "(", "_", "-", ".", "=", "'");
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(name, { minLength: 1, maxLength: 6 }),
        between,
        fc.string(),
        async (hosts, by, rest) => {
          const { mask } = await seen(["web01"], hosts);
          for (const host of hosts) {
            const text = mask.text(`x${by}${host.toUpperCase()}${by}${rest.replaceAll(/[\p{L}\p{N}_]/gu, "")}`);
            const words = text.toLowerCase().replaceAll(/(?:hidden|process|check)-[0-9a-f]{10}/g, " ");
            expect(words.split(/[^\p{L}\p{N}_.!-]+/u).includes(host.toLowerCase())).toBe(false);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("an id", () => {
  it("keeps its port and its kind, and is the same each time", async () => {
    const { mask, sight } = await seen(["web01"], ["db01", "2001:db8:0:0:0:0:0:1"]);
    expect(mask.id("web01:80")).toBe("web01:80");
    expect(mask.id("Internet:443")).toBe("Internet:443");
    expect(mask.id("db01:53/udp")).toMatch(/^hidden-[0-9a-f]{10}:53\/udp$/);
    expect(mask.id("db01/mysqld@a.service")).toMatch(/^hidden-[0-9a-f]{10}\/process-[0-9a-f]{10}$/);
    expect(mask.id("[2001:db8:0:0:0:0:0:1]:25")).toMatch(/^hidden-[0-9a-f]{10}:25$/);
    expect(mask.id("10.9.9.9:5432")).toMatch(/^hidden-[0-9a-f]{10}:5432$/);
    expect(mask.id("web01/php -> db01:3306")).toBe(`web01/php -> ${mask.id("db01:3306")}`);
    const again = new Mask(sight);
    expect(again.id("db01:3306")).toBe(mask.id("db01:3306"));
    expect(sight.hostOf(mask.host("db01"))).toBe("db01");
    expect(sight.hostOf("db01")).toBeUndefined();
    expect(sight.hostOf("hidden-0123456789")).toBeUndefined();
  });

  it("of a host that joins or leaves a group is another one some seconds later", async () => {
    const { mask, groups, look } = await seen(["web01"], ["db01"]);
    groups.set("db01", ["web"]).set("web01", []);
    await look(5);
    expect([mask.host("web01"), mask.host("db01") === "db01"]).toEqual(["web01", false]);
    await look(5);
    expect([mask.host("web01") === "web01", mask.host("db01")]).toEqual([false, "db01"]);
    expect(mask.text("web01 talks to db01")).toBe(`${mask.host("web01")} talks to db01`);
  });
});

it("tells by no order between which shown names a hidden one stands", async () => {
  const { mask } = await seen(["aaa", "mmm", "zzz"], ["bbb", "nnn"]);
  const graphs = siteGraphs({
    hosts: { mmm: { services: ["80 nginx"] } },
    needs: ["aaa:1", "bbb:1", "nnn:1", "zzz:1"].flatMap((id) => [
      ["mmm/nginx", id] as const,
      [`${id.slice(0, 3)}/client`, "mmm:80"] as const,
    ]),
  });
  const { nodes } = maskedGraph(graphs.get("mmm") as HostGraph, mask);
  for (const { needs, neededBy } of nodes) {
    const others = [needs.map(({ to }) => to), neededBy];
    expect(others).toEqual(others.map((ids) => ids.toSorted(compareIds)));
  }
  expect(nodes.flatMap(({ needs, neededBy }) => [...needs, ...neededBy])).toHaveLength(10);
  const row = (id: string) => ({ id, host: id.slice(0, 3), port: 1, process: null, hops: 1, path: [id] });
  const rows = ["aaa:1", "bbb:1", "nnn:1", "zzz:1"].map(row) as unknown as Impact["affected"];
  const { affected } = maskedImpact({ ...shop().impact, affected: rows }, mask);
  expect(affected.map(({ id }) => id)).toEqual(affected.map(({ id }) => id).sort(compareIds));
});
