/** Opens the map in Redis. */
import { readSecret } from "../config/secret.ts";
import type { StoreHint } from "../config/store-hint.ts";
import { DotmError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { agentClocks } from "../store/agent-clocks.ts";
import { brokenValues } from "../store/broken-values.ts";
import { foreignKeys } from "../store/foreign-keys.ts";
import { connectStore } from "../store/redis.ts";
import { storeError } from "../store/redis-errors.ts";
import { RedisMapReader } from "../store/redis-map-reader.ts";
import { SettingsStore } from "../store/settings-store.ts";
import { locateStore } from "../store/store-location.ts";
import { type StoreOptions, storeAddress } from "../store/store-place.ts";
import { demandKnownSchema } from "../store/store-schema.ts";
import { Team } from "../store/team.ts";
import type { OpenStore } from "./open-store.ts";

/** Says nothing: what goes wrong is told once, as the command's error. (The logger's own silence would load pino.) */
const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Milliseconds that looking for broken values may take. */
const LOOKING_FOR = 5_000;

/** Connects to the store a hint leads to. @throws DotmError DOTM_STORE_UNREACHABLE */
export async function openStoredMap(hint: StoreHint): Promise<OpenStore> {
  const { options, why } = await chosenStore(hint);
  const client = await connectStore(options, SILENT);
  try {
    await demandKnownSchema(client, storeAddress(options));
  } catch (error) {
    client.disconnect();
    throw storeError(error, storeAddress(options));
  }
  const reader = new RedisMapReader(client, options, SILENT);
  return {
    reader,
    settings: new SettingsStore(client, options, SILENT),
    history: async () => {
      const { HistoryReader } = await import("../store/history-reader.ts");
      const now = () => Date.now() / 1000;
      return new HistoryReader(client, options, { logger: SILENT, now, settings: () => reader.settings() });
    },
    team: new Team(client, options, SILENT),
    foreign: () => foreignKeys(client),
    broken: () => {
      const end = performance.now() + LOOKING_FOR;
      return brokenValues(client, () => performance.now() < end);
    },
    clocks: (hosts) => agentClocks(client, hosts),
    about: `${storeAddress(options)}; ${why}`,
    close: () => client.disconnect(),
  };
}

async function chosenStore(hint: StoreHint): Promise<{ readonly options: StoreOptions; readonly why: string }> {
  const { url, username, passwordFile, sentinelPasswordFile, caFile, dataDir } = hint;
  if (url === null) {
    const located = await locateStore(dataDir);
    if (located === undefined) {
      const text = `No DOTM keeps its store in ${dataDir} now.`;
      throw new DotmError("DOTM_STORE_UNREACHABLE", text, "Start it: dotm serve, or dotm demo");
    }
    return located;
  }
  const options = {
    url,
    ...(username === null ? {} : { username }),
    ...(passwordFile === null ? {} : { password: readSecret(passwordFile).reveal() }),
    ...(sentinelPasswordFile === null ? {} : { sentinelPassword: readSecret(sentinelPasswordFile).reveal() }),
    ...(caFile === null ? {} : { caFile }),
  };
  return { options, why: "named by --url, the environment or redis.url" };
}
