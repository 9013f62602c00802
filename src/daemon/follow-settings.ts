/** Settings people change while DOTM runs: read at start, at once where somebody tells of a change, and now and then. */
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { DEFAULT_SETTINGS, type Settings } from "../model/settings.ts";

/** Where settings come from. */
export interface SettingsReader {
  settings(): Promise<Settings>;
}

/** Milliseconds between two looks without word of a change, for those that were made by hand. */
const EVERY = 2_000;

/** Follows the settings from `start` to `stop`. */
export class SettingsFollower {
  private readonly reader: SettingsReader;
  private readonly logger: Logger;
  private readonly listeners = new Set<(settings: Settings) => void>();
  /** As they were read last. */
  current: Settings = DEFAULT_SETTINGS;
  private last = "";
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private next: Promise<void> | undefined;

  constructor(reader: SettingsReader, logger: Logger) {
    this.reader = reader;
    this.logger = logger;
  }

  /** Tells of the settings now and at every change; returns how to end that. */
  follow(changed: (settings: Settings) => void): () => void {
    this.listeners.add(changed);
    changed(this.current);
    return () => {
      this.listeners.delete(changed);
    };
  }

  /** Reads the settings and begins to follow them. */
  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), EVERY);
  }

  /**
   * Reads them as they are now. Never rejects: where they cannot be read the last ones hold. A reading under way may have
   * begun before the change that this look is for; another one follows it then, once for all who ask meanwhile.
   */
  look(): Promise<void> {
    if (this.looking === undefined) {
      return this.begin();
    }
    this.next ??= this.looking.then(() => {
      this.next = undefined;
      return this.looking ?? this.begin();
    });
    return this.next;
  }

  /** Ends following. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.next;
    await this.looking;
  }

  private begin(): Promise<void> {
    this.looking = this.read().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  private async read(): Promise<void> {
    try {
      const settings = await this.reader.settings();
      // A secret does not show in JSON, not even that it is another one.
      const secret = settings.nagiosInstance.password?.reveal() ?? "";
      const text = JSON.stringify([settings, secret], (_, value) => (value instanceof Map ? [...value] : value));
      if (text !== this.last) {
        this.last = text;
        this.current = settings;
        for (const changed of this.listeners) {
          changed(settings);
        }
      }
    } catch (error) {
      this.logger.debug({ error: messageOf(error) }, "settings could not be read; the last ones hold");
    }
  }
}
