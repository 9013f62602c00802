/** Routes of pictures as data: `/api/v1/graph` in several formats, and the shape Grafana's node graph panel takes. */
import { z } from "zod";
import { renderCsv } from "../../../render/csv.ts";
import { renderDot } from "../../../render/dot.ts";
import { edgeEnds } from "../../../render/edge-ends.ts";
import { renderGraphml } from "../../../render/graphml.ts";
import { renderMermaid } from "../../../render/mermaid.ts";
import { toneOf } from "../../../render/palette.ts";
import { type Picture, type PictureRow, rowsOf } from "../../../render/picture.ts";
import { drawTarget } from "../../draw-target.ts";
import { layOutOverview, overviewPicture } from "../../overview-data.ts";
import type { PageDeps } from "../../page-frame.ts";
import { parseTarget } from "../../url-contract.ts";
import { documentWith } from "../answers.ts";
import { type ApiRoute, reading, TextAnswer } from "../api-route.ts";
import { apiTarget, apiView } from "../api-target.ts";
import { listOf, target } from "../schemas/common.ts";
import { grafanaEdge, grafanaFields, grafanaNode, graphAnswer } from "../schemas/graph.ts";

/** Formats beside JSON, with their media types. */
const TEXTS = {
  dot: { type: "text/vnd.graphviz", render: (picture: Picture) => renderDot(picture) },
  graphml: { type: "application/graphml+xml", render: renderGraphml },
  mermaid: { type: "text/vnd.mermaid", render: renderMermaid },
  csv: { type: "text/csv", render: renderCsv },
} as const;

const look = {
  host: z.string().optional().describe("Host as the monitoring names it; without it the whole site"),
  srv: target.srv,
  dependents: z.coerce.number().int().min(0).max(12).optional().describe("Hops drawn to those who need it"),
  dependencies: z.coerce.number().int().min(0).max(12).optional().describe("Hops drawn to what it needs"),
  whatif: z.array(z.string()).describe("`down:ID`, `up:ID` or `maintenance:ID`"),
  fold: z.enum(["0", "1"]).optional().describe("0: equal hosts one by one"),
};

const graph = reading({
  path: "/api/v1/graph",
  summary: "The picture of a host or check, or of the whole site, as data",
  tag: "map",
  query: z.object({ ...look, format: z.enum(["json", "dot", "graphml", "mermaid", "csv"]).default("json") }),
  answer: graphAnswer,
  types: ["application/json", ...Object.values(TEXTS).map(({ type }) => type)],
  example: "host=db01&srv=MySQL",
  ask: async (deps, { raw, query, revision, now }) => {
    const { picture, impact } = await chosen(deps, raw, now);
    if (query.format !== "json") {
      const { type, render } = TEXTS[query.format];
      return new TextAnswer(type, render(picture));
    }
    return documentWith("Graph", { revision, ...picture, impact: impact ?? null });
  },
});

const fields = reading({
  path: "/api/v1/grafana/fields",
  summary: "The columns of nodes and edges, for Grafana's node graph panel",
  tag: "grafana",
  query: z.object({}),
  answer: grafanaFields,
  ask: async () => ({
    nodes_fields: [
      ...["id", "title", "subtitle", "mainstat", "secondarystat"].map(text),
      ...ARCS.map(([field_name, color]) => ({ field_name, color, type: "number" as const })),
      { ...text("detail__host"), displayName: "Host" },
      { ...text("detail__checks"), displayName: "Checks" },
    ],
    edges_fields: [
      ...["id", "source", "target"].map(text),
      { field_name: "mainstat", type: "number" as const, displayName: "Connections" },
      { ...text("secondarystat"), displayName: "Certainty" },
    ],
  }),
});

const nodes = reading({
  path: "/api/v1/grafana/nodes",
  summary: "Services and processes as Grafana's node graph panel takes them",
  tag: "grafana",
  query: z.object(look),
  answer: listOf(grafanaNode),
  ask: async (deps, { raw, now }) => [...rowsOf((await chosen(deps, raw, now)).picture)].map(({ row }) => toNode(row)),
});

const edges = reading({
  path: "/api/v1/grafana/edges",
  summary: "Dependencies as Grafana's node graph panel takes them",
  tag: "grafana",
  query: z.object(look),
  answer: listOf(grafanaEdge),
  ask: async (deps, { raw, now }) => toEdges((await chosen(deps, raw, now)).picture),
});

const both = reading({
  path: "/api/v1/grafana/data",
  summary: "Nodes and edges together",
  tag: "grafana",
  query: z.object(look),
  answer: z.object({ nodes: listOf(grafanaNode), edges: listOf(grafanaEdge) }),
  ask: async (deps, { raw, now }) => {
    const { picture } = await chosen(deps, raw, now);
    return { nodes: [...rowsOf(picture)].map(({ row }) => toNode(row)), edges: toEdges(picture) };
  },
});

/** All of them. */
export const graphRoutes: readonly ApiRoute[] = [graph, fields, nodes, edges, both];

/** Parts of the ring around a node, with colours that Grafana knows. */
const ARCS = [
  ["arc__ok", "green"],
  ["arc__warning", "yellow"],
  ["arc__critical", "red"],
  ["arc__unknown", "purple"],
] as const;

async function chosen(deps: PageDeps, raw: string, now: number) {
  const view = apiView(raw);
  if (parseTarget(raw).host.length === 0) {
    const site = await layOutOverview(deps, { sources: [] }, now);
    return { picture: await overviewPicture(site, view), impact: undefined };
  }
  return drawTarget(deps, await apiTarget(deps, raw), view);
}

function toNode(row: PictureRow): z.input<typeof grafanaNode> {
  const tone = toneOf(row.ownState) ?? "pending";
  return {
    id: row.id,
    title: row.times > 1 ? `${row.label} ×${row.times}` : row.label,
    subtitle: row.host,
    mainstat: row.ownState ?? "no check",
    secondarystat: row.degree ?? "",
    arc__ok: Number(tone === "ok"),
    arc__warning: Number(tone === "warning"),
    arc__critical: Number(tone === "critical"),
    arc__unknown: Number(!["ok", "warning", "critical"].includes(tone)),
    detail__host: row.host,
    detail__checks: row.checks.join(", "),
  };
}

function toEdges(picture: Picture): z.input<typeof grafanaEdge>[] {
  return edgeEnds(picture).map(({ edge, from, to }) => ({
    id: `${from} -> ${to}`,
    source: from,
    target: to,
    mainstat: edge.count,
    secondarystat: edge.certainty,
  }));
}

function text(field_name: string) {
  return { field_name, type: "string" as const };
}
