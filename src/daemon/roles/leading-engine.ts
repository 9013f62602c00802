/** The engine from the moment this process leads until it does not: memory, sources, turns, and the writing of the map. */
import { Engine, type EngineRules } from "../../compute.ts";
import { createPushSource } from "../../ingest/create-push-source.ts";
import { createSource } from "../../ingest/create-source.ts";
import { PushSource } from "../../ingest/push-source.ts";
import type { ObservationSink } from "../../ingest/source.ts";
import type { Settings } from "../../model/settings.ts";
import { Notifier } from "../../notify/notifier.ts";
import { MapPublisher, type WritingLease } from "../../store/map-publisher.ts";
import type { Observed } from "../../store/observation-follower.ts";
import { PushList } from "../../store/push-list.ts";
import { openStore } from "../../store/redis.ts";
import { isOutOfMemory } from "../../store/redis-errors.ts";
import type { StoredReport } from "../../store/report-store.ts";
import { reportReader } from "../create-intake.ts";
import { EarlyReports } from "../early-reports.ts";
import { HistoryKeeper } from "../keep-history.ts";
import { NagiosInstance } from "../nagios-instance.ts";
import { PushIntake } from "../push-intake.ts";
import type { LeadingSigns } from "../readiness.ts";
import { RelayedPushes } from "../relayed-pushes.ts";
import type { Delivery, Given } from "../report-intake.ts";
import { restoreMemory } from "../restore-memory.ts";
import { RunSources } from "../run-sources.ts";
import { SteadyClock } from "../steady-clock.ts";
import { Wheel } from "../wheel.ts";
import { meansOtherwise } from "./means-otherwise.ts";
import { StoredReports } from "./stored-reports.ts";
import type { Surroundings } from "./surroundings.ts";

/** What leading needs beside the surroundings. */
export interface LeadingDeps extends Surroundings {
  readonly lease: WritingLease;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Reports this process took in that are not in the store yet. */
  readonly unsaved: () => Iterable<Delivery>;
}

/** Milliseconds between two turns without news: ages and staleness are seen within this time. */
const TURN_EVERY = 2_000;

/** One time of leading; begins with `start`, ends with `stop`, and is not used again. */
export class LeadingEngine {
  readonly engine: Engine;
  readonly publisher: MapPublisher;
  readonly wheel: Wheel;
  readonly sources: RunSources;
  readonly pushes: PushIntake;
  readonly notifier: Notifier;
  readonly #pushed: RelayedPushes;
  readonly #deps: LeadingDeps;
  readonly #instance: NagiosInstance;
  readonly #history: HistoryKeeper;
  readonly #stored: StoredReports;
  readonly #end = new AbortController();
  readonly #early = new EarlyReports(
    (report) => {
      this.engine.report(report);
      this.#touch();
    },
    (host) => this.engine.names.isNamed(host),
  );
  #reloading: Promise<void> | undefined;
  #restored = false;
  #begun: Promise<void> | undefined;
  #unfollow: () => void = () => undefined;

  constructor(deps: LeadingDeps) {
    const { config, settings, client, logger, now, lease, monotonic } = deps;
    this.#deps = deps;
    this.#stored = this.#makeStored(deps);
    this.engine = new Engine(this.#rulesWith(settings.current));
    const everything = async () => {
      const all = await this.wheel.everything();
      this.notifier.replace(all.changes);
      return all;
    };
    const history = () => this.engine.settings.history;
    const rewritten = () => this.#pushed.keepAgain();
    const past = () => history().enabled;
    this.publisher = new MapPublisher({ client, everything, rewritten, logger, now, lease, history: past });
    const { isTrusted } = new SteadyClock({ now, monotonic });
    this.#history = new HistoryKeeper({
      client: openStore(deps.storeOptions, logger),
      setting: history,
      rewrites: () => this.publisher.rewrites,
      isFull: () => isOutOfMemory(this.publisher.status().error),
      isTrusted,
      logger,
      now,
    });
    this.notifier = new Notifier({
      config: config.notify,
      places: () => this.engine.ownChecks,
      maySend: lease.mayWrite,
      logger,
      now,
    });
    const publish = (changes: Parameters<MapPublisher["publish"]>[0]) => {
      this.publisher.publish(changes);
      this.notifier.take(changes);
    };
    const onFailed = () => this.publisher.rewrite();
    this.wheel = new Wheel({ engine: this.engine, publish, onFailed, now, isTrusted, logger, every: TURN_EVERY });
    this.pushes = new PushIntake(config.sources.filter(({ type }) => type === "push").map(({ name }) => name));
    const list = new PushList(client, lease.fence);
    this.#pushed = new RelayedPushes({
      list,
      pushes: () => this.pushes,
      mayWrite: lease.mayWrite,
      logger,
      signal: this.#end.signal,
    });
    this.sources = this.#makeSources();
    const forget = (source: string) => {
      this.engine.forgetSource(source);
      this.#touch();
    };
    this.#instance = new NagiosInstance({ sink: this.#sink, forget, logger, now, random: Math.random });
  }

  /**
   * Begins. What was remembered and what the sources say must be there before anything is written: the first writing
   * removes what is not known.
   */
  start(): Promise<void> {
    this.#begun ??= this.#begin();
    return this.#begun;
  }

  /** Writes what waits, unless somebody else leads already, and ends. */
  async stop(): Promise<void> {
    this.#end.abort();
    this.#unfollow();
    this.wheel.stop();
    await this.#pushed.settled();
    await this.sources.stop();
    await this.#begun;
    await this.#instance.stop();
    await this.#stored.settled();
    await this.#history.stop();
    await this.notifier.stop();
    await this.publisher.stop();
  }

  /** How it is. */
  get signs(): LeadingSigns {
    const { publisher, wheel, engine, sources, notifier } = this;
    return {
      targets: notifier.states,
      publisher: publisher.status(),
      lastTurn: wheel.lastTurn,
      sources: engine.sources,
      silent: sources.silent,
    };
  }

  /** Takes a report that this process took in. */
  take({ report, whole }: Given): void {
    this.#stored.hear(report);
    if (!("connections" in report) && this.#early.isOpen && this.engine.repeat(report)) {
      this.#touch();
    } else {
      this.#early.put(whole());
    }
  }

  /** Notes how getting a host's report went: null for well, else what went wrong. */
  tell(host: string, fault: string | null): void {
    this.engine.fetch(host, fault);
    this.#touch();
  }

  /** Takes note of what other processes saw. */
  observed(entries: readonly Observed[]): void {
    for (const entry of entries) {
      this.#note(entry);
    }
    this.#stored.look();
  }

  #note({ kind, host = "", from, fault = "" }: Observed): void {
    if (kind === "push") {
      this.#pushed.take();
    } else if (kind === "reload") {
      this.#reloading ??= this.#reload().finally(() => {
        this.#reloading = undefined;
      });
    } else if (kind === "report" && from !== this.#deps.id) {
      this.#stored.tell(host);
    } else if (kind === "fault" && from !== this.#deps.id) {
      // Who told it may not know the monitoring's names.
      this.tell(this.engine.names.nameOf(host, this.#stored.addressesOf(host)), fault === "" ? null : fault);
    }
  }

  /** Settings and reports are read again, and the whole map is written. */
  async #reload(): Promise<void> {
    await this.#deps.settings.look();
    await this.missed();
    if (!this.#end.signal.aborted) {
      this.publisher.rewrite();
    }
  }

  /** Reports and pushes of others may have been missed: all are looked at again. */
  missed(): Promise<void> {
    if (this.#restored && !this.#end.signal.aborted) {
      this.#pushed.take();
    }
    return this.#stored.missed();
  }

  async #begin(): Promise<void> {
    const { reports, settings, logger } = this.#deps;
    await settings.look();
    if (this.#end.signal.aborted) {
      return;
    }
    this.engine.configure(this.#rulesWith(settings.current));
    this.#unfollow = settings.follow((changed) => this.#obey(changed));
    // Looked at before the store is read: what is saved meanwhile would be in neither.
    const unsaved = [...this.#deps.unsaved()];
    const take = (stored: StoredReport) => this.#stored.takeStored(stored);
    if (!(await restoreMemory({ reports, engine: this.engine, take, logger, signal: this.#end.signal }))) {
      return;
    }
    for (const delivery of unsaved) {
      this.#stored.takeDelivery(delivery);
    }
    await this.sources.start();
    await this.#early.open();
    this.#restored = true;
    this.#stored.open();
    this.#pushed.take();
    if (!this.#end.signal.aborted) {
      this.publisher.start();
      this.#history.start();
      this.notifier.start();
      this.wheel.start();
      this.wheel.turn();
    }
  }

  #obey(changed: Settings): void {
    const before = this.engine.settings;
    this.engine.configure(this.#rulesWith(changed));
    this.#instance.follow(changed);
    this.#touch();
    if (meansOtherwise(before, changed)) {
      void this.#stored.readAnew();
    }
  }

  /** While hosts are brought back one by one, each turn would find the topology of all their peers anew. */
  #touch(): void {
    if (this.#restored && !this.#end.signal.aborted) {
      this.wheel.touch();
    }
  }

  #rulesWith(settings: Settings): EngineRules {
    return { settings, ...this.#deps.config.topology };
  }

  #makeStored({ reports, unsaved, config, logger, now }: LeadingDeps): StoredReports {
    return new StoredReports({
      reports,
      reader: reportReader(config.agents),
      give: (given) => this.#takeFetched(given),
      giveAnew: (report) => {
        this.engine.reportAnew(report);
        this.#touch();
      },
      unsaved,
      logger,
      now,
      signal: this.#end.signal,
    });
  }

  #makeSources(): RunSources {
    const { config, logger, now } = this.#deps;
    const naming = {
      nameOf: (host: string) => this.engine.names.meantBy(host),
      namedBy: () => this.engine.names.namedBy,
    };
    const copyOf = (source: string) => this.#pushed.copyOf(source);
    return new RunSources({
      configured: config.sources,
      make: (configured, sink) =>
        configured.type === "push"
          ? createPushSource(configured, { sink, logger, now, dataDir: config.dataDir, naming, copyOf })
          : createSource(configured, { sink, logger, now }),
      begun: (source) => {
        if (source instanceof PushSource) {
          this.pushes.add(source);
          this.#pushed.take();
        }
      },
      sink: this.#sink,
      logger,
      now,
    });
  }

  readonly #sink: ObservationSink = (observation) => {
    this.engine.observe(observation);
    this.#touch();
  };

  /** A report that came through the store: its host was reached. */
  #takeFetched(given: Given): void {
    this.take(given);
    this.engine.fetch(this.engine.names.nameOf(given.report.host, given.report.ips), null);
  }
}
