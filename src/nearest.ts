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
  return editDistance(a, b);
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours count one each. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const steps = [
        cell(rows, row - 1, column) + 1,
        (current[column - 1] ?? 0) + 1,
        cell(rows, row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1),
      ];
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        steps.push(cell(rows, row - 2, column - 2) + 1);
      }
      current.push(Math.min(...steps));
    }
    rows.push(current);
  }
  return cell(rows, a.length, b.length);
}

function cell(rows: readonly (readonly number[])[], row: number, column: number): number {
  return rows[row]?.[column] ?? 0;
}
