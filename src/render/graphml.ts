/** A picture as GraphML, which yEd, Gephi and Cytoscape read: hosts as nested graphs, edges dependent to dependency. */
import { edgeEnds } from "./edge-ends.ts";
import type { Picture, PictureBox, PictureRow } from "./picture.ts";
import { escapeXml } from "./xml.ts";

/** Attributes: id, what has it, name. */
const KEYS = [
  ["label", "node"],
  ["host", "node"],
  ["state", "node"],
  ["degree", "node"],
  ["checks", "node"],
  ["certainty", "edge"],
  ["connections", "edge"],
] as const;

/** The GraphML document. */
export function renderGraphml(picture: Picture): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...KEYS.map(([name, of]) => `  <key id="${name}" for="${of}" attr.name="${name}" attr.type="string"/>`),
    '  <graph id="dotm" edgedefault="directed">',
    ...picture.boxes.flatMap((box) => hostLines(box)),
    ...edgeEnds(picture).map(
      ({ edge, from, to }) =>
        `    <edge source="${escapeXml(from)}" target="${escapeXml(to)}">${data("certainty", edge.certainty)}${data("connections", `${edge.count}`)}</edge>`,
    ),
    "  </graph>",
    "</graphml>",
    "",
  ].join("\n");
}

function hostLines(box: PictureBox): string[] {
  const id = escapeXml(`host ${box.id}`);
  return [
    `    <node id="${id}">${data("label", box.title)}${data("state", box.state)}`,
    `      <graph id="${id} inside" edgedefault="directed">`,
    ...box.units.flatMap(({ rows }) => rows.map((row) => `        ${nodeLine(row)}`)),
    "      </graph>",
    "    </node>",
  ];
}

function nodeLine(row: PictureRow): string {
  const label = row.times > 1 ? `${row.label} ×${row.times}` : row.label;
  const about = [
    data("label", label),
    data("host", row.host),
    data("state", row.ownState),
    data("degree", row.degree),
    data("checks", row.checks.join(", ")),
  ];
  return `<node id="${escapeXml(row.id)}">${about.join("")}</node>`;
}

function data(key: (typeof KEYS)[number][0], value: string | null): string {
  return value === null || value === "" ? "" : `<data key="${key}">${escapeXml(value)}</data>`;
}
