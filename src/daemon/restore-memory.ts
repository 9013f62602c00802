/** Brings back what an earlier leader remembered, as soon as the store is there. */
import type { Engine } from "../compute.ts";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { RedisClient } from "../store/redis.ts";
import type { ReportStore } from "../store/report-store.ts";
import type { ReportIntake } from "./report-intake.ts";
import { deliveryOf } from "./stored-report.ts";

/** What bringing back needs. */
export interface RestoreDeps {
  readonly client: RedisClient;
  readonly reports: ReportStore;
  readonly engine: Engine;
  readonly intake: ReportIntake;
  readonly logger: Logger;
  /** Called once, when everything is back. */
  readonly done: () => Promise<void>;
}

/** Tries at once and at every return of the store until it succeeds. */
export class MemoryRestorer {
  private readonly deps: RestoreDeps;
  private working: Promise<void> | undefined;
  private finished = false;

  constructor(deps: RestoreDeps) {
    this.deps = deps;
  }

  /** Connects and tries once; resolves after that, whether the store was there or not. */
  async start(): Promise<void> {
    const { client, logger } = this.deps;
    client.on("ready", this.attempt);
    try {
      await client.connect();
    } catch (error) {
      logger.warn({ error: messageOf(error) }, "the store is away; reports are taken in and kept until it is back");
    }
    await this.working;
  }

  /** Ends trying. */
  async stop(): Promise<void> {
    this.deps.client.off("ready", this.attempt);
    await this.working;
  }

  private readonly attempt = (): void => {
    this.working ??= this.restore().finally(() => {
      this.working = undefined;
    });
  };

  private async restore(): Promise<void> {
    if (this.finished) {
      return;
    }
    try {
      await this.loadAll();
      this.finished = true;
      await this.deps.done();
    } catch (error) {
      this.deps.logger.warn({ error: messageOf(error) }, "could not bring back what was remembered; trying again");
    }
  }

  private async loadAll(): Promise<void> {
    const { reports, engine, intake } = this.deps;
    for await (const { host, records } of reports.loadEdges()) {
      engine.restore(host, records.values(), []);
    }
    for await (const { host, records } of reports.loadListeners()) {
      engine.restore(host, [], records);
    }
    for await (const { host, alarms } of reports.loadAlarms()) {
      engine.recall(host, alarms);
    }
    for await (const { gzip } of reports.loadReports()) {
      intake.replay(await deliveryOf(gzip), 0);
    }
  }
}
