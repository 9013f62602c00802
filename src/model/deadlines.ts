/** What of many is due by now, found without looking at all of them. Times are Unix seconds. */

/** Names, each with the time when it must be looked at next. */
export class Deadlines {
  readonly #timeOf = new Map<string, number>();
  /** Names by the whole second they are due in; of those that were noted again since, `timeOf` tells the right one. */
  readonly #bySecond = new Map<number, string[]>();
  /** No name is due in an earlier second. */
  #earliest = Number.POSITIVE_INFINITY;

  /** Notes when a name is due; where it is due earlier already, that stays. Infinity is never. */
  note(name: string, time: number): void {
    if (time < (this.#timeOf.get(name) ?? Number.POSITIVE_INFINITY)) {
      this.#timeOf.set(name, time);
      this.#place(name, time);
    }
  }

  /** Takes all names that were due before `now`: whoever is to be looked at again must be noted again. */
  takeDue(now: number): string[] {
    const due: string[] = [];
    for (const [second, name] of this.#takeUntil(Math.floor(now))) {
      const time = this.#timeOf.get(name) ?? Number.NaN;
      if (Math.floor(time) === second && time < now) {
        this.#timeOf.delete(name);
        due.push(name);
      } else if (Math.floor(time) === second) {
        this.#place(name, time);
      }
    }
    return due;
  }

  /** Takes the names of all seconds up to `last`, each with its second. */
  #takeUntil(last: number): (readonly [second: number, name: string])[] {
    if (last < this.#earliest) {
      return [];
    }
    const passed = [...this.#bySecond].filter(([second]) => second <= last);
    for (const [second] of passed) {
      this.#bySecond.delete(second);
    }
    this.#earliest = Number.POSITIVE_INFINITY;
    for (const second of this.#bySecond.keys()) {
      this.#earliest = Math.min(this.#earliest, second);
    }
    return passed.flatMap(([second, names]) => names.map((name) => [second, name] as const));
  }

  #place(name: string, time: number): void {
    const second = Math.floor(time);
    const names = this.#bySecond.get(second);
    if (names === undefined) {
      this.#bySecond.set(second, [name]);
      this.#earliest = Math.min(this.#earliest, second);
    } else {
      names.push(name);
    }
  }
}
