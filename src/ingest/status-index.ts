/** Values by the name of a host or service check. */
import type { ObjectName } from "../../nagios/name-index.ts";

/** A map of which a name's two parts are the key, without joining them: a large site has a hundred thousand. */
export class StatusIndex<T> {
  readonly #hosts = new Map<string, Map<string | null, T>>();

  /** How many hosts it holds something of. */
  get size(): number {
    return this.#hosts.size;
  }

  get({ host, check }: ObjectName): T | undefined {
    return this.#hosts.get(host)?.get(check);
  }

  /** What it holds of one host, by check. */
  of(host: string): ReadonlyMap<string | null, T> {
    return this.#hosts.get(host) ?? new Map();
  }

  set({ host, check }: ObjectName, value: T): void {
    const checks = this.#hosts.get(host);
    if (checks === undefined) {
      this.#hosts.set(host, new Map([[check, value]]));
    } else {
      checks.set(check, value);
    }
  }

  delete({ host, check }: ObjectName): void {
    const checks = this.#hosts.get(host);
    checks?.delete(check);
    if (checks?.size === 0) {
      this.#hosts.delete(host);
    }
  }

  clear(): void {
    this.#hosts.clear();
  }

  /** Names and values; what is deleted or set again meanwhile does no harm. */
  *entries(): Generator<[ObjectName, T]> {
    for (const [host, checks] of this.#hosts) {
      for (const [check, value] of checks) {
        yield [{ host, check }, value];
      }
    }
  }

  *values(): Generator<T> {
    for (const checks of this.#hosts.values()) {
      yield* checks.values();
    }
  }
}
