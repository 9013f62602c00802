import { describe, expect, it } from "vitest";
import { renderDot } from "../../src/render/dot.ts";
import { renderMermaid } from "../../src/render/mermaid.ts";
import { selectPicture } from "../../src/render/select-picture.ts";
import { shop, siteGraphs } from "../support/picture.ts";

function picture() {
  const { graphs, impact } = shop();
  return selectPicture(graphs, { impact });
}

function hostile() {
  const graphs = siteGraphs({
    hosts: { 'a"]; b [label="x': { processes: ['p"\n} subgraph evil {', "click n0 call alert()"] } },
    needs: [],
  });
  return selectPicture(graphs, { host: 'a"]; b [label="x' });
}

describe("renderDot", () => {
  it("writes hosts as clusters and edges from dependent to dependency", () => {
    const dot = renderDot(picture());
    expect(dot).toMatch(/^digraph dotm \{\n {2}rankdir=LR;/);
    expect(dot).toContain('label="db01";');
    expect(dot).toContain('"app01:8080" -> "db01:3306" [color="#b5172f", penwidth=2.6];');
    expect(dot).toMatch(/"backup01\/mysqldump" -> "db01:3306" \[.*style=dashed\]/);
    expect(dot.trimEnd().endsWith("}")).toBe(true);
  });

  it("keeps hostile names inside their quotes", () => {
    const dot = renderDot(hostile());
    const unquoted = dot.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
    expect(unquoted).not.toContain("evil");
    expect(unquoted.split("{").length).toBe(unquoted.split("}").length);
  });
});

describe("renderMermaid", () => {
  it("writes hosts as subgraphs and trouble as thick arrows", () => {
    const mermaid = renderMermaid(picture());
    expect(mermaid).toMatch(/^flowchart LR\n/);
    expect(mermaid).toContain('["db01"]');
    expect(mermaid).toMatch(/n\d+ ==> n\d+/);
    expect(mermaid).toMatch(/n\d+ -\.-> n\d+/);
    expect(mermaid).toMatch(/\[":3306 mysqld CRITICAL"\]:::critical/);
  });

  it("keeps hostile names inside their quotes", () => {
    const lines = renderMermaid(hostile()).split("\n");
    expect(lines.filter((line) => line.trim().startsWith("click"))).toEqual([]);
    expect(lines.filter((line) => line.trim().startsWith("subgraph"))).toHaveLength(1);
  });
});
