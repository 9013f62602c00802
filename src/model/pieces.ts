/** Long work in pieces: whoever does it may let others have their turn at each `yield`, or not. */

/** Work of which something comes. */
export type Pieces<T> = Generator<undefined, T, undefined>;

/** Does all of it without a pause. */
export function inOneGo<T>(work: Pieces<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) {
      return value;
    }
  }
}
