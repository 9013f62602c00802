/** The alerts of one source that fire, by the check they belong to. */
import type { Alert } from "../../nagios/alertmanager.ts";
import type { ObjectName } from "../../nagios/name-index.ts";
import { StatusIndex } from "./status-index.ts";

/** Alerts of one check that fire at once, at most. */
const MOST_OF_CHECK = 1_000;

/** The alerts; how many there may be is bounded, as whoever pushes makes up their fingerprints. */
export class FiringAlerts {
  /** By fingerprint. */
  readonly #byCheck = new StatusIndex<Map<string, Alert>>();
  readonly #most: number;
  #size = 0;

  /** `most`: alerts of all checks. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Takes an alert in, or out where it is resolved. Why not, where there is no room for it. */
  take(alert: Alert): string | undefined {
    const firing = this.#byCheck.get(alert) ?? new Map<string, Alert>();
    if (!alert.isFiring) {
      this.#size -= firing.delete(alert.fingerprint) ? 1 : 0;
      return;
    }
    const isNew = !firing.has(alert.fingerprint);
    if (isNew && firing.size >= MOST_OF_CHECK) {
      return `more than ${MOST_OF_CHECK} alerts ${alert.check} of ${alert.host} fire`;
    }
    if (isNew && this.#size >= this.#most) {
      return `more than ${this.#most} alerts fire`;
    }
    this.#size += isNew ? 1 : 0;
    this.#byCheck.set(alert, firing.set(alert.fingerprint, alert));
    return;
  }

  /** Those of one check. */
  of(name: ObjectName): Alert[] {
    return [...(this.#byCheck.get(name)?.values() ?? [])];
  }

  /** Forgets those of one check. */
  delete(name: ObjectName): void {
    this.#size -= this.#byCheck.get(name)?.size ?? 0;
    this.#byCheck.delete(name);
  }

  /** All of them. */
  all(): Alert[] {
    return [...this.#byCheck.values()].flatMap((firing) => [...firing.values()]);
  }
}
