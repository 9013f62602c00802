/** What a source told last of each host and check, to tell only what is different now. */
import type { ObjectName } from "../../nagios/name-index.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import { StatusIndex } from "./status-index.ts";

/** The statuses to be told: all of them where `full`. */
export interface StatusNews {
  readonly full: boolean;
  readonly statuses: readonly CheckStatus[];
  readonly gone: readonly ObjectName[];
}

/** The statuses of one source that asks for everything again and again. */
export class ToldStatuses {
  readonly #told = new StatusIndex<CheckStatus>();
  #isFirst = true;

  /** Whether nothing is known that was told. */
  get isEmpty(): boolean {
    return this.#told.size === 0;
  }

  /** Takes everything the source says now; returns what differs from before, all of it the first time. */
  takeAll(statuses: readonly CheckStatus[]): StatusNews {
    const full = this.#isFirst;
    this.#isFirst = false;
    const missing = new StatusIndex<ObjectName>();
    for (const { host, check } of this.#told.values()) {
      missing.set({ host, check }, { host, check });
    }
    const changed = this.takeSome(statuses);
    for (const status of statuses) {
      missing.delete(status);
    }
    const gone = [...missing.values()];
    this.forget(gone);
    return full ? { full, statuses, gone: [] } : { full, statuses: changed, gone };
  }

  /** Takes what the source says of some objects; returns those of them that differ from before. */
  takeSome(statuses: readonly CheckStatus[]): CheckStatus[] {
    return statuses.filter((status) => {
      const before = this.#told.get(status);
      this.#told.set(status, status);
      return before === undefined || !sameStatus(before, status);
    });
  }

  /** What was told of an object, undefined where nothing was. */
  get(name: ObjectName): CheckStatus | undefined {
    return this.#told.get(name);
  }

  /** Forgets objects that are gone. */
  forget(names: readonly ObjectName[]): void {
    for (const name of names) {
      this.#told.delete(name);
    }
  }

  /** All that was told last. */
  all(): Iterable<CheckStatus> {
    return this.#told.values();
  }
}

/** Whether two statuses of one object say the same. */
export function sameStatus(a: CheckStatus, b: CheckStatus): boolean {
  const keys = Object.keys(a) as (keyof CheckStatus)[];
  return keys.every((key) => a[key] === b[key]);
}
