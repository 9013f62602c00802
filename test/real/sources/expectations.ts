/** What all sources should tell of the site as the cases go on. */
import { checkKey } from "../../../src/model/ids.ts";
import type { MonitoredCheck, MonitoredHost } from "../../../src/model/monitoring.ts";
import type { SiteService } from "../../support/monitored-objects.ts";
import { allCases, type Case } from "./cases.ts";
import type { ExpectedComment, ExpectedDowntime, ExpectedStatus } from "./picture.ts";
import type { MonitoringServer } from "./server.ts";
import { CHECK_INTERVAL, HOSTS, SERVICES, type Target } from "./site.ts";

/** The picture that is right after the phases played so far. */
export class Expectations {
  readonly cases: readonly Case[] = allCases();
  readonly #statuses = new Map<string, ExpectedStatus>();
  readonly #comments = new Map<Case, readonly ExpectedComment[]>();
  readonly #downtimes = new Map<Case, readonly ExpectedDowntime[]>();
  readonly #codes = new Map<string, number>();
  readonly #paths = new Map<string, string[]>();

  constructor() {
    for (const { name } of HOSTS) {
      this.#set({ host: name, check: null }, unchecked(name, null, undefined));
    }
    for (const service of SERVICES) {
      this.#set({ host: service.host, check: service.name }, unchecked(service.host, service.name, service));
    }
    for (const status of this.statuses()) {
      this.#goOn(status);
    }
  }

  /** Plays one phase of all cases on a server. */
  async play(phase: number, server: MonitoringServer): Promise<void> {
    const observed = this.#observed(server);
    for (const each of this.cases) {
      const { does, tells = [], comments, downtimes } = each.phases[phase] ?? {};
      await does?.(observed);
      for (const [index, on] of each.on.entries()) {
        this.#add(on, tells[index] ?? {});
        this.#goOn(on);
      }
      this.#comments.set(each, comments ?? this.#comments.get(each) ?? []);
      this.#downtimes.set(each, downtimes ?? this.#downtimes.get(each) ?? []);
    }
  }

  status({ host, check }: Target): ExpectedStatus {
    const status = this.#statuses.get(checkKey(host, check));
    if (status === undefined) {
      throw new Error(`the site has no ${host} / ${check}`);
    }
    return status;
  }

  /** The states that it had one after the other at the ends of phases, as `ToldPicture.history` has them. */
  path({ host, check }: Target): readonly string[] {
    return this.#paths.get(checkKey(host, check)) ?? [];
  }

  statuses(): ExpectedStatus[] {
    return [...this.#statuses.values()];
  }

  comments(): ExpectedComment[] {
    return [...this.#comments.values()].flat();
  }

  downtimes(): ExpectedDowntime[] {
    return [...this.#downtimes.values()].flat();
  }

  /** Notes when results come, which sources must tell. */
  #observed(server: MonitoringServer): MonitoringServer {
    return {
      ...server,
      result: async (on, code, output) => {
        await server.result(on, code, output);
        this.#noteResult(on, code);
      },
      checkNow: async (on) => {
        await server.checkNow(on);
        this.#add(on, { lastCheck: Date.now() / 1000 });
      },
    };
  }

  #noteResult(on: Target, code: number): void {
    const now = Date.now() / 1000;
    const key = checkKey(on.host, on.check);
    const before = this.#codes.get(key);
    this.#codes.set(key, code);
    const changed = before !== undefined && before !== code;
    this.#add(on, changed ? { lastCheck: now, lastChange: now } : { lastCheck: now });
  }

  #goOn(on: Target): void {
    const path = this.path(on);
    const { state } = this.status(on);
    this.#paths.set(checkKey(on.host, on.check), path.at(-1) === state ? [...path] : [...path, state]);
  }

  #add(on: Target, fields: Partial<ExpectedStatus>): void {
    this.#set(on, { ...this.status(on), ...fields });
  }

  #set({ host, check }: Target, status: ExpectedStatus): void {
    this.#statuses.set(checkKey(host, check), status);
  }
}

function unchecked(host: string, check: string | null, service: SiteService | undefined): ExpectedStatus {
  const active = service?.check !== undefined;
  return {
    host,
    check,
    state: "PENDING",
    stateType: "HARD",
    attempt: 1,
    maxAttempts: service?.attempts ?? 1,
    lastCheck: 0,
    lastChange: null,
    lastHardChange: null,
    output: "",
    longOutput: "",
    acknowledgement: "none",
    downtimeDepth: 0,
    flapping: false,
    interval: active ? CHECK_INTERVAL : 0,
    command: check === null ? null : (service?.check ?? "check_state!passive"),
    reachable: true,
    active,
  };
}

/** What every source should tell of the hosts' configuration. */
export function expectedHosts(): MonitoredHost[] {
  return HOSTS.map(
    ({ name, alias = name, address = "127.0.0.1", parents = [], groups = [], actionUrl, variables }) => ({
      host: name,
      alias,
      address,
      parents,
      groups,
      actionUrl: actionUrl ?? "",
      customVariables: new Map(Object.entries(variables ?? {})),
    }),
  );
}

/** What every source should tell of the checks' configuration: of those that have more than a name. */
export function expectedChecks(): MonitoredCheck[] {
  return SERVICES.map(({ host, name, groups = [], actionUrl, variables }) => ({
    host,
    check: name,
    groups,
    actionUrl: actionUrl ?? "",
    customVariables: new Map(Object.entries(variables ?? {})),
  })).filter(({ groups, actionUrl, customVariables }) => groups.length + actionUrl.length + customVariables.size > 0);
}
