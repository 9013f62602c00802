/** What was pushed by one source: the state of each object, and the alerts that fire. */
import type { Alert } from "../../nagios/alertmanager.ts";
import type { ObjectName } from "../../nagios/name-index.ts";
import type { PushedEvent } from "../../nagios/pushed-events.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import { isProblem, worse } from "../model/state.ts";
import { StatusIndex } from "./status-index.ts";
import { sameStatus } from "./told-statuses.ts";

/** What differs after something was taken in. */
export interface PushNews {
  readonly statuses: readonly CheckStatus[];
  readonly gone: readonly ObjectName[];
}

/** Version of what `text` writes. */
const VERSION = 1;

/** Objects of one source at most: a pusher that makes up names must not fill the memory. */
export const MOST_PUSHED = 200_000;

/** The states; times are Unix seconds. */
export class PushedStates {
  readonly #statuses = new StatusIndex<CheckStatus>();
  /** Firing alerts by fingerprint, of the checks they belong to. */
  readonly #firing = new StatusIndex<ReadonlyMap<string, Alert>>();
  #size = 0;

  /** How many hosts and checks there are. */
  get counts(): { readonly hosts: number; readonly checks: number } {
    const names = new Set<string>();
    let checks = 0;
    for (const { host, check } of this.#statuses.values()) {
      names.add(host);
      checks += check === null ? 0 : 1;
    }
    return { hosts: names.size, checks };
  }

  /** Whether there is no room for more objects. */
  get isFull(): boolean {
    return this.#size >= MOST_PUSHED;
  }

  /** All states. */
  all(): CheckStatus[] {
    return [...this.#statuses.values()];
  }

  /** Takes in events; one that is older than what is known of its object changes nothing. */
  takeEvents(events: readonly PushedEvent[], now: number): PushNews {
    const [changed, gone] = [new StatusIndex<CheckStatus>(), new StatusIndex<ObjectName>()];
    for (const event of events) {
      const { host, check } = event;
      const before = this.#statuses.get(event);
      const time = event.time === 0 ? now : Math.min(event.time, now);
      if (before !== undefined && time < before.lastCheck) {
        continue;
      }
      if (event.gone) {
        this.#delete({ host, check });
        changed.delete({ host, check });
        gone.set({ host, check }, { host, check });
      } else if (this.#set(statusAfter(event.status, before, time))) {
        changed.set(event, this.#statuses.get(event) as CheckStatus);
        gone.delete({ host, check });
      }
    }
    return { statuses: [...changed.values()], gone: [...gone.values()] };
  }

  /** Takes in alerts: the check of that name is as bad as the worst that fires. */
  takeAlerts(alerts: readonly Alert[], now: number): PushNews {
    const changed = new StatusIndex<CheckStatus>();
    for (const alert of alerts) {
      const firing = new Map(this.#firing.get(alert));
      if (alert.isFiring) {
        firing.set(alert.fingerprint, alert);
      } else {
        firing.delete(alert.fingerprint);
      }
      this.#firing.set(alert, firing);
      const before = this.#statuses.get(alert);
      if (this.#set(statusAfter(alertStatus(alert, [...firing.values()]), before, now, sinceOf(alert, firing, now)))) {
        changed.set(alert, this.#statuses.get(alert) as CheckStatus);
      }
    }
    return { statuses: [...changed.values()], gone: [] };
  }

  /** Everything as a text that `restore` takes. */
  text(): string {
    const alerts = [...this.#firing.values()].flatMap((firing) => [...firing.values()]);
    return JSON.stringify({ version: VERSION, statuses: this.all(), alerts });
  }

  /** Takes back what `text` wrote; false where it is none. */
  restore(text: string): boolean {
    try {
      const { version, statuses, alerts } = JSON.parse(text) as {
        version: number;
        statuses: CheckStatus[];
        alerts: Alert[];
      };
      if (version !== VERSION || !Array.isArray(statuses) || !Array.isArray(alerts)) {
        return false;
      }
      for (const status of statuses) {
        this.#set(status);
      }
      for (const alert of alerts) {
        this.#firing.set(alert, new Map(this.#firing.get(alert)).set(alert.fingerprint, alert));
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Whether it differs from before. */
  #set(status: CheckStatus): boolean {
    const before = this.#statuses.get(status);
    if (before === undefined && this.isFull) {
      return false;
    }
    this.#size += before === undefined ? 1 : 0;
    this.#statuses.set(status, status);
    return before === undefined || !sameStatus(before, status);
  }

  #delete(name: ObjectName): void {
    this.#size -= this.#statuses.get(name) === undefined ? 0 : 1;
    this.#statuses.delete(name);
    this.#firing.delete(name);
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

function alertStatus({ host, check }: Alert, firing: readonly Alert[]) {
  const state = firing.map((alert) => alert.state).reduce(worse, "OK");
  const worst = firing.find((alert) => alert.state === state);
  const others = firing.filter((alert) => alert !== worst);
  return {
    host,
    check,
    state,
    ...({ stateType: "HARD", attempt: 1, maxAttempts: 1, acknowledgement: "none" } as const),
    output: worst?.output ?? "resolved",
    longOutput: others.map(({ output }) => output).join("\n"),
    ...{ downtimeDepth: 0, flapping: false, interval: 0, command: null, reachable: true, active: false },
  };
}

/** Since when the check is as it is now: the beginning of the oldest alert that fires, if that is past. */
function sinceOf(alert: Alert, firing: ReadonlyMap<string, Alert>, now: number): number {
  const begun = [...firing.values()].filter(({ state }) => isProblem(state)).map(({ since }) => since);
  return alert.isFiring && begun.length > 0 ? Math.min(now, ...begun.filter((since) => since > 0)) : now;
}
