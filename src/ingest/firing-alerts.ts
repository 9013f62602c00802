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
  readonly #mostText: number;
  #size = 0;
  #text = 0;

  /** `most`: alerts of all checks; `mostText`: characters of all of them. */
  constructor(most: number, mostText: number) {
    this.#most = most;
    this.#mostText = mostText;
  }

  /** Takes an alert in, or out where it is resolved. Why not, where there is no room for it. */
  take(alert: Alert): string | undefined {
    const firing = this.#byCheck.get(alert) ?? new Map<string, Alert>();
    const before = firing.get(alert.fingerprint);
    if (!alert.isFiring) {
      this.#size -= firing.delete(alert.fingerprint) ? 1 : 0;
      this.#text -= lengthOf(before);
      return;
    }
    const isNew = before === undefined;
    const text = this.#text - lengthOf(before) + lengthOf(alert);
    if (text > this.#mostText && before === undefined) {
      return "what the alerts that fire say is more than there is room for";
    }
    if (text > this.#mostText && alert.output !== before?.output) {
      // How it is counts, and what was said of it before has its place.
      return this.take({ ...alert, output: before?.output ?? "" });
    }
    if (isNew && firing.size >= MOST_OF_CHECK) {
      return `more than ${MOST_OF_CHECK} alerts ${alert.check} of ${alert.host} fire`;
    }
    if (isNew && this.#size >= this.#most) {
      return `more than ${this.#most} alerts fire`;
    }
    this.#size += isNew ? 1 : 0;
    this.#text = text;
    this.#byCheck.set(alert, firing.set(alert.fingerprint, alert));
    return;
  }

  /** Those of one check. */
  of(name: ObjectName): Alert[] {
    return [...(this.#byCheck.get(name)?.values() ?? [])];
  }

  /** Forgets those of one check. */
  delete(name: ObjectName): void {
    for (const alert of this.of(name)) {
      this.#size -= 1;
      this.#text -= lengthOf(alert);
    }
    this.#byCheck.delete(name);
  }

  /** All of them. */
  all(): Alert[] {
    return [...this.#byCheck.values()].flatMap((firing) => [...firing.values()]);
  }
}

function lengthOf(alert: Alert | undefined): number {
  const { host = "", check = "", fingerprint = "", output = "" } = alert ?? {};
  return host.length + check.length + fingerprint.length + output.length;
}
