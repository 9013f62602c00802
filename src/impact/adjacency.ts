/** Which numbers go with which, in compressed rows: the shape that linear algorithms walk. */

/** Neighbours of n: `to[start[n]]` up to `to[start[n + 1] - 1]`. */
export interface Adjacency {
  readonly start: Int32Array;
  readonly to: Int32Array;
}

/** Makes the rows of `size` numbers out of pairs; `visit` tells the same pairs each time it is called. */
export function adjacency(size: number, visit: (pair: (from: number, to: number) => void) => void): Adjacency {
  const start = new Int32Array(size + 1);
  visit((from) => {
    start[from + 1] = (start[from + 1] ?? 0) + 1;
  });
  for (let i = 0; i < size; i += 1) {
    start[i + 1] = (start[i + 1] ?? 0) + (start[i] ?? 0);
  }
  const to = new Int32Array(start[size] ?? 0);
  const next = start.slice();
  visit((from, target) => {
    const at = next[from] ?? 0;
    to[at] = target;
    next[from] = at + 1;
  });
  return { start, to };
}
