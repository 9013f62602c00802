/** The role `collector`: takes reports in all ways they come, keeps them in its own journal, and brings them into the store. */
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import type { PolledHost } from "../../ingest/host-poller.ts";
import { ReportJournal } from "../../ingest/report-journal.ts";
import { ReportSpool } from "../../ingest/report-spool.ts";
import { AddedHosts } from "../../store/added-hosts.ts";
import { storeIdentity } from "../../store/store-identity.ts";
import type { ReportDeps } from "../../web/agent-routes.ts";
import { createIntake } from "../create-intake.ts";
import { AddedHostsFollower } from "../follow-added-hosts.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { askedHosts, PulledHosts } from "../pull-hosts.ts";
import type { Delivery, Given, ReportIntake } from "../report-intake.ts";
import { fromJournal, journalRecord, ReportShelf } from "../report-shelf.ts";
import { serveAgents } from "../serve-agents.ts";
import type { LeadingEngine } from "./leading-engine.ts";
import type { Surroundings } from "./surroundings.ts";

/** What the role needs. */
export interface CollectorDeps extends Surroundings {
  /** The engine of this process, while it leads. */
  readonly leading: () => LeadingEngine | undefined;
}

/** The role. */
export class CollectorRole {
  readonly intake: ReportIntake;
  readonly #deps: CollectorDeps;
  readonly #journal: ReportJournal;
  readonly #shelf: ReportShelf;
  readonly #pulled: PulledHosts;
  readonly #added: AddedHostsFollower;
  /** Hosts of which another process was told a fault. */
  readonly #faulty = new Set<string>();

  constructor(deps: CollectorDeps) {
    const { config, client, reports, logger, now, settings } = deps;
    this.#deps = deps;
    this.#journal = new ReportJournal({ folder: join(config.dataDir, "journal"), log: logger });
    const isConnected = () => client.status === "ready";
    const identity = () => storeIdentity(client);
    this.#shelf = new ReportShelf({ store: reports, isConnected, identity, journal: this.#journal, now, logger });
    const nameOf = (host: string, ips: readonly string[]) => this.#nameOf(host, ips);
    const told = (host: string, fault: string | null) => this.#tell(host, fault);
    this.intake = createIntake(config.agents, logger, {
      keep: (delivery) => this.#journal.append(journalRecord(delivery)),
      deliver: (given, delivery, position) => this.#deliver(given, delivery, position),
      nameOf,
      told,
    });
    const parameters = () => settings.current.fetchParameters;
    const asked = askedHosts(config.agents.pull, { intake: this.intake, nameOf, parameters, now });
    this.#pulled = new PulledHosts(asked, { intake: this.intake, nameOf, parameters, told, logger, now });
    // Where this process might lead, it asks them only while it does: another one does so then.
    const isOurs = () => !config.roles.includes("engine") || deps.leading() !== undefined;
    const hosts = new AddedHosts(client, deps.storeOptions);
    this.#added = new AddedHostsFollower(hosts, (added) => this.#pulled.follow(isOurs() ? added : []), logger);
  }

  /** The routes' side of it. */
  get doors(): ReportDeps {
    return {
      acceptReport: (raw, headers, certified) => this.intake.acceptHttp(raw, headers, this.#deps.now(), certified),
      mayReport: (headers, certified) => this.intake.isKnown(headers, certified),
      refusedLargeReport: () => {
        this.intake.counts.refused["too large"]++;
      },
    };
  }

  /** Hosts of `agents.pull` and those people added, for whoever wants a report now. */
  get asked(): readonly PolledHost[] {
    return this.#pulled.hosts;
  }

  /** Where pulling stands; undefined where no host is pulled. */
  get pulling() {
    const { progress } = this.#pulled;
    return progress.hosts > 0 ? progress : undefined;
  }

  /** Reports that are not in the store yet. */
  unsaved(): Iterable<Delivery> {
    return this.#shelf.unsaved();
  }

  /** Takes back what an earlier run acknowledged; from now on reports can be kept. */
  async open(lifecycle: Lifecycle): Promise<void> {
    await this.#journal.start();
    lifecycle.onStop("journal", () => this.#journal.stop());
    for await (const { payload, position } of this.#journal.replay()) {
      this.intake.replay(fromJournal(payload), position);
    }
    this.#shelf.start();
    lifecycle.onStop("reports", () => this.#shelf.stop());
  }

  /** Opens the doors that are not HTTP. */
  async start(lifecycle: Lifecycle): Promise<void> {
    const { config, logger, now } = this.#deps;
    const agentsPort = await serveAgents(config.agents.listen, this.doors, logger);
    lifecycle.onStop("port of agents", () => agentsPort?.close());
    if (config.agents.spoolDir !== null) {
      const sink = (found: Parameters<ReportIntake["acceptFetched"]>[0]) => this.intake.acceptFetched(found, now());
      const folder = new ReportSpool({ folder: config.agents.spoolDir, sink, log: logger, now });
      await folder.start();
      lifecycle.onStop("folder of reports", () => folder.stop());
    }
    this.#added.start();
    lifecycle.onStop("added hosts", () => this.#added.stop());
    this.#pulled.start();
    lifecycle.onStop("pulled hosts", () => this.#pulled.stop());
  }

  #deliver(given: Given, delivery: Delivery, position: number): void {
    const { report } = given;
    this.#deps.leading()?.take(given);
    this.#shelf.put(this.#nameOf(report.host, report.ips), delivery, position);
  }

  #nameOf(host: string, ips: readonly string[]): string {
    const aliases = this.#deps.settings.current.userNodeAliases;
    return this.#deps.leading()?.engine.names.nameOf(host, ips) ?? aliases.get(host) ?? host;
  }

  /** Tells the leading engine, wherever it is; that all is well only where it was not. */
  #tell(host: string, fault: string | null): void {
    const leading = this.#deps.leading();
    if (leading !== undefined) {
      leading.tell(host, fault);
    } else if (fault !== null || this.#faulty.delete(host)) {
      this.#deps.reports.tellFault(host, fault).catch((error: unknown) => {
        this.#deps.logger.debug({ host, error: messageOf(error) }, "a fault could not be told to the engine");
      });
    }
    if (fault !== null) {
      this.#faulty.add(host);
    }
  }
}
