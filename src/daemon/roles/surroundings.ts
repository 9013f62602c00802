/** What every role of a process is given. */
import type { Config } from "../../config/config-value.ts";
import type { Logger } from "../../logger.ts";
import type { RedisClient } from "../../store/redis.ts";
import type { RedisMapReader } from "../../store/redis-map-reader.ts";
import type { ReportStore } from "../../store/report-store.ts";
import type { StoreOptions } from "../../store/store-place.ts";
import type { SettingsFollower } from "../follow-settings.ts";

/** The process and its store. */
export interface Surroundings {
  /** Of this process, another one at each start. */
  readonly id: string;
  readonly config: Config;
  readonly version: string;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  readonly storeOptions: StoreOptions;
  /** The connection that writes. */
  readonly client: RedisClient;
  readonly reader: RedisMapReader;
  readonly reports: ReportStore;
  readonly settings: SettingsFollower;
}
