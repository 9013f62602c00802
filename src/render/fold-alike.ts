/** Folds processes of one name on one host that look alike into one row: `mysqld ×12`. */
import { grouped } from "../model/grouped.ts";
import { parseId } from "../model/ids.ts";
import { foldEdges } from "./fold-edges.ts";
import type { Picture, PictureBox, PictureRow, PictureUnit } from "./picture.ts";

/** Rows from this number on are folded; fewer are quicker read than understood. */
const ENOUGH = 5;

/** The picture with them folded; itself where there are none. */
export function foldAlike(picture: Picture): Picture {
  const renamed = new Map<string, string>();
  const boxes = picture.boxes.map((box) => foldBox(box, renamed));
  return renamed.size === 0 ? picture : { ...picture, boxes, edges: foldEdges(picture.edges, renamed) };
}

function foldBox(box: PictureBox, renamed: Map<string, string>): PictureBox {
  const alike = grouped(box.units, looksOf);
  const units = [...alike.values()].flatMap((members) => (isMany(members) ? [fold(members, renamed)] : members));
  return units.length === box.units.length && units.every((unit, i) => unit === box.units[i]) ? box : { ...box, units };
}

/** Equal for units whose rows all look the same; a unit that is mixed equals no other. */
function looksOf(unit: PictureUnit): string {
  const looks = new Set(unit.rows.map(lookOf));
  const [look] = looks;
  return looks.size === 1 && look !== undefined ? `${nameOf(unit)} ${look}` : unit.id;
}

/** The process' name without its unit or container. */
function nameOf({ id, rows }: PictureUnit): string {
  const parsed = parseId(id);
  return parsed?.kind === "process" ? parsed.name.replace(/@.*$/, "") : (rows[0]?.label.replace(/^:\S+ ?/, "") ?? id);
}

function lookOf({ ownState, stateType, handling, degree, failed, focus, old }: PictureRow): string {
  return JSON.stringify([ownState, stateType, handling, degree, failed, focus, old]);
}

function isMany(members: readonly PictureUnit[]): boolean {
  const rows = members.flatMap((unit) => unit.rows);
  return rows.length >= ENOUGH && !rows.some(({ focus, failed }) => focus || failed);
}

function fold(members: readonly PictureUnit[], renamed: Map<string, string>): PictureUnit {
  const [first] = members;
  const rows = members.flatMap((unit) => unit.rows);
  const [row] = rows;
  if (first === undefined || row === undefined) {
    throw new Error("nothing to fold");
  }
  for (const unit of members) {
    for (const id of [unit.id, ...unit.rows.map((each) => each.id)]) {
      renamed.set(id, id === unit.id ? first.id : row.id);
    }
  }
  const name = nameOf(first);
  const times = rows.reduce((sum, each) => sum + each.times, 0);
  return { id: first.id, rows: [{ ...row, label: name === "" ? row.label : name, times }] };
}
