/**
 * Draws hosts that belong together as one box: those of a host group, of one name but for its digits, or addresses of one
 * subnet. Their services are drawn once each, with how many there are and in how many something is wrong.
 */
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import { parseId } from "../model/ids.ts";
import { badness, isProblem } from "../model/state.ts";
import { foldEdges, strongerDegree } from "./fold-edges.ts";
import type { Picture, PictureBox, PictureRow, PictureUnit } from "./picture.ts";

/** Hosts that together make a group. */
const ENOUGH = 2;

/** A picture whose hosts are grouped, and what each id of a unit or row became. */
export interface Grouped {
  readonly picture: Picture;
  readonly renamed: ReadonlyMap<string, string>;
}

/** Groups all hosts but those that are to be drawn by themselves. */
export function groupHosts(
  picture: Picture,
  groupsOf: (host: string) => readonly string[],
  alone: (box: PictureBox) => boolean,
): Grouped {
  const foldable = picture.boxes.filter((box) => box.kind !== "internet" && !alone(box));
  const names = nameGroups(foldable, groupsOf);
  const members = grouped(foldable, ({ id }) => names.get(id) ?? id);
  const renamed = new Map<string, string>();
  const together = [...members].map(([name, boxes]) =>
    boxes.length < ENOUGH ? boxes : [groupOf(name, boxes, renamed)],
  );
  const folded = new Set(foldable);
  const others = picture.boxes.filter((box) => !folded.has(box));
  const boxes = [...others, ...together.flat()].sort((a, b) => compareIds(a.id, b.id));
  const edges = foldEdges(picture.edges, renamed).filter((edge) => !isWithinUnit(edge, renamed));
  return { picture: { ...picture, boxes, edges }, renamed };
}

/** Hosts of one group that talk to each other: nothing that a picture of groups can show. */
function isWithinUnit({ from, to }: { from: string; to: string }, renamed: ReadonlyMap<string, string>): boolean {
  return from === to || renamed.get(`unit of ${to}`) === from;
}

/** What each box's group is called. The smallest host group that still has several of them says most. */
function nameGroups(
  boxes: readonly PictureBox[],
  groupsOf: (host: string) => readonly string[],
): ReadonlyMap<string, string> {
  const candidates = new Map(boxes.map((box) => [box.id, candidatesOf(box, groupsOf)]));
  const sizes = new Map<string, number>();
  for (const name of [...candidates.values()].flat()) {
    sizes.set(name, (sizes.get(name) ?? 0) + 1);
  }
  const names = new Map<string, string>();
  for (const [box, all] of candidates) {
    const shared = all.filter((name) => (sizes.get(name) ?? 0) >= ENOUGH);
    const groups = shared
      .filter((name) => name.startsWith(GROUP))
      .sort((a, b) => (sizes.get(a) ?? 0) - (sizes.get(b) ?? 0));
    const name = groups[0] ?? shared[0];
    if (name !== undefined) {
      names.set(box, name);
    }
  }
  return names;
}

const GROUP = "group ";

function candidatesOf(box: PictureBox, groupsOf: (host: string) => readonly string[]): string[] {
  const subnet = subnetOf(box.title);
  if (subnet !== undefined) {
    return [subnet];
  }
  const groups = [...new Set(groupsOf(box.title))].sort(compareIds).map((name) => `${GROUP}${name}`);
  return [...groups, box.title.replaceAll(/\d+/g, "#")];
}

/** `10.0.3.0/24`, `2001:db8:1:2::/64`; undefined for a name. */
function subnetOf(title: string): string | undefined {
  if (/^\d+(?:\.\d+){3}$/.test(title)) {
    return title.replace(/\d+$/, "0/24");
  }
  const v6 = /^\[?((?:[0-9a-f]{0,4}:){4})[0-9a-f:]*\]?$/i.exec(title);
  return v6 === null ? undefined : `${v6[1]}:/64`;
}

function groupOf(name: string, members: readonly PictureBox[], renamed: Map<string, string>): PictureBox {
  const sorted = members.toSorted((a, b) => compareIds(a.title, b.title));
  const [first] = sorted;
  const worst = sorted.toSorted((a, b) => badness(b.state ?? "PENDING") - badness(a.state ?? "PENDING"))[0];
  if (first === undefined || worst === undefined) {
    throw new Error("nothing to group");
  }
  const isRange = !name.startsWith(GROUP) && !name.includes("/");
  return {
    ...first,
    id: `${name} of ${first.id}`,
    kind: "fold",
    title: isRange ? `${first.title} … ${sorted.at(-1)?.title}` : name,
    hosts: sorted.flatMap(({ hosts }) => hosts),
    state: worst.state,
    handling: worst.handling,
    agent: agentOf(sorted),
    units: mergeUnits(sorted, renamed),
    hidden: 0,
    focus: false,
  };
}

function agentOf(members: readonly PictureBox[]): PictureBox["agent"] {
  const agents = new Set(members.map(({ agent }) => agent));
  if (agents.size === 1) {
    return members[0]?.agent ?? "none";
  }
  return agents.has("stale") ? "stale" : "fresh";
}

function mergeUnits(members: readonly PictureBox[], renamed: Map<string, string>): PictureUnit[] {
  const units = new Map<string, { id: string; rows: Map<string, PictureRow[]> }>();
  for (const unit of members.flatMap((box) => box.units)) {
    const key = unitName(unit);
    const merged = units.get(key) ?? { id: unit.id, rows: new Map<string, PictureRow[]>() };
    units.set(key, merged);
    renamed.set(unit.id, merged.id);
    for (const row of unit.rows) {
      const same = merged.rows.get(row.label) ?? [];
      merged.rows.set(row.label, same);
      same.push(row);
      const representative = same[0]?.id ?? row.id;
      if (row.id !== unit.id) {
        renamed.set(row.id, representative);
      }
      renamed.set(`unit of ${representative}`, merged.id);
    }
  }
  return [...units.values()].map(({ id, rows }) => ({ id, rows: [...rows.values()].map(mergeRows) }));
}

/** What units of several hosts have in common: the process, or the port of a service without one. */
function unitName(unit: PictureUnit): string {
  const parsed = parseId(unit.id);
  if (parsed?.kind === "process") {
    return parsed.name.replace(/@.*$/, "");
  }
  return unit.rows.map(({ label }) => label).join(" ");
}

/** Rows of one label: as bad as the worst of them. */
function mergeRows(rows: readonly PictureRow[]): PictureRow {
  const worst = rows.toSorted((a, b) => badness(b.ownState ?? "PENDING") - badness(a.ownState ?? "PENDING"));
  const shown = worst.find(({ ownState }) => ownState !== null) ?? rows[0];
  const [first] = rows;
  if (shown === undefined || first === undefined) {
    throw new Error("nothing to merge");
  }
  return {
    ...shown,
    id: first.id,
    host: first.host,
    degree: rows.reduce<PictureRow["degree"]>((strongest, { degree }) => strongerDegree(strongest, degree), null),
    propagatedState: rows.find(({ propagatedState }) => propagatedState !== null)?.propagatedState ?? null,
    failed: rows.some(({ failed }) => failed),
    focus: rows.some(({ focus }) => focus),
    old: rows.every(({ old }) => old),
    checks: [],
    times: rows.reduce((sum, { times }) => sum + times, 0),
    troubled: rows.filter(({ ownState }) => ownState !== null && isProblem(ownState)).length,
  };
}
