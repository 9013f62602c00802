/** Keeps pictures readable: folds hosts step by step until few enough rows and edges are left, then leaves out the rest. */
import { compareIds } from "../model/compare.ts";
import type { Pieces } from "../model/pieces.ts";
import { isProblem } from "../model/state.ts";
import { foldAlike } from "./fold-alike.ts";
import { strengthOf } from "./fold-edges.ts";
import { foldHosts } from "./fold-hosts.ts";
import { groupHosts } from "./group-hosts.ts";
import { type Picture, type PictureBox, type PictureUnit, rowsOf } from "./picture.ts";

/** Rows drawn at most; more than this no eye follows. */
export const ROW_LIMIT = 150;

/** Edges drawn at most. */
export const EDGE_LIMIT = 300;

/** Rows from which equal hosts are folded. */
const FOLD_ROWS = 24;

/** What the folding has to know beside the picture. */
export interface Bounds {
  /** Host groups of a host. */
  readonly groupsOf: (host: string) => readonly string[];
  /** Hops from what the picture is about, by id of the unit; undefined for what is not near. */
  readonly distance: ReadonlyMap<string, number>;
  /** False to fold nothing: then only what is too much is left out. */
  readonly fold: boolean;
}

/** The picture, folded as little as needed. */
export function* boundPicture(whole: Picture, bounds: Bounds): Pieces<Picture> {
  const folded = bounds.fold ? yield* foldIfMany(whole) : whole;
  if (isReadable(folded)) {
    return folded;
  }
  let best: { readonly picture: Picture; readonly renamed: ReadonlyMap<string, string> } = {
    picture: folded,
    renamed: new Map(),
  };
  for (const alone of bounds.fold ? ALONE : []) {
    yield;
    const grouped = groupHosts(whole, bounds.groupsOf, alone);
    const noted = { ...grouped.picture, notes: [...whole.notes, groupNote(grouped.picture)] };
    best = { ...grouped, picture: noted };
    if (isReadable(noted)) {
      return noted;
    }
  }
  yield;
  return cutEdges(cutRows(best.picture, distanceIn(bounds.distance, best.renamed)));
}

/** Who is drawn alone, from many to few. */
const ALONE: readonly ((box: PictureBox) => boolean)[] = [isIll, isBadlyIll, isAskedFor];

function isAskedFor(box: PictureBox): boolean {
  return box.focus || box.units.some(({ rows }) => rows.some(({ focus, failed }) => focus || failed));
}

function isIll(box: PictureBox): boolean {
  const ill = box.units.some(({ rows }) => rows.some(({ ownState }) => ownState !== null && isProblem(ownState)));
  return isAskedFor(box) || ill || (box.state !== null && isProblem(box.state));
}

/** CRITICAL or DOWN, and nobody deals with it. */
function isBadlyIll(box: PictureBox): boolean {
  const bad = box.units.some(({ rows }) =>
    rows.some(({ ownState, handling }) => ownState === "CRITICAL" && !handling.acknowledged && !handling.inDowntime),
  );
  return isAskedFor(box) || bad || box.state === "DOWN";
}

function isReadable(picture: Picture): boolean {
  return countRows(picture) <= ROW_LIMIT && picture.edges.length <= EDGE_LIMIT;
}

function* foldIfMany(picture: Picture): Pieces<Picture> {
  if (countRows(picture) <= FOLD_ROWS) {
    return picture;
  }
  yield;
  const alike = foldAlike(picture);
  yield;
  return foldHosts(alike);
}

/** Number of rows. */
function countRows(picture: Picture): number {
  return [...rowsOf(picture)].length;
}

function groupNote({ boxes }: Picture): string {
  const groups = boxes.filter(({ kind }) => kind === "fold");
  const hosts = groups.reduce((sum, box) => sum + box.hosts.length, 0);
  return `${hosts} hosts are drawn as ${groups.length} groups: more than ${ROW_LIMIT} boxes cannot be read.`;
}

/** Distance of what units became: that of the nearest of them. */
function distanceIn(
  distance: ReadonlyMap<string, number>,
  renamed: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> {
  const nearest = new Map<string, number>();
  for (const [unit, hops] of distance) {
    const id = renamed.get(unit) ?? unit;
    nearest.set(id, Math.min(hops, nearest.get(id) ?? Number.POSITIVE_INFINITY));
  }
  return nearest;
}

/** Leaves out units until few enough rows are left: what is asked for stays longest, then what is in trouble, then the near. */
function cutRows(picture: Picture, distance: ReadonlyMap<string, number>): Picture {
  const touching = new Map<string, number>();
  for (const { from, to } of picture.edges) {
    for (const id of [from, to]) {
      touching.set(id, (touching.get(id) ?? 0) + 1);
    }
  }
  const edgesOf = (unit: PictureUnit) =>
    [unit.id, ...unit.rows.map(({ id }) => id)].reduce((sum, id) => sum + (touching.get(id) ?? 0), 0);
  const ranked = picture.boxes
    .flatMap(({ units }) => units)
    .map((unit) => ({ unit, rank: rankOf(unit), hops: distance.get(unit.id) ?? 0, edges: edgesOf(unit) }))
    .sort((a, b) => a.rank - b.rank || a.hops - b.hops || b.edges - a.edges || compareIds(a.unit.id, b.unit.id));
  const kept = new Set<PictureUnit>();
  let room = ROW_LIMIT;
  for (const { unit } of ranked) {
    room -= Math.max(1, unit.rows.length);
    if (room < 0) {
      break;
    }
    kept.add(unit);
  }
  const left = ranked.slice(kept.size).reduce((sum, { unit }) => sum + unit.rows.length, 0);
  return left === 0 ? picture : withUnits(picture, kept, `${left} services and processes farther away are not drawn.`);
}

function withUnits(picture: Picture, kept: ReadonlySet<PictureUnit>, note: string): Picture {
  const boxes = picture.boxes.flatMap((box) => {
    const units = box.units.filter((unit) => kept.has(unit));
    const gone = box.units.reduce((sum, unit) => sum + (kept.has(unit) ? 0 : unit.rows.length), 0);
    return units.length === 0 ? [] : [{ ...box, units, hidden: box.hidden + (box.kind === "fold" ? 0 : gone) }];
  });
  const ids = new Set([...kept].flatMap((unit) => [unit.id, ...unit.rows.map(({ id }) => id)]));
  const edges = picture.edges.filter(({ from, to }) => ids.has(from) && ids.has(to));
  return { boxes, edges, notes: [...picture.notes, note] };
}

function rankOf({ rows }: PictureUnit): number {
  if (rows.some(({ focus, failed }) => focus || failed)) {
    return 0;
  }
  return rows.some(({ ownState, degree }) => degree !== null || (ownState !== null && isProblem(ownState))) ? 1 : 2;
}

/** Leaves out edges until they can be followed: those over which trouble travels stay longest, then the busiest. */
function cutEdges(picture: Picture): Picture {
  const left = picture.edges.length - EDGE_LIMIT;
  if (left <= 0) {
    return picture;
  }
  const ranked = picture.edges.toSorted(
    (a, b) =>
      strengthOf(b.hit) - strengthOf(a.hit) ||
      b.count - a.count ||
      compareIds(a.from, b.from) ||
      compareIds(a.to, b.to),
  );
  const kept = new Set(ranked.slice(0, EDGE_LIMIT));
  const note = `${left} dependencies are not drawn: those over which trouble travels, and the busiest, are.`;
  return { ...picture, edges: picture.edges.filter((edge) => kept.has(edge)), notes: [...picture.notes, note] };
}
