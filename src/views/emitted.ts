/** Remembers what was handed on, so that only what differs is handed on again. */
import { fingerprint } from "../model/fingerprint.ts";

/** What was last handed on of one kind of thing, by host and key. */
export class Emitted<T> {
  private readonly known = new Map<string, Map<string, { readonly signature: number; readonly seen: number }>>();
  private readonly signatureOf: (value: T) => string;
  private readonly seenOf: (value: T) => number;

  /** `signatureOf` tells two values apart; `seenOf` gives the time that may lag. */
  constructor(signatureOf: (value: T) => string, seenOf: (value: T) => number = () => 0) {
    this.signatureOf = signatureOf;
    this.seenOf = seenOf;
  }

  /**
   * Compares all things of a host with what was handed on: what is new or differs, or whose time moved by more than
   * `lag` seconds, and null for what is gone.
   */
  diff(host: string, now: ReadonlyMap<string, T>, lag = Number.POSITIVE_INFINITY): Map<string, T | null> {
    const before = this.known.get(host) ?? new Map();
    const after = new Map<string, { signature: number; seen: number }>();
    const changed = new Map<string, T | null>();
    for (const [key, value] of now) {
      const signature = fingerprint(this.signatureOf(value));
      const seen = this.seenOf(value);
      const old = before.get(key);
      const same = old !== undefined && old.signature === signature && seen - old.seen <= lag;
      after.set(key, same ? old : { signature, seen });
      if (!same) {
        changed.set(key, value);
      }
    }
    for (const key of before.keys()) {
      if (!now.has(key)) {
        changed.set(key, null);
      }
    }
    if (after.size > 0) {
      this.known.set(host, after);
    } else {
      this.known.delete(host);
    }
    return changed;
  }

  /** All hosts of which something was handed on. */
  hosts(): string[] {
    return [...this.known.keys()];
  }

  /** Keys of a host that were handed on. */
  keysOf(host: string): ReadonlySet<string> {
    return new Set(this.known.get(host)?.keys());
  }

  /** Forgets all, so that everything is handed on again. */
  clear(): void {
    this.known.clear();
  }
}
