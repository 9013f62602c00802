/** Changes of a whole site in parts that are made into commands within a moment, so that nobody else waits for long. */
import { type Changes, emptyChanges } from "../model/changes.ts";

/** Things of one part at most: some hold all of a host, the others are one hash each. */
const OF_A_HOST = 25;
const SINGLE = 2_500;

/** In the order in which they are written; events come last, when readers can see what they tell. */
const PARTS = [
  ["nodes", SINGLE],
  ["graphs", OF_A_HOST],
  ["notes", OF_A_HOST],
  ["resolver", SINGLE],
  ["sources", SINGLE],
  ["alarms", OF_A_HOST],
  ["services", SINGLE],
  ["connections", SINGLE],
  ["seen", OF_A_HOST],
  ["edges", OF_A_HOST],
  ["listeners", OF_A_HOST],
  ["hostChecks", SINGLE],
  ["serviceChecks", OF_A_HOST],
  ["impacts", OF_A_HOST],
] as const satisfies readonly (readonly [keyof Changes, number])[];

/** The changes whole where they are few, else in parts that together say the same. */
export function* partsOf(changes: Changes): Generator<Changes> {
  const { at, events } = changes;
  if (PARTS.every(([name, most]) => changes[name].size <= most)) {
    yield changes;
    return;
  }
  for (const [name, most] of PARTS) {
    for (const part of piecesOf<unknown>(changes[name], most)) {
      yield { ...emptyChanges(at), [name]: part };
    }
  }
  yield { ...emptyChanges(at), events };
}

function* piecesOf<T>(things: ReadonlyMap<string, T>, most: number): Generator<Map<string, T>> {
  let piece = new Map<string, T>();
  for (const [name, thing] of things) {
    piece.set(name, thing);
    if (piece.size === most) {
      yield piece;
      piece = new Map();
    }
  }
  if (piece.size > 0) {
    yield piece;
  }
}
