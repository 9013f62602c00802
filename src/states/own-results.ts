/** What sources tell of the checks that DOTM itself answers: taken out, so that no answer is ever the cause of another. */
import type { CheckStatus, StatesObserved } from "../model/monitoring.ts";
import { isOwnCheck, isOwnName, type OwnCheck } from "../model/own-checks.ts";

/** A check of ours in the monitoring, by the name its source has for the host. */
export interface PlaceToWrite {
  readonly host: string;
  readonly check: OwnCheck;
}

/** Which of our checks there are. */
export class OwnResults {
  private readonly bySource = new Map<string, Map<string, PlaceToWrite>>();

  /** What is left when ours are taken out. */
  sift(observed: StatesObserved): StatesObserved {
    const { source, full, gone } = observed;
    const known = full ? new Map<string, PlaceToWrite>() : (this.bySource.get(source) ?? new Map());
    this.bySource.set(source, known);
    for (const { host, check } of gone) {
      known.delete(keyOf(host, check));
    }
    const ours = observed.statuses.filter(isOurs);
    for (const { host, check } of ours) {
      if (check !== null && isOwnName(check)) {
        known.set(keyOf(host, check), { host, check });
      }
    }
    return ours.length === 0 ? observed : { ...observed, statuses: observed.statuses.filter((each) => !isOurs(each)) };
  }

  /** Where results can be written, each once. */
  places(): Iterable<PlaceToWrite> {
    return new Map([...this.bySource.values()].flatMap((known) => [...known])).values();
  }

  /** Forgets what a source said. */
  forget(source: string): void {
    this.bySource.delete(source);
  }
}

function isOurs({ check, command }: CheckStatus): boolean {
  return isOwnCheck(check, command);
}

function keyOf(host: string, check: string | null): string {
  return `${host}::${check}`;
}
