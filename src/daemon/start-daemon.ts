/** Wires the daemon together in one straight line: store, engine, intake, web, memory, sources. Read after src/compute.ts. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Engine, type EngineRules } from "../compute.ts";
import type { Config } from "../config/config-value.ts";
import { askImpact } from "../impact/ask.ts";
import { createPushSource } from "../ingest/create-push-source.ts";
import { createSource } from "../ingest/create-source.ts";
import { PushSource } from "../ingest/push-source.ts";
import { ReportJournal } from "../ingest/report-journal.ts";
import { ReportSpool } from "../ingest/report-spool.ts";
import type { Logger } from "../logger.ts";
import { DEFAULT_SETTINGS, type Settings } from "../model/settings.ts";
import { ChangeFeed } from "../store/change-feed.ts";
import { MapPublisher } from "../store/map-publisher.ts";
import { provideStore } from "../store/provision.ts";
import { openStore } from "../store/redis.ts";
import { RedisMapReader } from "../store/redis-map-reader.ts";
import { ReportStore } from "../store/report-store.ts";
import type { ReportDeps } from "../web/agent-routes.ts";
import { createApp } from "../web/app.ts";
import { createIntake } from "./create-intake.ts";
import { SettingsFollower } from "./follow-settings.ts";
import { countsText } from "./intake-counts.ts";
import { Lifecycle } from "./lifecycle.ts";
import { NagiosInstance } from "./nagios-instance.ts";
import { processFigures } from "./process-figures.ts";
import { progressText, pullHosts } from "./pull-hosts.ts";
import { PushIntake } from "./push-intake.ts";
import { readiness } from "./readiness.ts";
import { fromJournal, journalRecord, ReportShelf } from "./report-shelf.ts";
import { MemoryRestorer } from "./restore-memory.ts";
import { RunSources } from "./run-sources.ts";
import { serveAgents } from "./serve-agents.ts";
import { serveHttp } from "./serve-http.ts";
import { Wheel } from "./wheel.ts";

/** What the daemon is started with. */
export interface DaemonOptions {
  readonly config: Config;
  readonly version: string;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

/** A running daemon. */
export interface Daemon {
  /** Where people look, `http://127.0.0.1:4880/`. */
  readonly url: string;
  readonly dataDir: string;
  /** Which store it uses and why, for people. */
  readonly store: string;
  stop(): Promise<void>;
}

/** Milliseconds between two turns without news: ages and staleness are seen within this time. */
const TURN_EVERY = 2_000;

/**
 * Starts everything and resolves when pages are served. Undoes what was started where a part fails.
 * @throws DotmError with cause and next step
 */
export async function startDaemon(options: DaemonOptions): Promise<Daemon> {
  const lifecycle = new Lifecycle(options.logger);
  try {
    return await wire(options, lifecycle);
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: wiring is one straight line, and the only long function
async function wire({ config, version, logger, now }: DaemonOptions, lifecycle: Lifecycle): Promise<Daemon> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });

  const store = await provideStore({ redis: config.redis, dataDir: config.dataDir, logger });
  lifecycle.onStop("store", () => store.stop());
  const writing = openStore(store.options, logger);
  lifecycle.onStop("connection for writing", () => writing.disconnect());
  const reading = openStore(store.options, logger);
  lifecycle.onStop("connection for reading", () => reading.disconnect());
  const reader = new RedisMapReader(reading, store.options, logger);
  const changes = new ChangeFeed({ waiting: openStore(store.options, logger), asking: reading });
  lifecycle.onStop("changes", () => changes.stop());
  changes.start();
  const reports = new ReportStore(writing, store.options, logger);

  const rulesWith = (settings: Settings): EngineRules => ({ settings, ...config.topology });
  const engine = new Engine(rulesWith(DEFAULT_SETTINGS));
  const everything = () => ({ ...engine.everything(now()), events: [] });
  const publisher = new MapPublisher({ client: writing, everything, logger, now });
  const wheel = new Wheel({ engine, publish: (changes) => publisher.publish(changes), now, logger, every: TURN_EVERY });

  const told = (host: string, fault: string | null) => {
    engine.fetch(host, fault);
    wheel.touch();
  };

  const journal = new ReportJournal({ folder: join(config.dataDir, "journal"), log: logger });
  await journal.start();
  lifecycle.onStop("journal", () => journal.stop());
  const shelf = new ReportShelf({ store: reports, publisher, journal, now, logger });
  const intake = createIntake(config.agents, logger, {
    keep: (delivery) => journal.append(journalRecord(delivery)),
    deliver: (report, delivery, position) => {
      engine.report(report);
      shelf.put(engine.nameOf(report.host, report.ips), delivery, position);
      wheel.touch();
    },
    nameOf: (host, ips) => engine.nameOf(host, ips),
    told,
  });
  const pulled = pullHosts(config.agents.pull, { intake, engine, told, logger, now });

  const reportDeps: ReportDeps = {
    acceptReport: (raw, headers) => intake.acceptHttp(raw, headers, now()),
    refusedLargeReport: () => {
      intake.counts.refused["too large"]++;
    },
  };
  const sink = (observation: Parameters<Engine["observe"]>[0]) => {
    engine.observe(observation);
    wheel.touch();
  };
  const pushes = new PushIntake(config.sources.filter(({ type }) => type === "push").map(({ name }) => name));
  const sources = new RunSources({
    configured: config.sources,
    make: (configured, sink) => {
      const naming = { nameOf: (host: string) => engine.nameOf(host, [host]), namedBy: () => engine.namedBy };
      return configured.type === "push"
        ? createPushSource(configured, { sink, logger, now, dataDir: config.dataDir, naming })
        : createSource(configured, { sink, logger, now });
    },
    begun: (source) => {
      if (source instanceof PushSource) {
        pushes.add(source);
      }
    },
    sink,
    logger,
    now,
  });
  const app = createApp({
    reader,
    changes,
    now,
    logger,
    config: { basePath: config.web.basePath, frameAncestors: config.web.frameAncestors, version },
    impactOf: (host, check, assumed) => askImpact(reader, { host, check, assumed, now: now() }),
    ...reportDeps,
    readiness: () =>
      readiness({
        publisher: publisher.status(),
        lastTurn: wheel.lastTurn,
        sources: engine.sources,
        silent: sources.silent,
        now: now(),
        told: {
          agents: countsText(intake.counts),
          ...(config.agents.pull.length > 0 ? { pull: progressText(pulled.progress) } : {}),
        },
      }),
    acceptPush: (push) => pushes.accept(push),
    figures: () => processFigures(intake.counts, publisher.status(), wheel.lastTurn),
  });
  const { url, close } = await serveHttp(app, config.web.listen);
  lifecycle.onStop("web", close);
  const agentsPort = await serveAgents(config.agents.listen, reportDeps);
  lifecycle.onStop("port of agents", () => agentsPort?.close());

  for await (const { payload, position } of journal.replay()) {
    intake.replay(fromJournal(payload), position);
  }
  const forget = (source: string) => {
    engine.forgetSource(source);
    wheel.touch();
  };
  const instance = new NagiosInstance({ sink, forget, logger, now, random: Math.random });
  const follow = (changed: Settings) => {
    engine.configure(rulesWith(changed));
    instance.follow(changed);
  };
  const settings = new SettingsFollower(reader, follow, logger);
  // What was remembered and what the sources say must be there before anything is written: the first writing removes what
  // is not known.
  const memory = new MemoryRestorer({
    client: writing,
    reports,
    engine,
    intake,
    logger,
    done: async () => {
      await settings.start();
      await sources.start();
      publisher.start();
      shelf.start();
      wheel.turn();
    },
  });
  lifecycle.onStop("publisher", () => publisher.stop());
  lifecycle.onStop("reports", () => shelf.stop());
  lifecycle.onStop("nagios_instance", () => instance.stop());
  lifecycle.onStop("settings", () => settings.stop());
  lifecycle.onStop("memory", () => memory.stop());
  lifecycle.onStop("sources", () => sources.stop());
  reading.connect().catch(() => undefined);
  await memory.start();
  await sources.start();

  if (config.agents.spoolDir !== null) {
    const folder = new ReportSpool({
      folder: config.agents.spoolDir,
      sink: (found) => intake.acceptFetched(found, now()),
      log: logger,
      now,
    });
    await folder.start();
    lifecycle.onStop("folder of reports", () => folder.stop());
  }
  pulled.start();
  lifecycle.onStop("pulled hosts", () => pulled.stop());
  wheel.start();
  lifecycle.onStop("wheel", () => wheel.stop());
  return { url, dataDir: config.dataDir, store: `${store.kind}; ${store.why}`, stop: () => lifecycle.stop() };
}
