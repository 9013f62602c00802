/** Wires a process together in one straight line: store, engine, collector, web, each where it has that role. Read after src/compute.ts. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { performance } from "node:perf_hooks";
import type { Config } from "../config/config-value.ts";
import { DotmError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { EvictionWatch } from "../store/eviction.ts";
import { Members } from "../store/members.ts";
import { ObservationFollower } from "../store/observation-follower.ts";
import { oncePerKey } from "../store/once-per-key.ts";
import { provideStore } from "../store/provision.ts";
import { beginConnecting, openStore } from "../store/redis.ts";
import { RedisMapReader } from "../store/redis-map-reader.ts";
import { ReportStore } from "../store/report-store.ts";
import { DescriptorWatch } from "./descriptor-watch.ts";
import { Ending } from "./ending.ts";
import { SettingsFollower } from "./follow-settings.ts";
import { holdFolder } from "./hold-folder.ts";
import { countsText } from "./intake-counts.ts";
import { Lifecycle } from "./lifecycle.ts";
import { Membership } from "./membership.ts";
import { processFigures } from "./process-figures.ts";
import { LoopWatch } from "./process-load.ts";
import { progressText } from "./pull-hosts.ts";
import { readiness } from "./readiness.ts";
import { CollectorRole } from "./roles/collector-role.ts";
import { EngineRole } from "./roles/engine-role.ts";
import type { LeadingEngine } from "./roles/leading-engine.ts";
import { openPushDoor } from "./roles/push-door.ts";
import type { Surroundings } from "./roles/surroundings.ts";
import { serveWeb } from "./roles/web-role.ts";
import { createWorker } from "./roles/worker-role.ts";
import { SocketLimit } from "./socket-limit.ts";
import { UnreadAnswers } from "./unread-answers.ts";

/** What the daemon is started with. */
export interface DaemonOptions {
  readonly config: Config;
  /** What is wrong with the configuration as it is written by now, so that `config` still holds; null for nothing. */
  readonly configFault?: () => string | null;
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
  /** Rejects with why it cannot go on; it must be stopped then. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

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
async function wire(
  { config, configFault, version, logger: given, now }: DaemonOptions,
  lifecycle: Lifecycle,
): Promise<Daemon> {
  const logger = oncePerKey(given);
  const { dataDir, roles } = config;
  const ended = new Ending();
  await holdFolder({ folder: dataDir, lifecycle, onLost: (reason) => ended.tell(reason) });
  const store = await provideStore({ redis: config.redis, dataDir, logger });
  lifecycle.onStop("store", () => store.stop());
  const open = () => openStore(store.options, logger);
  const [client, reading] = [open(), open()];
  lifecycle.onStop("connections", () => {
    client.disconnect();
    reading.disconnect();
  });
  const id = randomUUID();
  const reader = new RedisMapReader(reading, store.options, logger);
  const reports = new ReportStore(client, store.options, logger, id);
  const settings = new SettingsFollower(reader, logger);
  const around: Surroundings = {
    ...{ id, config, version, logger, now },
    ...{ storeOptions: store.options, client, reader, reports, settings },
  };
  const eviction = new EvictionWatch(client, logger);
  lifecycle.onStop("eviction", () => eviction.stop());
  const descriptors = new DescriptorWatch(logger);
  lifecycle.onStop("descriptors", () => descriptors.stop());

  let collector: CollectorRole | undefined;
  const engine = roles.includes("engine")
    ? new EngineRole({
        ...around,
        unsaved: () => collector?.unsaved() ?? [],
        monotonic: () => performance.now(),
        changed: () => void membership.sign(),
      })
    : undefined;
  const leading = (): LeadingEngine | undefined => engine?.leading;
  const collects = roles.includes("collector");
  // A worker that fetches a host takes its report in as a collector would.
  collector = collects || roles.includes("worker") ? new CollectorRole({ ...around, leading }) : undefined;
  await collector?.open(lifecycle);

  const observations = new ObservationFollower({
    client: open(),
    onObserved: (entries) => {
      if (entries.some(({ kind }) => kind === "settings")) {
        void settings.look();
      }
      engine?.observed(entries);
    },
    onMissed: () => {
      void settings.look();
      engine?.missed();
    },
    logger,
  });
  const [loop, sockets, unread] = [new LoopWatch(), new SocketLimit(), new UnreadAnswers()];
  loop.start();
  lifecycle.onStop("loop watch", () => loop.stop());
  const isConnected = () => reading.status === "ready" && client.status === "ready";
  const leader = () => (engine?.leader === undefined ? undefined : membership.nameOf(engine.leader));
  const web = {
    reading,
    sockets,
    unread,
    doors: collects ? collector?.doors : undefined,
    ...(await openPushDoor({ ...around, leading }, lifecycle)),
    readiness: () =>
      readiness({
        roles,
        connected: isConnected(),
        leading: leading()?.signs,
        leader: leader(),
        now: now(),
        told: {
          ...(collector === undefined ? {} : { agents: countsText(collector.intake.counts) }),
          ...(collector?.pulling === undefined ? {} : { pull: progressText(collector.pulling) }),
        },
        faults: {
          observations: observations.fault,
          configuration: configFault?.() ?? null,
          "own store": store.fault(),
          memory: eviction.fault,
          descriptors: descriptors.fault,
        },
      }),
    figures: () =>
      processFigures({
        roles,
        connected: isConnected(),
        counts: collector?.intake.counts,
        leading: leading(),
        loop,
        sockets,
        unread,
      }),
  };
  const url = await serveWeb(around, web, lifecycle);

  const since = now();
  const name = `${hostname()}/${process.pid}`;
  const membership = new Membership({
    members: new Members(client, logger),
    self: () => ({ id, name, roles, leads: leading() !== undefined, since, at: now(), version, url }),
    logger,
    now,
  });
  eviction.start();
  descriptors.start();
  await Promise.all([client, reading].map(beginConnecting));
  await refuseNewer(reports);
  lifecycle.onStop("membership", () => membership.stop());
  await settings.start();
  lifecycle.onStop("settings", () => settings.stop());
  if (collects) {
    await collector?.start(lifecycle);
  }
  await observations.start();
  lifecycle.onStop("observations", () => observations.stop());
  await engine?.start(store.kind !== "external");
  lifecycle.onStop("engine", () => engine?.stop());
  if (roles.includes("worker")) {
    const worker = createWorker({ ...around, asked: () => collector?.asked ?? [] });
    await worker.start();
    lifecycle.onStop("worker", () => worker.stop());
  }
  await membership.start();
  return { url, dataDir, store: `${store.kind}; ${store.why}`, ended: ended.told, stop: () => lifecycle.stop() };
}

/** A store that is away is looked at when it is there; until then nothing is written. */
async function refuseNewer(reports: ReportStore): Promise<void> {
  try {
    await reports.demandKnownSchema();
  } catch (error) {
    if (error instanceof DotmError && error.code === "DOTM_STORE_NEWER") {
      throw error;
    }
  }
}
