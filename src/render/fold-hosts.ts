/** Folds equal hosts into one box: `web01 … web12`, each row times twelve. */
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import { foldEdges } from "./fold-edges.ts";
import type { Picture, PictureBox, PictureRow } from "./picture.ts";

/** Equal hosts from this number on are folded. */
const ENOUGH = 4;

/** Folds hosts that differ in the digits of their names only: same rows, same states, same neighbours. */
export function foldHosts(picture: Picture): Picture {
  const links = linksOf(picture, endsOf(picture));
  const groups = grouped(picture.boxes, (box) =>
    isFoldable(box) ? signature(box, links.get(box.id) ?? new Set()) : box.id,
  );
  const renamed = new Map<string, string>();
  const boxes: PictureBox[] = [];
  for (const members of groups.values()) {
    if (members.length < ENOUGH) {
      boxes.push(...members);
    } else {
      boxes.push(foldBoxes(members, renamed));
    }
  }
  return renamed.size === 0
    ? picture
    : {
        boxes: boxes.sort((a, b) => compareIds(a.id, b.id)),
        edges: foldEdges(picture.edges, renamed),
        notes: picture.notes,
      };
}

function isFoldable(box: PictureBox): boolean {
  return (
    box.kind !== "internet" &&
    !box.focus &&
    box.units.every(({ rows }) => rows.every(({ focus, failed }) => !focus && !failed))
  );
}

/** Host and label of every unit and row, with the digits of the host's name taken out. */
function endsOf(picture: Picture): Map<string, string> {
  const ends = new Map<string, string>();
  for (const box of picture.boxes) {
    for (const unit of box.units) {
      ends.set(unit.id, `${stem(box.title)} ${unit.rows[0]?.label}`);
      for (const row of unit.rows) {
        ends.set(row.id, `${stem(box.title)} ${row.label}`);
      }
    }
  }
  return ends;
}

/** What each box is linked with, by its id: stems of both ends, whether trouble travels and whether it is remembered. */
function linksOf(picture: Picture, ends: ReadonlyMap<string, string>): Map<string, Set<string>> {
  const boxOf = new Map<string, string>();
  for (const box of picture.boxes) {
    for (const unit of box.units) {
      for (const id of [unit.id, ...unit.rows.map((row) => row.id)]) {
        boxOf.set(id, box.id);
      }
    }
  }
  const links = new Map<string, Set<string>>();
  for (const { from, to, hit, certainty } of picture.edges) {
    const link = `${ends.get(from)} > ${ends.get(to)} ${hit} ${certainty === "remembered"}`;
    for (const box of [boxOf.get(from) ?? "", boxOf.get(to) ?? ""]) {
      links.set(box, (links.get(box) ?? new Set()).add(link));
    }
  }
  return links;
}

/** Equal for hosts that look the same but for the number in their name. */
function signature(box: PictureBox, links: ReadonlySet<string>): string {
  const rows = box.units.map(({ rows: each }) =>
    each.map((row) => ({ ...row, id: "", host: "", checks: row.checks.length })),
  );
  return JSON.stringify([stem(box.title), box.kind, box.state, box.handling, box.agent, rows, [...links].sort()]);
}

function stem(name: string): string {
  return name.replaceAll(/\d+/g, "#");
}

function foldBoxes(members: readonly PictureBox[], renamed: Map<string, string>): PictureBox {
  const sorted = members.toSorted((a, b) => compareIds(a.title, b.title));
  const [first] = sorted;
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) {
    throw new Error("nothing to fold");
  }
  for (const member of sorted) {
    renameUnits(member, first, renamed);
  }
  return {
    ...first,
    kind: "fold",
    title: `${first.title} … ${last.title}`,
    hosts: sorted.map(({ title }) => title),
    hidden: 0,
    units: first.units.map((unit) => ({ ...unit, rows: unit.rows.map((row) => times(row, sorted.length)) })),
  };
}

/** Ids of a member's units and rows point to those of the first member, which have the same places. */
function renameUnits(member: PictureBox, first: PictureBox, renamed: Map<string, string>): void {
  for (const [u, unit] of member.units.entries()) {
    renamed.set(unit.id, first.units[u]?.id ?? unit.id);
    for (const [r, row] of unit.rows.entries()) {
      renamed.set(row.id, first.units[u]?.rows[r]?.id ?? row.id);
    }
  }
}

function times(row: PictureRow, count: number): PictureRow {
  return { ...row, times: count };
}
