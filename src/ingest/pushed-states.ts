/** What was pushed by one source: the state of each object, and the alerts that fire. */
import type { Alert } from "../../nagios/alertmanager.ts";
import type { ObjectName } from "../../nagios/name-index.ts";
import type { PushedEvent } from "../../nagios/pushed-events.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import { isFuture } from "../model/set-back.ts";
import { alertSince, alertStatus } from "./alert-status.ts";
import { FiringAlerts } from "./firing-alerts.ts";
import { type HostNaming, PictureNames } from "./picture-names.ts";
import { StatusIndex } from "./status-index.ts";
import { sameStatus } from "./told-statuses.ts";

/** What differs after something was taken in, under the names of the picture. */
export interface PushNews {
  readonly statuses: readonly CheckStatus[];
  readonly gone: readonly ObjectName[];
}

/** What became of a push. */
export interface PushTaken {
  readonly news: PushNews;
  /** How much of it was about new objects for which there is no room. */
  readonly noRoom: number;
  /** Why alerts were not taken in, one reason for each. */
  readonly refused: readonly string[];
}

/** Objects of the picture that may differ. */
type Touched = StatusIndex<true>;

/** Version of what `text` writes. */
const VERSION = 1;

/** Objects of one source at most, and alerts that fire: a pusher that makes up names must not fill the memory. */
export const MOST_PUSHED = 200_000;

/** Characters of all of them together, and as many of the alerts; beyond, what is said of an object is cut to so many. */
const MOST_TEXT = 64 * 1024 * 1024;
const SHORT = 200;

/**
 * The states, by the names they were told under: which host of the picture that is may be known later, or differ then.
 * Times are Unix seconds.
 */
export class PushedStates {
  readonly #statuses = new StatusIndex<CheckStatus>();
  readonly #firing: FiringAlerts;
  readonly #names: PictureNames;
  readonly #most: number;
  readonly #mostText: number;
  #size = 0;
  #text = 0;

  /** `most`: hosts and checks, and alerts that fire; `mostText`: characters of these and of those. */
  constructor(naming: HostNaming, most: number, mostText = MOST_TEXT) {
    this.#names = new PictureNames(naming);
    this.#firing = new FiringAlerts(most, mostText);
    this.#most = most;
    this.#mostText = mostText;
  }

  /** How many hosts and checks there are. */
  get counts(): { readonly hosts: number; readonly checks: number } {
    const names = new Set<string>();
    let checks = 0;
    for (const { host, check } of this.#statuses.values()) {
      names.add(this.#names.of(host));
      checks += check === null ? 0 : 1;
    }
    return { hosts: names.size, checks };
  }

  /** All states. */
  all(): readonly CheckStatus[] {
    const touched: Touched = new StatusIndex();
    for (const status of this.#statuses.values()) {
      this.#touch(touched, status);
    }
    return this.#news(touched).statuses;
  }

  /** Takes in events; one that is older than what is known of its object changes nothing. */
  takeEvents(events: readonly PushedEvent[], now: number): PushTaken {
    const touched = this.#renamed();
    let noRoom = 0;
    for (const event of events) {
      const time = event.time === 0 ? now : Math.min(event.time, now);
      const before = this.#statuses.get(event);
      if (event.gone) {
        this.#takeBack(event, time, now, touched);
      } else if (before === undefined && !this.#hasRoom(0)) {
        noRoom++;
      } else if (before === undefined || time >= before.lastCheck || isFuture(before.lastCheck, now)) {
        this.#set(statusAfter(event.status, before, time), touched);
      }
    }
    return { news: this.#news(touched), noRoom, refused: [] };
  }

  /** Takes in alerts: the check of that name is as bad as the worst that fires. */
  takeAlerts(alerts: readonly Alert[], now: number): PushTaken {
    const touched = this.#renamed();
    const spokenOf = new StatusIndex<true>();
    const refused: string[] = [];
    let [fresh, noRoom] = [0, 0];
    for (const alert of alerts) {
      const isNew = (this.#statuses.get(alert) ?? spokenOf.get(alert)) === undefined;
      if (isNew && !this.#hasRoom(fresh)) {
        noRoom++;
        continue;
      }
      const refusal = this.#firing.take(alert);
      if (refusal !== undefined) {
        refused.push(refusal);
        continue;
      }
      fresh += isNew ? 1 : 0;
      spokenOf.set(alert, true);
    }
    for (const [name] of spokenOf.entries()) {
      const [before, firing] = [this.#statuses.get(name), this.#firing.of(name)];
      this.#set(statusAfter(alertStatus(name, firing), before, now, alertSince(before, firing, now)), touched);
    }
    return { news: this.#news(touched), noRoom, refused };
  }

  /** Everything as a text that `restore` takes; `now`, Unix seconds, stands in it. */
  text(now = 0): string {
    return JSON.stringify({
      version: VERSION,
      saved: now,
      statuses: [...this.#statuses.values()],
      alerts: this.#firing.all(),
    });
  }

  /** Takes back what `text` wrote; false, and nothing is taken, where it is none. Of one that holds nothing yet. */
  restore(text: string): boolean {
    const kept = keptIn(text);
    for (const status of kept?.statuses ?? []) {
      this.#set(status, new StatusIndex());
    }
    for (const alert of kept?.alerts ?? []) {
      this.#firing.take(alert);
    }
    return kept !== undefined;
  }

  /** Whether there is room for one more object, where so many are to come before it. */
  #hasRoom(fresh: number): boolean {
    return this.#size + fresh < this.#most && this.#text < this.#mostText;
  }

  /** A status with what is said of it as far as there is room. */
  #fitting(status: CheckStatus, before: CheckStatus | undefined): CheckStatus {
    const fits = this.#text - lengthOf(before) + lengthOf(status) <= this.#mostText;
    const cut = () => ({ output: status.output.slice(0, SHORT), longOutput: "", command: before?.command ?? null });
    return fits ? status : { ...status, ...cut() };
  }

  /** Sets a status, and notes where it differs from before. */
  #set(told: CheckStatus, touched: Touched): void {
    const before = this.#statuses.get(told);
    const status = this.#fitting(told, before);
    this.#size += before === undefined ? 1 : 0;
    this.#text += lengthOf(status) - lengthOf(before);
    this.#statuses.set(status, status);
    this.#names.add(status.host);
    if (before === undefined || !sameStatus(before, status)) {
      this.#touch(touched, status);
    }
  }

  /** Takes an object back under every name its host was told by: people know it by the name of the picture. */
  #takeBack({ host, check }: ObjectName, time: number, now: number, touched: Touched): void {
    for (const told of new Set([host, ...this.#names.toldAs(this.#names.of(host))])) {
      const name = { host: told, check };
      const before = this.#statuses.get(name);
      if (before === undefined || (time < before.lastCheck && !isFuture(before.lastCheck, now))) {
        continue;
      }
      this.#touch(touched, name);
      this.#size--;
      this.#text -= lengthOf(before);
      this.#statuses.delete(name);
      this.#firing.delete(name);
      if (this.#statuses.of(told).size === 0) {
        this.#names.delete(told);
      }
    }
  }

  #touch(touched: Touched, { host, check }: ObjectName): void {
    touched.set({ host: this.#names.of(host), check }, true);
  }

  /** Everything of hosts that are called otherwise than they were, under both names. */
  #renamed(): Touched {
    const touched: Touched = new StatusIndex();
    for (const { told, before } of this.#names.renew()) {
      for (const check of this.#statuses.of(told).keys()) {
        touched.set({ host: before, check }, true);
        this.#touch(touched, { host: told, check });
      }
    }
    return touched;
  }

  #news(touched: Touched): PushNews {
    const [statuses, gone]: [CheckStatus[], ObjectName[]] = [[], []];
    for (const [name] of touched.entries()) {
      const status = this.#newest(name);
      if (status === undefined) {
        gone.push(name);
      } else {
        statuses.push(status.host === name.host ? status : { ...status, host: name.host });
      }
    }
    return { statuses, gone };
  }

  /** The newest of what was told of an object of the picture. */
  #newest({ host, check }: ObjectName): CheckStatus | undefined {
    let newest: CheckStatus | undefined;
    for (const told of this.#names.toldAs(host)) {
      const status = this.#statuses.get({ host: told, check });
      newest = status !== undefined && status.lastCheck >= (newest?.lastCheck ?? 0) ? status : newest;
    }
    return newest;
  }
}

function lengthOf(status: CheckStatus | undefined): number {
  const { host = "", check, output = "", longOutput = "", command } = status ?? {};
  return host.length + (check?.length ?? 0) + output.length + longOutput.length + (command?.length ?? 0);
}

function keptIn(text: string): { readonly statuses: CheckStatus[]; readonly alerts: Alert[] } | undefined {
  const isNamed = (value: unknown) => typeof (value as Partial<ObjectName> | null)?.host === "string";
  try {
    const { version, statuses, alerts } = JSON.parse(text) as {
      version: number;
      statuses: CheckStatus[];
      alerts: Alert[];
    };
    return version === VERSION && statuses.every(isNamed) && alerts.every(isNamed) ? { statuses, alerts } : undefined;
  } catch {
    return;
  }
}

/** The status with its times: a state lasts since it was first told. */
function statusAfter(
  status: Omit<CheckStatus, "lastCheck" | "lastChange" | "lastHardChange">,
  before: CheckStatus | undefined,
  time: number,
  since = time,
): CheckStatus {
  const isSame = before?.state === status.state;
  const isSameHard = isSame && (before.stateType === "HARD" || status.stateType === "SOFT");
  return {
    ...status,
    lastCheck: time,
    lastChange: isSame ? before.lastChange : since,
    lastHardChange: isSameHard ? before.lastHardChange : since,
  };
}
