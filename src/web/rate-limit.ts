/** Bounds how often one address may ask what costs a computation: so many at once, then so many a second. */
import { LRUCache } from "lru-cache";

/** What one address has left. */
interface Bucket {
  left: number;
  /** Unix seconds when it was last counted. */
  at: number;
}

/** Addresses remembered. */
const MOST_ADDRESSES = 10_000;

/** A limit of `burst` at once and `rate` a second, of whatever is counted. */
export class RateLimit {
  private readonly burst: number;
  private readonly rate: number;
  private readonly buckets = new LRUCache<string, Bucket>({ max: MOST_ADDRESSES });

  constructor(burst: number, rate: number) {
    this.burst = burst;
    this.rate = rate;
  }

  /** Takes as much of what is left as there is of a cost that was known too late to be asked for. */
  spend(address: string, now: number, cost: number): void {
    this.take(address, now, Math.min(cost, this.left(address, now)));
  }

  /** Takes one, or so many; false where they are not left. `now` is Unix seconds. */
  take(address: string, now: number, cost = 1): boolean {
    const left = this.left(address, now);
    this.buckets.set(address, { left: left < cost ? left : left - cost, at: now });
    return left >= cost;
  }

  private left(address: string, now: number): number {
    const before = this.buckets.get(address) ?? { left: this.burst, at: now };
    return Math.min(this.burst, before.left + Math.max(0, now - before.at) * this.rate);
  }
}
