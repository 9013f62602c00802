/** Runs the one CGI source that the setting `nagios_instance` asks for, as people change it. */
import { createCgiSource } from "../ingest/cgi-source.ts";
import type { ObservationSink, Source } from "../ingest/source.ts";
import { zoneOffset } from "../ingest/zone-offset.ts";
import type { Logger } from "../logger.ts";
import type { Settings } from "../model/settings.ts";

/** Name of the source. */
export const NAGIOS_INSTANCE = "nagios_instance";

/** What it needs of the daemon. */
export interface NagiosInstanceOptions {
  readonly sink: ObservationSink;
  /** Is told when the source is there no more. */
  readonly forget: (source: string) => void;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/** The keeper of the source. */
export class NagiosInstance {
  private readonly options: NagiosInstanceOptions;
  private source: Source | undefined;
  /** Whom `source` asks, and as whom. */
  private server = "";
  private last = "";
  private working = Promise.resolve();

  constructor(options: NagiosInstanceOptions) {
    this.options = options;
  }

  /** Goes by these settings from now on: starts, restarts or stops the source where they ask for it. */
  follow(settings: Settings): void {
    const { nagiosInstance } = settings;
    const wanted = JSON.stringify([
      nagiosInstance,
      serverOf(nagiosInstance),
      nagiosInstance.useAliases ? [...settings.userNodeAliases] : [],
    ]);
    if (wanted !== this.last) {
      this.last = wanted;
      this.working = this.working.then(() => this.change(settings));
    }
  }

  /** Ends the source. */
  async stop(): Promise<void> {
    await this.working;
    await this.source?.stop();
  }

  private async change({ nagiosInstance, userNodeAliases }: Settings): Promise<void> {
    const { sink, forget, logger, now, random } = this.options;
    const before = this.source;
    this.source = undefined;
    await before?.stop();
    const server = serverOf(nagiosInstance);
    // What another server said, or this one to somebody else, would stand as the word of one that may never answer.
    if (before !== undefined && server !== this.server) {
      forget(NAGIOS_INSTANCE);
    }
    this.server = server;
    if (!nagiosInstance.isSet) {
      return;
    }
    const { url, user, password, expire, refresh, useAliases } = nagiosInstance;
    const aliases = useAliases ? { aliasesBut: new Set(userNodeAliases.keys()) } : {};
    this.source = createCgiSource({
      ...{ name: NAGIOS_INSTANCE, url, user, password, ca: null, format: "auto", interval: refresh, expire },
      ...{ ...aliases, offset: zoneOffset(null), sink, logger, now, random },
    });
    await this.source.start();
  }
}

function serverOf({ isSet, url, user, password }: Settings["nagiosInstance"]): string {
  return isSet ? JSON.stringify([url, user, password?.reveal() ?? null]) : "";
}
