/** A picture as CSV (RFC 4180): its rows, then its edges, told apart by the first column. */
import { csvCell } from "./csv-cell.ts";
import { edgeEnds } from "./edge-ends.ts";
import { type Picture, rowsOf } from "./picture.ts";

const HEAD = ["kind", "id", "host", "label", "state", "degree", "checks", "needs", "certainty", "connections"];

/** The table. */
export function renderCsv(picture: Picture): string {
  const rows = [...rowsOf(picture)].map(({ row }) => [
    ...["service", row.id, row.host, row.label, row.ownState ?? "", row.degree ?? ""],
    ...[row.checks.join(", "), "", "", ""],
  ]);
  const edges = edgeEnds(picture).map(({ edge, from, to }) => [
    ...["edge", from, "", "", "", edge.hit ?? "", "", to, edge.certainty, `${edge.count}`],
  ]);
  return [HEAD, ...rows, ...edges].map((cells) => `${cells.map(csvCell).join(",")}\r\n`).join("");
}
