/** Settings people change while the daemon runs: read at start and again every few seconds. */
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Settings } from "../model/settings.ts";

/** Where settings come from. */
export interface SettingsReader {
  settings(): Promise<Settings>;
}

/** Milliseconds between two looks. */
const EVERY = 2_000;

/** Follows the settings; `start` reads them once, `stop` ends. */
export class SettingsFollower {
  private readonly reader: SettingsReader;
  private readonly changed: (settings: Settings) => void;
  private readonly logger: Logger;
  private last = "";
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(reader: SettingsReader, changed: (settings: Settings) => void, logger: Logger) {
    this.reader = reader;
    this.changed = changed;
    this.logger = logger;
  }

  /** Reads the settings and begins to follow them. */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => {
        this.looking = undefined;
      });
    }, EVERY);
  }

  /** Ends following. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      const settings = await this.reader.settings();
      // A secret does not show in JSON, not even that it is another one.
      const secret = settings.nagiosInstance.password?.reveal() ?? "";
      const text = JSON.stringify([settings, secret], (_, value) => (value instanceof Map ? [...value] : value));
      if (text !== this.last) {
        this.last = text;
        this.changed(settings);
      }
    } catch (error) {
      this.logger.debug({ error: messageOf(error) }, "settings could not be read; the last ones hold");
    }
  }
}
