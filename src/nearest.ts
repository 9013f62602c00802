/** "Did you mean": the known name nearest to one that is not known. */

/** Names longer than this are not compared: nobody mistypes them, and the work grows with the square. */
const LONGEST = 128;

/**
 * The known names nearest to `wanted`, best first: equal but for case, then with it as their beginning, then at most a
 * third of its letters (two at least for four letters and more) changed, left out, added or swapped. Names a whole letter farther off than the best are left out.
 */
export function nearest(wanted: string, known: Iterable<string>, limit = 3): string[] {
  const target = wanted.toLowerCase();
  const farthest = Math.max(target.length < 4 ? 1 : 2, Math.floor(target.length / 3));
  const found: { name: string; distance: number }[] = [];
  for (const name of known) {
    const distance = apart(target, name.toLowerCase(), farthest);
    if (distance <= farthest) {
      found.push({ name, distance });
    }
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  const best = found[0]?.distance ?? 0;
  return found
    .filter(({ distance }) => distance - best < 1)
    .slice(0, limit)
    .map(({ name }) => name);
}

/** `did you mean web01 or web02?`, empty where nothing is near. */
export function didYouMean(wanted: string, known: Iterable<string>): string {
  const names = nearest(wanted, known);
  return names.length === 0 ? "" : `did you mean ${names.join(" or ")}?`;
}

function apart(a: string, b: string, farthest: number): number {
  if (a === b) {
    return 0;
  }
  if (a.length >= 2 && b.startsWith(a)) {
    return 0.5;
  }
  if (Math.abs(a.length - b.length) > farthest || a.length > LONGEST || b.length > LONGEST) {
    return Number.POSITIVE_INFINITY;
  }
  return editDistance(a, b, farthest);
}

/**
 * Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours count one each. Looks no farther
 * than `farthest`, as thousands of names are compared while somebody waits; beyond it is Infinity.
 */
function editDistance(a: string, b: string, farthest: number): number {
  let rows: Rows = [emptyRow(b), emptyRow(b).map((_, column) => column), emptyRow(b)];
  let leastBefore = 0;
  for (let at = 1; at <= a.length; at += 1) {
    const least = fillRow(rows, a, b, at, farthest);
    // A swap leads over two rows.
    if (least > farthest && leastBefore > farthest) {
      return Number.POSITIVE_INFINITY;
    }
    leastBefore = least;
    rows = [rows[1], rows[2], rows[0]];
  }
  const distance = cell(rows[1], b.length);
  return distance <= farthest ? distance : Number.POSITIVE_INFINITY;
}

/** The row before the last, the last, and the one that is filled next. */
type Rows = readonly [before: Uint16Array, last: Uint16Array, current: Uint16Array];

/** Fills the current row, `farthest` to either side of its place; returns the least in it. */
function fillRow([before, last, current]: Rows, a: string, b: string, at: number, farthest: number): number {
  const [from, to] = [Math.max(1, at - farthest), Math.min(b.length, at + farthest)];
  current[from - 1] = from === 1 ? at : FAR;
  current[to + 1] = FAR;
  let least = cell(current, from - 1);
  for (let column = from; column <= to; column += 1) {
    const change = a[at - 1] === b[column - 1] ? 0 : 1;
    let steps = Math.min(cell(last, column) + 1, cell(current, column - 1) + 1, cell(last, column - 1) + change);
    if (at > 1 && column > 1 && a[at - 1] === b[column - 2] && a[at - 2] === b[column - 1]) {
      steps = Math.min(steps, cell(before, column - 2) + 1);
    }
    current[column] = steps;
    least = Math.min(least, steps);
  }
  return least;
}

/** More than any distance. */
const FAR = 1_000;

function emptyRow(text: string): Uint16Array {
  return new Uint16Array(text.length + 2).fill(FAR);
}

function cell(of: Uint16Array, column: number): number {
  return of[column] as number;
}
