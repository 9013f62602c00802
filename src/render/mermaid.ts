/** A picture as Mermaid flowchart text, for wikis and merge requests. */
import { isProblem } from "../model/state.ts";
import { edgeEnds } from "./edge-ends.ts";
import { type Paint, type PaletteName, paintOf, TONES, toneOf } from "./palette.ts";
import { type Picture, type PictureRow, rowsOf } from "./picture.ts";

/** The Mermaid document. */
export function renderMermaid(picture: Picture, palette: PaletteName = "dotm"): string {
  const paint = paintOf(palette, "light");
  const names = new Map([...rowsOf(picture)].map(({ row }, index) => [row.id, `n${index}`]));
  const lines = ["flowchart LR"];
  for (const [index, box] of picture.boxes.entries()) {
    lines.push(`  subgraph b${index}["${plain(box.title)}"]`);
    for (const row of box.units.flatMap(({ rows }) => rows)) {
      lines.push(`    ${names.get(row.id)}["${plain(text(row))}"]${classOf(row)}`);
    }
    lines.push("  end");
  }
  for (const { edge, from, to } of edgeEnds(picture)) {
    const line = edge.hit === null ? "-->" : "==>";
    lines.push(`  ${names.get(from)} ${edge.certainty === "remembered" ? "-.->" : line} ${names.get(to)}`);
  }
  return `${[...lines, ...classes(paint)].join("\n")}\n`;
}

/** Text between quotes: Mermaid knows no escape but entities, and reads markup. */
function plain(words: string): string {
  return words.replaceAll(/\p{Cc}/gu, " ").replaceAll(/["#&<>`\\[\]{}|]/g, (letter) => `#${letter.codePointAt(0)};`);
}

function text(row: PictureRow): string {
  const times = row.times > 1 ? ` ×${row.times}` : "";
  return `${row.label}${times}${row.ownState === null ? "" : ` ${row.ownState}`}`;
}

function classOf(row: PictureRow): string {
  const tone = toneOf(row.ownState);
  if (row.ownState !== null && tone !== undefined && (isProblem(row.ownState) || row.degree === null)) {
    return `:::${tone}`;
  }
  return row.degree === null ? "" : `:::${row.degree}`;
}

function classes(paint: Paint): string[] {
  return [
    ...TONES.map(
      (tone) => `  classDef ${tone} fill:${paint.tone[tone].fill},color:${paint.tone[tone].on},stroke:${paint.text}`,
    ),
    `  classDef affected fill:${paint.surface},stroke:${paint.tone.critical.line},stroke-width:3px`,
    `  classDef degraded fill:${paint.surface},stroke:${paint.tone.warning.line},stroke-width:3px`,
    `  classDef potential fill:${paint.surface},stroke:${paint.tone.unknown.line},stroke-width:3px`,
  ];
}
