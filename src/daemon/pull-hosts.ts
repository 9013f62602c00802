/** Hosts of `agents.pull`, asked again and again; what they answer goes the way of every report. */
import { randomUUID } from "node:crypto";
import type { PullConfig } from "../config/config-value.ts";
import { HostPoller, type PolledHost, type PollProgress } from "../ingest/host-poller.ts";
import { pulledHost } from "../ingest/pulled-host.ts";
import type { Logger } from "../logger.ts";
import type { Settings } from "../model/settings.ts";
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
export interface PullDeps extends Omit<AskDeps, "intake"> {
  /** Told what went wrong with a host, by its name in the picture. */
  readonly told: (host: string, fault: string) => void;
  readonly logger: Logger;
}

/** The configured hosts, each to be asked when somebody wants its report. */
export function askedHosts(pull: readonly PullConfig[], deps: AskDeps): PolledHost[] {
  const { intake, nameOf, parameters, now } = deps;
  const asking = {
    parameters,
    isHost: (name: string, wanted: string) => isSameHost(name, wanted, nameOf),
    take: (raw: Buffer) => intake.acceptFetched({ raw }, now()),
    refused: ({ status }: { readonly status: number }) => {
      intake.counts.refused[reasonOf(status)]++;
    },
    boot: `pull ${randomUUID()}`,
    now,
  };
  return pull.map((each) => pulledHost(each, asking));
}

/** A poller of these hosts; it does nothing before `start`. */
export function pullHosts(hosts: readonly PolledHost[], deps: PullDeps): HostPoller {
  const { nameOf, parameters, told, logger, now } = deps;
  return new HostPoller({
    hosts,
    parameters,
    failed: (host, reason) => told(nameOf(host, []), reason),
    log: logger,
    now,
  });
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
