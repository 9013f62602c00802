import { expect, it } from "vitest";
import { listSuggestions } from "../../src/cli/resources/suggestions.ts";
import { readHosts } from "../../src/ingest/getent-hosts.ts";
import type { HostGraph } from "../../src/model/host-graph.ts";
import { dotm } from "./run-command.ts";
import { NOW, storedSite } from "./stored-site.ts";

/** The stored site, in which two hosts talk with one that nobody knows. */
function siteWithStrangers() {
  const site = storedSite();
  return {
    ...site,
    graphs: async (hosts: readonly string[]) => {
      const graphs = await site.graphs(hosts);
      return new Map([...graphs].map(([host, graph]) => [host, withStrangers(graph)]));
    },
  };
}

function withStrangers(graph: HostGraph): HostGraph {
  const need = { certainty: "one", count: 3, firstSeen: NOW - 90, lastSeen: NOW - 5 } as const;
  const nodes = graph.nodes.map((node) => ({
    ...node,
    needs: node.id === "web01/php-fpm" ? [...node.needs, { ...need, to: "10.0.0.99:6379" }] : node.needs,
    neededBy: node.id === "db01:3306" ? [...node.neededBy, "10.0.0.98/?", "Internet/?"] : node.neededBy,
  }));
  return { ...graph, nodes };
}

it("suggests who is talked with, by name where this machine knows it, then who is known by name only", async () => {
  const named = readHosts(`127.0.0.1       localhost
10.0.0.99       cache01.example.net cache01
10.0.0.77       db01.example.net  # in the picture already
10.0.0.78       spare01
ff02::1         ip6-allnodes
nonsense`);
  const request = { reader: siteWithStrangers(), hosts: [], now: NOW, program: "dotm" };
  const { names, rows, items } = await listSuggestions(request, async () => named);
  expect(names).toEqual(["cache01.example.net", "10.0.0.98", "spare01"]);
  expect(rows[0]).toEqual(["cache01.example.net", "10.0.0.99", "3", "5 s", "web01", "6379"]);
  expect(rows[2]).toEqual(["spare01", "10.0.0.78", "0", expect.any(String), "-", "-"]);
  expect(items[1]).toMatchObject({ address: "10.0.0.98", seenBy: ["db01"], ports: [] });
});

it("is one of the lists of dotm get", async () => {
  const { code, out } = await dotm(["get", "suggestions", "-o", "json"], { reader: siteWithStrangers() });
  expect(code).toBe(0);
  const { kind, items } = JSON.parse(out) as { kind: string; items: { address: string }[] };
  expect(kind).toBe("SuggestionList");
  expect(items.map(({ address }) => address)).toEqual(expect.arrayContaining(["10.0.0.99", "10.0.0.98"]));
});
