/** Collects what a source tells, and waits for it. */
import { inspect } from "node:util";
import type { SourceHealth, SourceObservation, StatesObserved } from "../../src/model/monitoring.ts";

/** Everything a source told since it was made or since `clear`. */
export class Told {
  all: SourceObservation[] = [];
  readonly #waiting = new Set<() => void>();

  /** The sink to give to the source. */
  readonly sink = (observation: SourceObservation): void => {
    this.all.push(observation);
    for (const check of this.#waiting) {
      check();
    }
  };

  clear(): void {
    this.all = [];
  }

  /** The first observation told since `clear` that `is` accepts; fails after twenty seconds unless told otherwise. */
  until<T extends SourceObservation>(is: (observation: SourceObservation) => observation is T): Promise<T>;
  until(is: (observation: SourceObservation) => boolean, milliseconds?: number): Promise<SourceObservation>;
  until(is: (observation: SourceObservation) => boolean, milliseconds = 20_000): Promise<SourceObservation> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const found = this.all.find(is);
        if (found !== undefined) {
          clearTimeout(timer);
          this.#waiting.delete(check);
          resolve(found);
        }
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`not told within ${milliseconds} ms; told was ${inspect(this.all, { depth: 4 })}`));
      }, milliseconds);
      this.#waiting.add(check);
      check();
    });
  }

  /** The states told since `clear`. */
  get states(): StatesObserved[] {
    return this.all.filter((observation) => observation.kind === "states");
  }
}

/** Accepts a good word on the source's health, about what was written at `asOf` or later. */
export function isWell(asOf = 0): (observation: SourceObservation) => observation is SourceHealth {
  return (observation): observation is SourceHealth =>
    observation.kind === "health" && observation.ok && observation.asOf >= asOf;
}

/** Accepts a bad word on the source's health. */
export function isUnwell(observation: SourceObservation): observation is SourceHealth {
  return observation.kind === "health" && !observation.ok;
}
