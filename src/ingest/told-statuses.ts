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

/** What was told of one object, and in which of the source's full answers it was seen last. */
interface Told {
  status: CheckStatus;
  seen: number;
}

/** The statuses of one source that asks for everything again and again. */
export class ToldStatuses {
  readonly #told = new StatusIndex<Told>();
  /** Number of the last full answer. */
  #answer = 0;

  /** Whether nothing is known that was told. */
  get isEmpty(): boolean {
    return this.#told.size === 0;
  }

  /** Takes everything the source says now; returns what differs from before, all of it the first time. */
  takeAll(statuses: readonly CheckStatus[]): StatusNews {
    const full = this.#answer === 0;
    this.#answer++;
    const changed = this.takeSome(statuses);
    if (full) {
      return { full, statuses, gone: [] };
    }
    const gone: ObjectName[] = [];
    for (const { status, seen } of this.#told.values()) {
      if (seen !== this.#answer) {
        gone.push({ host: status.host, check: status.check });
      }
    }
    this.forget(gone);
    return { full, statuses: changed, gone };
  }

  /** Takes what the source says of some objects; returns those of them that differ from before. */
  takeSome(statuses: readonly CheckStatus[]): CheckStatus[] {
    return statuses.filter((status) => {
      const before = this.#told.get(status);
      if (before === undefined) {
        this.#told.set(status, { status, seen: this.#answer });
        return true;
      }
      const isSame = sameStatus(before.status, status);
      before.status = status;
      before.seen = this.#answer;
      return !isSame;
    });
  }

  /** What was told of an object, undefined where nothing was. */
  get(name: ObjectName): CheckStatus | undefined {
    return this.#told.get(name)?.status;
  }

  /** Forgets objects that are gone. */
  forget(names: readonly ObjectName[]): void {
    for (const name of names) {
      this.#told.delete(name);
    }
  }

  /** All that was told last. */
  *all(): Generator<CheckStatus> {
    for (const { status } of this.#told.values()) {
      yield status;
    }
  }
}

/** Whether two statuses of one object say the same. */
export function sameStatus(a: CheckStatus, b: CheckStatus): boolean {
  for (const key in a) {
    if (a[key as keyof CheckStatus] !== b[key as keyof CheckStatus]) {
      return false;
    }
  }
  return true;
}
