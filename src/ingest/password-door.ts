/**
 * Checks names and passwords so that guessing is slow and tells nothing: few attempts a minute, two costly checks at
 * once, the same work for a wrong name and a wrong password.
 */
import { createHmac, randomBytes } from "node:crypto";
import { LRUCache } from "lru-cache";
import { holderOf, isLoopback } from "../model/address.ts";
import type { HtpasswdUsers } from "./htpasswd-file.ts";
import { costOf, decoyOf } from "./htpasswd-hash.ts";
import { PasswordThread } from "./password-thread.ts";

/** What somebody says who they are. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** Address they ask from. */
  readonly address: string;
}

/** What came of it; `wait` is seconds after which to try again. */
export type Verdict =
  | { readonly kind: "right" | "wrong" }
  | { readonly kind: "too often" | "busy"; readonly wait: number };

/** Wrong attempts of one address at one name in `WINDOW` seconds. */
const MOST_WRONG = 5;
const WINDOW = 60;

/**
 * Wrong attempts of one address in that time, whatever the names: each of them keeps the machine busy. This machine's own
 * address is that of everybody behind a proxy on it.
 */
const MOST_WRONG_OF_ADDRESS = 30;

/** Pairs of address and name of which attempts are counted. */
const MOST_COUNTED = 10_000;

/** Checks at once, and those that wait for their turn. */
const AT_ONCE = 2;
const MOST_WAITING = 20;

/** How many right passwords are known again, and for how long, milliseconds. */
const MOST_KNOWN = 1_000;
const KNOWN_FOR = 60_000;

/** Characters of a password; nobody types more, and hashing costs by them. */
const LONGEST = 256;

/** One door for one file of users. */
export class PasswordDoor {
  readonly #users: () => HtpasswdUsers;
  /** Unix seconds. */
  readonly #now: () => number;
  /** Keys are of no use to who reads memory afterwards, and nobody can make one up. */
  readonly #secret = randomBytes(32);
  readonly #known = new LRUCache<string, true>({ max: MOST_KNOWN, ttl: KNOWN_FOR });
  readonly #wrong = new LRUCache<string, readonly number[]>({ max: MOST_COUNTED });
  readonly #checking = new Map<string, Promise<Verdict>>();
  readonly #thread = new PasswordThread();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(users: () => HtpasswdUsers, now: () => number) {
    this.#users = users;
    this.#now = now;
  }

  /** Checks; never rejects. */
  async check(given: Credentials): Promise<Verdict> {
    const credentials = { ...given, address: holderOf(given.address) };
    const { user, password } = credentials;
    const wait = this.#waitOf(credentials);
    // Before anything is compared: what is known must not become a fast way to guess.
    if (wait > 0) {
      return { kind: "too often", wait };
    }
    const hash = this.#users().hashes.get(user);
    const key = createHmac("sha256", this.#secret)
      .update(JSON.stringify([user, password, hash ?? null]))
      .digest("base64");
    if (hash !== undefined && this.#known.has(key)) {
      return { kind: "right" };
    }
    // A browser asks for a page and its parts at once: one check for all of them.
    const place = `${credentials.address} ${key}`;
    const running = this.#checking.get(place);
    if (running !== undefined) {
      return running;
    }
    const checked = this.#checkNew(credentials, hash, key).finally(() => this.#checking.delete(place));
    this.#checking.set(place, checked);
    return checked;
  }

  async #checkNew(credentials: Credentials, hash: string | undefined, key: string): Promise<Verdict> {
    if (this.#running >= AT_ONCE && this.#waiting.length >= MOST_WAITING) {
      return { kind: "busy", wait: 1 };
    }
    // Counted before it is known to be wrong, so that many at once are not many more.
    this.#count(credentials);
    const isRight = await this.#inTurn(() => this.#isRight(credentials.password, hash));
    if (isRight) {
      this.#known.set(key, true);
      this.#forgive(credentials);
    }
    return { kind: isRight ? "right" : "wrong" };
  }

  /** Takes as long for a name that is not there, and for one with a cheaper hash than others have. */
  async #isRight(password: string, hash: string | undefined): Promise<boolean> {
    const given = password.slice(0, LONGEST);
    const isRight = hash !== undefined && password.length <= LONGEST && (await this.#thread.check(given, hash));
    const { dearest } = this.#users();
    if (!isRight && (hash === undefined || costOf(hash) < costOf(dearest))) {
      await this.#thread.check(given, decoyOf(dearest));
    }
    return isRight;
  }

  async #inTurn<T>(act: () => Promise<T>): Promise<T> {
    if (this.#running >= AT_ONCE) {
      await new Promise<void>((turn) => this.#waiting.push(turn));
    } else {
      this.#running += 1;
    }
    try {
      return await act();
    } finally {
      // Whoever waits takes the place of this one.
      const next = this.#waiting.shift();
      if (next === undefined) {
        this.#running -= 1;
      } else {
        next();
      }
    }
  }

  /** Seconds until the next attempt is looked at; 0 for at once. */
  #waitOf(credentials: Credentials): number {
    const wait = (place: string, most: number) => {
      const recent = this.#recent(place);
      const [oldest = 0] = recent.slice(-most);
      return recent.length < most ? 0 : Math.max(1, Math.ceil(oldest + WINDOW - this.#now()));
    };
    const { address } = credentials;
    const ofAddress = isLoopback(address) ? 0 : wait(address, MOST_WRONG_OF_ADDRESS);
    return Math.max(wait(placeOf(credentials), MOST_WRONG), ofAddress);
  }

  #count(credentials: Credentials): void {
    for (const place of [placeOf(credentials), credentials.address]) {
      this.#wrong.set(place, [...this.#recent(place), this.#now()]);
    }
  }

  #forgive(credentials: Credentials): void {
    this.#wrong.delete(placeOf(credentials));
    this.#wrong.set(credentials.address, this.#recent(credentials.address).slice(0, -1));
  }

  #recent(place: string): readonly number[] {
    const now = this.#now();
    // A clock that was set back forgets nothing and locks nobody out for longer than the window.
    return (this.#wrong.get(place) ?? []).filter((at) => Math.abs(now - at) < WINDOW).slice(-MOST_WRONG_OF_ADDRESS);
  }
}

function placeOf({ address, user }: Credentials): string {
  return `${address} ${user.slice(0, 255)}`;
}
