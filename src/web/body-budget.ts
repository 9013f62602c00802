/** Bounds what all askers together may have under way: many large bodies at once are more than the memory. */
import { isLoopback } from "../model/address.ts";

/** Bytes of bodies under way at most, all askers together. */
const MOST_BYTES = 64 * 1024 * 1024;

/** What of that one address may have; a proxy on this machine brings everybody's. */
const SHARE = 0.5;

/** Addresses that have nothing under way are forgotten where there are more of them. */
const MOST_IDLE = 1_000;

/** Counts bytes that came and are not done with yet. */
export class BodyBudget {
  private readonly most: number;
  private readonly ofOne = new Map<string, number>();
  private underWay = 0;

  constructor(most = MOST_BYTES) {
    this.most = most;
  }

  /** Takes room for bytes that came; false where there is none. */
  take(bytes: number, address = "127.0.0.1"): boolean {
    const own = (this.ofOne.get(address) ?? 0) + bytes;
    const share = isLoopback(address) ? 1 : SHARE;
    if (this.underWay + bytes > this.most || own > this.most * share) {
      return false;
    }
    this.underWay += bytes;
    this.ofOne.set(address, own);
    return true;
  }

  /** Gives the room back. */
  give(bytes: number, address = "127.0.0.1"): void {
    const left = (this.ofOne.get(address) ?? 0) - bytes;
    this.underWay -= bytes;
    if (left > 0 || this.ofOne.size <= MOST_IDLE) {
      this.ofOne.set(address, left);
    } else {
      this.ofOne.delete(address);
    }
  }
}
