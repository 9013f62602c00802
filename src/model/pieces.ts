/** Long work in pieces: whoever does it may let others have their turn at each `yield`, or not. */

/** Work of which something comes. */
export type Pieces<T> = Generator<undefined, T, undefined>;

/** Who does work: at once, or with pauses in which others have their turn. */
export type Doing = <T>(work: Pieces<T>) => T | Promise<T>;

/** Does all of it without a pause. */
export function inOneGo<T>(work: Pieces<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) {
      return value;
    }
  }
}
