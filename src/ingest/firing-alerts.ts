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
    const refusal = before === undefined ? this.#refusal(alert, firing.size) : undefined;
    if (refusal !== undefined) {
      return refusal;
    }
    // How a known one is counts; what is said of it stays where there is no room for more.
    const fits = this.#text - lengthOf(before) + lengthOf(alert) <= this.#mostText;
    const taken = fits || before === undefined ? alert : { ...alert, output: before.output };
    this.#size += before === undefined ? 1 : 0;
    this.#text += lengthOf(taken) - lengthOf(before);
    this.#byCheck.set(alert, firing.set(alert.fingerprint, taken));
    return;
  }

  /** Why a new alert of a check, of which so many fire, is not taken. */
  #refusal(alert: Alert, ofCheck: number): string | undefined {
    if (ofCheck >= MOST_OF_CHECK) {
      return `more than ${MOST_OF_CHECK} alerts ${alert.check} of ${alert.host} fire`;
    }
    if (this.#size >= this.#most) {
      return `more than ${this.#most} alerts fire`;
    }
    return this.#text + lengthOf(alert) > this.#mostText
      ? "what the alerts that fire say is more than there is room for"
      : undefined;
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
