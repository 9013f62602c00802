/** Long work in slices, so that others have their turn between them. */
import { setImmediate as nextRound } from "node:timers";
import type { Pieces } from "../model/pieces.ts";

/** Milliseconds of one: so short that several works at once are no wait. */
const SLICE = 8;

/** Slices of so many milliseconds; ask `isOver` after each piece of work, and await `next` only then. */
export class TimeSlices {
  readonly #length: number;
  #until: number;

  constructor(length = SLICE) {
    this.#length = length;
    this.#until = performance.now() + length;
  }

  get isOver(): boolean {
    return performance.now() > this.#until;
  }

  /** Resolves when others have had their turn. */
  async next(): Promise<void> {
    await othersFirst();
    this.#until = performance.now() + this.#length;
  }
}

/** Works that wait to go on. */
const waiting: (() => void)[] = [];

/**
 * Resolves when others have had their turn: between two works that both take some time. Of all works of the process one goes
 * on in each round of the event loop, so that many at once are no longer wait than one.
 */
export function othersFirst(): Promise<void> {
  return new Promise((goOn) => {
    waiting.push(goOn);
    if (waiting.length === 1) {
      nextRound(letOneGoOn);
    }
  });
}

function letOneGoOn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) {
    nextRound(letOneGoOn);
  }
}

/** Does work that comes in pieces. */
export async function inSlices<T>(work: Pieces<T>): Promise<T> {
  const slices = new TimeSlices();
  for (;;) {
    const { done, value } = work.next();
    if (done === true) {
      return value;
    }
    if (slices.isOver) {
      await slices.next();
    }
  }
}

/** Makes something of each of many things, in their order. */
export function eachInSlices<T, R>(things: Iterable<T>, make: (thing: T) => R): Promise<R[]> {
  return inSlices(made(things, make));
}

function* made<T, R>(things: Iterable<T>, make: (thing: T) => R): Pieces<R[]> {
  const all: R[] = [];
  for (const thing of things) {
    all.push(make(thing));
    yield;
  }
  return all;
}
