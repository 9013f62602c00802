/** A picture as Graphviz DOT text: hosts as clusters, colours of the palette, edges dependent to dependency. */
import { isProblem } from "../model/state.ts";
import { edgeEnds } from "./edge-ends.ts";
import { type Paint, type PaletteName, paintOf } from "./palette.ts";
import type { Picture, PictureBox, PictureEdge, PictureRow } from "./picture.ts";
import { rowLook } from "./row-look.ts";
import { describeRow } from "./row-text.ts";
import { edgeStroke } from "./svg-edges.ts";

/** The DOT document. */
export function renderDot(picture: Picture, palette: PaletteName = "dotm"): string {
  const paint = paintOf(palette, "light");
  const lines = [
    "digraph dotm {",
    "  rankdir=LR;",
    '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11];',
    '  edge [fontname="sans-serif", fontsize=9];',
    ...picture.boxes.flatMap((box, index) => cluster(box, index, paint)),
    ...edgeEnds(picture).map(({ edge, from, to }) => arrow(edge, from, to, paint)),
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/** A quoted DOT string; line breaks and controls would end or change it. */
function quote(text: string): string {
  const plain = text.replaceAll(/\p{Cc}/gu, " ");
  return `"${plain.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function cluster(box: PictureBox, index: number, paint: Paint): string[] {
  return [
    `  subgraph ${quote(`cluster_${index}`)} {`,
    `    label=${quote(box.state !== null && isProblem(box.state) ? `${box.title} ${box.state}` : box.title)};`,
    `    style=${quote(box.kind === "host" ? "rounded" : "rounded,dashed")}; color=${quote(paint.outline)};`,
    ...box.units.flatMap(({ rows }) => rows.map((row) => `    ${node(row, paint)}`)),
    "  }",
  ];
}

function node(row: PictureRow, paint: Paint): string {
  const look = rowLook(row, paint);
  const label = `${row.label}${row.times > 1 ? ` ×${row.times}` : ""}${row.ownState === null ? "" : ` ${row.ownState}`}`;
  const style = look.dash === undefined ? "rounded,filled" : "rounded,filled,dashed";
  const attributes = [
    `label=${quote(label)}`,
    `tooltip=${quote(describeRow(row))}`,
    `fillcolor=${quote(look.fill)}`,
    `fontcolor=${quote(look.ink)}`,
    `color=${quote(look.stroke)}`,
    `penwidth=${look.strokeWidth}`,
    `style=${quote(style)}`,
  ];
  return `${quote(row.id)} [${attributes.join(", ")}];`;
}

function arrow(edge: PictureEdge, from: string, to: string, paint: Paint): string {
  const stroke = edgeStroke(edge, paint);
  const style = edge.certainty === "remembered" ? ", style=dashed" : "";
  return `  ${quote(from)} -> ${quote(to)} [color=${quote(stroke.stroke)}, penwidth=${stroke["stroke-width"]}${style}];`;
}
