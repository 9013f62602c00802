/** Bounds what all askers together may have under way: many large bodies at once are more than the memory. */

/** Bytes of bodies under way at most, all askers together. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Counts bytes that came and are not done with yet. */
export class BodyBudget {
  private readonly most: number;
  private underWay = 0;

  constructor(most = MOST_BYTES) {
    this.most = most;
  }

  /** Takes room for bytes that came; false where there is none. */
  take(bytes: number): boolean {
    if (this.underWay + bytes > this.most) {
      return false;
    }
    this.underWay += bytes;
    return true;
  }

  /** Gives the room back. */
  give(bytes: number): void {
    this.underWay -= bytes;
  }
}
