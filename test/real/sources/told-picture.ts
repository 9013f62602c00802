/** Everything one source told so far, put together as the engine does. */
import { checkKey } from "../../../src/model/ids.ts";
import type {
  CheckStatus,
  NotesObserved,
  ObjectsObserved,
  SourceHealth,
  SourceObservation,
  StatesObserved,
} from "../../../src/model/monitoring.ts";
import type { Target } from "./site.ts";

/** Collects observations and wakes who waits for them. */
export class ToldPicture {
  health: SourceHealth | undefined;
  objects: ObjectsObserved | undefined;
  notes: NotesObserved | undefined;
  /** Observations so far. */
  count = 0;
  readonly #statuses = new Map<string, CheckStatus>();
  readonly #history = new Map<string, string[]>();
  readonly #waiting = new Set<() => void>();

  /** The sink to give to the source. */
  readonly sink = (observation: SourceObservation): void => {
    this.count++;
    this.#take(observation);
    for (const wake of this.#waiting) {
      wake();
    }
  };

  /** What it says of a host or check now. */
  of({ host, check }: Target): CheckStatus | undefined {
    return this.#statuses.get(checkKey(host, check));
  }

  /** Keys of all that it speaks of, in order. */
  keys(): string[] {
    return [...this.#statuses.keys()].sort();
  }

  /** The states it told of a host or check one after the other, without repetitions. */
  history({ host, check }: Target): readonly string[] {
    return this.#history.get(checkKey(host, check)) ?? [];
  }

  /** Waits until `holds`; false where it does not within so many milliseconds. */
  until(holds: () => boolean, milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (held: boolean): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(held);
      };
      const look = (): void => {
        if (holds()) {
          settle(true);
        }
      };
      const timer = setTimeout(() => settle(false), milliseconds);
      this.#waiting.add(look);
      look();
    });
  }

  #take(observation: SourceObservation): void {
    if (observation.kind === "states") {
      this.#takeStates(observation);
    } else if (observation.kind === "objects") {
      this.objects = observation;
    } else if (observation.kind === "notes") {
      this.notes = observation;
    } else {
      this.health = observation;
    }
  }

  #takeStates({ full, statuses, gone }: StatesObserved): void {
    if (full) {
      this.#statuses.clear();
    }
    for (const status of statuses) {
      const key = checkKey(status.host, status.check);
      this.#statuses.set(key, status);
      this.#remember(key, status.state);
    }
    for (const { host, check } of gone) {
      this.#statuses.delete(checkKey(host, check));
    }
  }

  #remember(key: string, state: string): void {
    const history = this.#history.get(key) ?? [];
    this.#history.set(key, history);
    if (history.at(-1) !== state) {
      history.push(state);
    }
  }
}
