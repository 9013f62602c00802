/** Hosts of `agents.pull` and those people added, asked again and again; what they answer goes the way of every report. */
import { randomUUID } from "node:crypto";
import type { PullConfig } from "../config/config-value.ts";
import { HostPoller, type PolledHost, type PollProgress } from "../ingest/host-poller.ts";
import { type PulledHostDeps, pulledHost } from "../ingest/pulled-host.ts";
import type { Logger } from "../logger.ts";
import type { Settings } from "../model/settings.ts";
import type { AddedHost } from "../store/added-hosts.ts";
import { reasonOf } from "./intake-counts.ts";
import type { ReportIntake } from "./report-intake.ts";

type NameOf = (host: string, ips: readonly string[]) => string;

/** What asking needs. */
export interface AskDeps {
  readonly intake: Pick<ReportIntake, "acceptFetched" | "counts">;
  /** Under which name a host stands in the picture. */
  readonly nameOf: NameOf;
  readonly parameters: () => Settings["fetchParameters"];
  /** Unix seconds. */
  readonly now: () => number;
}

/** What asking again and again needs. */
export interface PullDeps extends AskDeps {
  /** Told what went wrong with a host, by its name in the picture. */
  readonly told: (host: string, fault: string) => void;
  readonly logger: Logger;
}

/** The configured hosts, each to be asked when somebody wants its report. */
export function askedHosts(pull: readonly PullConfig[], deps: AskDeps): PolledHost[] {
  const asking = askingWith(deps);
  return pull.map((each) => pulledHost(each, asking));
}

/** All hosts that are asked; it does nothing before `start`. */
export class PulledHosts {
  readonly #asking: PulledHostDeps;
  readonly #configured: readonly PolledHost[];
  readonly #poller: HostPoller;
  /** Hosts people added, by how they are asked, so that one that stays as it is keeps its place. */
  #added: ReadonlyMap<string, PolledHost> = new Map();

  constructor(configured: readonly PolledHost[], deps: PullDeps) {
    const { nameOf, parameters, told, logger, now } = deps;
    this.#asking = askingWith(deps);
    this.#configured = configured;
    const failed = (host: string, reason: string) => told(nameOf(host, []), reason);
    this.#poller = new HostPoller({ hosts: this.#configured, parameters, failed, log: logger, now });
  }

  /** Asks these, too, from now on; what the configuration says of a host goes before. */
  follow(added: readonly AddedHost[]): void {
    const known = new Set(this.#configured.map(({ host }) => host));
    const before = this.#added;
    const wanted = added.filter(({ host }) => !known.has(host)).map((each) => [JSON.stringify(each), each] as const);
    this.#added = new Map(
      wanted.map(([key, each]) => [key, before.get(key) ?? pulledHost(pullOf(each), this.#asking)]),
    );
    this.#poller.follow(this.hosts);
  }

  /** The configured hosts, and those people added. */
  get hosts(): readonly PolledHost[] {
    return [...this.#configured, ...this.#added.values()];
  }

  get progress(): PollProgress {
    return this.#poller.progress;
  }

  start(): void {
    this.#poller.start();
  }

  stop(): Promise<void> {
    return this.#poller.stop();
  }
}

function askingWith({ intake, nameOf, parameters, now }: AskDeps): PulledHostDeps {
  return {
    parameters,
    isHost: (name: string, wanted: string) => isSameHost(name, wanted, nameOf),
    take: (raw: Buffer) => intake.acceptFetched({ raw }, now()),
    refused: ({ status }: { readonly status: number }) => {
      intake.counts.refused[reasonOf(status)]++;
    },
    boot: `pull ${randomUUID()}`,
    now,
  };
}

/** An added host as the configuration would say it, with its defaults. */
function pullOf({ host, type, address }: AddedHost): PullConfig {
  const at = { host, address: (address ?? host).replace(/^\[(.*)\]$/, "$1") };
  switch (type) {
    case "agent":
      return { ...at, type, port: 4849, tokenFile: null, caFile: null };
    case "original":
      return { ...at, type, port: 4848 };
    case "ssh":
      return { ...at, type, port: 22, user: null, identityFile: null, knownHostsFile: null };
  }
}

/** Where polling stands, in one line. */
export function progressText({ hosts, asked, running, failed }: PollProgress): string {
  const names = [...failed].slice(0, 3).map(([host, reason]) => `${host} (${reason})`);
  const more = failed.size > names.length ? `, and ${failed.size - names.length} more` : "";
  const bad = failed.size > 0 ? `, ${failed.size} failed: ${names.join(", ")}${more}` : "";
  return `${asked} of ${hosts} hosts asked, ${running} being asked${bad}`;
}

/** By alias or name in the monitoring; or the same but for case, or for a domain that only one of them has. */
function isSameHost(told: string, wanted: string, nameOf: NameOf): boolean {
  if (nameOf(told, []) === nameOf(wanted, [])) {
    return true;
  }
  const [one, other] = [told.toLowerCase(), wanted.toLowerCase()];
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}
