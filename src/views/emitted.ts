/** Remembers what was handed on, so that only what differs is handed on again. */
import { fingerprint } from "../model/fingerprint.ts";

/** How two values of one thing are told apart, and what is kept of one for that. */
export interface Likeness<T, K> {
  readonly keep: (value: T) => K;
  /** Whether they are the same but for a time. */
  readonly same: (kept: K, now: K) => boolean;
  /** That time, Unix seconds. */
  readonly seen: (kept: K) => number;
}

/** What is kept of a value that is told apart by its text. */
interface Print {
  readonly signature: number;
  readonly seen: number;
}

const noTime = (): number => 0;

/** Tells large values apart by a text of them, of which only a fingerprint is kept. `seenOf` gives the time that may lag. */
export function byText<T>(textOf: (value: T) => string, seenOf: (value: T) => number = noTime): Likeness<T, Print> {
  return {
    keep: (value) => ({ signature: fingerprint(textOf(value)), seen: seenOf(value) }),
    same: (kept, now) => kept.signature === now.signature,
    seen: (kept) => kept.seen,
  };
}

/** Tells small records apart field by field, without building a text of each: there are many, and few of them differ. */
export function byFields<T>(same: (a: T, b: T) => boolean, seenOf: (value: T) => number = noTime): Likeness<T, T> {
  return { keep: (value) => value, same, seen: seenOf };
}

/** What was last handed on of one kind of thing, by host and key. */
export class Emitted<T, K> {
  private known = new Map<string, Map<string, K | undefined>>();
  /** Of hosts of which everything is to be handed on again: what of it is gone by then must be told, too. */
  private readonly renewing = new Map<string, ReadonlyMap<string, unknown>>();
  private readonly likeness: Likeness<T, K>;

  constructor(likeness: Likeness<T, K>) {
    this.likeness = likeness;
  }

  /**
   * Compares all things of a host with what was handed on: what is new or differs, or whose time moved by more than
   * `lag` seconds, and null for what is gone. Of what differs only in its time, `seen` takes that instead where it is given.
   */
  diff(
    host: string,
    now: ReadonlyMap<string, T>,
    lag = Number.POSITIVE_INFINITY,
    seen?: Map<string, number>,
  ): Map<string, T | null> {
    const kept = this.keptOf(host);
    const changed = this.compare(kept, now, lag, seen);
    takeGone(kept, now, changed);
    this.keep(host, kept);
    return changed;
  }

  /** The same for some things of a host; the others are as they were. */
  diffSome(
    host: string,
    some: ReadonlyMap<string, T>,
    lag = Number.POSITIVE_INFINITY,
    seen?: Map<string, number>,
  ): Map<string, T | null> {
    return this.compare(this.known.get(host) ?? new Map(), some, lag, seen);
  }

  /** What was handed on of a host; only its keys where it is to be handed on again. */
  private keptOf(host: string): Map<string, K | undefined> {
    const before = this.renewing.get(host);
    this.renewing.delete(host);
    return this.known.get(host) ?? new Map([...(before?.keys() ?? [])].map((key) => [key, undefined]));
  }

  private compare(
    kept: Map<string, K | undefined>,
    now: ReadonlyMap<string, T>,
    lag: number,
    seen: Map<string, number> | undefined,
  ): Map<string, T | null> {
    const { keep, same, seen: seenOf } = this.likeness;
    const changed = new Map<string, T | null>();
    for (const [key, value] of now) {
      const old = kept.get(key);
      const print = keep(value);
      const differs = old === undefined || !same(old, print);
      // A time that goes back is that of a clock that was set back.
      if (!differs && Math.abs(seenOf(print) - seenOf(old)) <= lag) {
        // Without a time it is as good as the old one, of which then nobody keeps a copy any more.
        kept.set(key, newest(seenOf, old, print));
        continue;
      }
      kept.set(key, print);
      if (differs || seen === undefined) {
        changed.set(key, value);
      } else {
        seen.set(key, seenOf(print));
      }
    }
    return changed;
  }

  /** What is kept of the thing of a host that is known by its host; undefined where nothing was handed on. */
  last(host: string): K | undefined {
    return this.known.get(host)?.get(host);
  }

  /** What is kept of the things of a host, by key; whoever hands something else on of one of them keeps that here. */
  of(host: string): Map<string, K | undefined> {
    return this.known.get(host) ?? new Map();
  }

  /** Keys of a host that were handed on. */
  keysOf(host: string): ReadonlySet<string> {
    return new Set((this.known.get(host) ?? this.renewing.get(host))?.keys());
  }

  /** Has everything handed on again, and what is gone by then as well. */
  renew(): void {
    for (const [host, kept] of this.known) {
      this.renewing.set(host, kept);
    }
    this.known = new Map();
  }

  private keep(host: string, kept: Map<string, K | undefined>): void {
    if (kept.size > 0) {
      this.known.set(host, kept);
    } else {
      this.known.delete(host);
    }
  }
}

function newest<K>(seenOf: (kept: K) => number, old: K, now: K): K {
  return seenOf === noTime ? now : old;
}

/** Everything there is is kept by now, so equal sizes mean that nothing else is. */
function takeGone<T>(kept: Map<string, unknown>, now: ReadonlyMap<string, T>, changed: Map<string, T | null>): void {
  if (kept.size === now.size) {
    return;
  }
  for (const key of [...kept.keys()].filter((each) => !now.has(each))) {
    kept.delete(key);
    changed.set(key, null);
  }
}
