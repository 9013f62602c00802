/** Connections to Redis: where it is, how they are made and how long they wait. */
import { readFileSync } from "node:fs";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { storeError } from "./redis-errors.ts";

/** Where Redis is and how to log in: the `redis` part of the configuration, or what `provideStore` found. */
export interface StoreOptions {
  /** `redis://[user:password@]host:port[/db]`, `rediss://…` for TLS, `unix:/path`, or a path. */
  readonly url?: string;
  /** Path of a Unix socket, instead of `url`. */
  readonly socket?: string;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  /** PEM file of the certificate authority of a `rediss://` server. */
  readonly caFile?: string;
  /** The master's name and the addresses of its sentinels, `host:port`. */
  readonly sentinel?: { readonly name: string; readonly hosts: readonly string[]; readonly password?: string };
  /** Addresses of some nodes of a Redis Cluster, `host:port`. */
  readonly cluster?: readonly string[];
}

/** A connection of ours. */
export type RedisClient = Redis | Cluster;

type ClientOptions = Omit<RedisOptions, "replyMapping">;

/** Where Redis listens unless told otherwise. */
const DEFAULT_URL = "redis://127.0.0.1:6379";

/** Milliseconds before the first attempts to come back; a restarting server is found at once, a missing one every 1 to 10 s. */
const FIRST_RETRIES = [50, 100, 200, 500] as const;

const BEHAVIOUR = {
  lazyConnect: true,
  // Commands waiting for a Redis that is away would pile up in memory; the publisher holds what is pending instead.
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  // A command that takes longer counts as an outage (milliseconds).
  commandTimeout: 2_000,
  connectTimeout: 5_000,
  connectionName: "dotm",
} as const satisfies ClientOptions;

/**
 * Opens a connection that keeps coming back by itself and returns at once; commands reject while Redis is away.
 * Outages and returns are logged once each. `connect()` of what is returned starts it.
 */
export function openStore(options: StoreOptions, logger: Logger): RedisClient {
  const client = options.cluster === undefined ? openSingle(options) : openCluster(options, options.cluster);
  logOutages(client, storeAddress(options), logger);
  return client;
}

/**
 * Opens a connection and waits until it answers.
 * @throws DotmError DOTM_STORE_UNREACHABLE where it does not
 */
export async function connectStore(options: StoreOptions, logger: Logger): Promise<RedisClient> {
  const client = openStore(options, logger);
  let cause: unknown;
  const remember = (error: unknown): void => {
    cause = error;
  };
  client.on("error", remember);
  try {
    await (client instanceof Cluster ? readyInTime(client) : client.connect());
    return client;
  } catch (error) {
    client.disconnect();
    throw storeError(cause ?? error, storeAddress(options));
  } finally {
    client.off("error", remember);
  }
}

/** A cluster client goes on looking for nodes; whoever waits is told after a while. */
async function readyInTime(client: Cluster): Promise<void> {
  const late = AbortSignal.timeout(BEHAVIOUR.connectTimeout);
  await Promise.race([
    client.connect(),
    new Promise<never>((_, reject) => {
      late.addEventListener("abort", () => reject(new Error("no node of the cluster answered in time")));
    }),
  ]);
}

/** Where the store is, in words without login: `redis://db:6379`, `/run/redis.sock`. */
export function storeAddress(options: StoreOptions): string {
  if (options.cluster !== undefined) {
    return `cluster ${options.cluster.join(", ")}`;
  }
  if (options.sentinel !== undefined) {
    return `${options.sentinel.name} of sentinels ${options.sentinel.hosts.join(", ")}`;
  }
  const path = socketPath(options);
  if (path !== undefined) {
    return path;
  }
  const url = serverUrl(options);
  return `${url.protocol}//${url.host}`;
}

/** The id of the server process behind a connection; it changes with every start and failover. Empty for a cluster. */
export async function serverRunId(client: RedisClient): Promise<string> {
  if (client instanceof Cluster) {
    return "";
  }
  return /^run_id:(\w+)/m.exec(await client.info("server"))?.[1] ?? "";
}

function openSingle(options: StoreOptions): Redis {
  return new Redis({
    ...BEHAVIOUR,
    retryStrategy: (attempt) =>
      FIRST_RETRIES[attempt - 1] ?? Math.min((attempt - FIRST_RETRIES.length) * 1_000, 10_000),
    // A master turned replica is left for the new master that its name or the sentinels lead to.
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
    ...place(options),
    ...login(options),
  });
}

function openCluster(options: StoreOptions, nodes: readonly string[]): Cluster {
  const { lazyConnect, enableOfflineQueue, ...behaviour } = BEHAVIOUR;
  return new Cluster(
    nodes.map((node) => hostAndPort(node, 6_379)),
    {
      lazyConnect,
      enableOfflineQueue,
      // Groups commands by the node that serves their slot.
      enableAutoPipelining: true,
      clusterRetryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 10_000),
      redisOptions: { ...behaviour, ...login(options) },
    },
  );
}

function place(options: StoreOptions): ClientOptions {
  if (options.sentinel !== undefined) {
    const { name, hosts, password } = options.sentinel;
    const sentinels = hosts.map((host) => hostAndPort(host, 26_379));
    return { sentinels, name, ...(password === undefined ? {} : { sentinelPassword: password }) };
  }
  const path = socketPath(options);
  if (path !== undefined) {
    return { path };
  }
  const url = serverUrl(options);
  const database = /^\/(\d+)$/.exec(url.pathname)?.[1];
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || 6_379),
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    ...(database === undefined ? {} : { db: Number(database) }),
    ...(url.protocol === "rediss:" ? { tls: authority(options) } : {}),
  };
}

function authority({ caFile }: StoreOptions): { ca?: Buffer } {
  return caFile === undefined ? {} : { ca: readFileSync(caFile) };
}

function login({ username, password, db }: StoreOptions): ClientOptions {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(db === undefined ? {} : { db }),
  };
}

function socketPath({ socket, url }: StoreOptions): string | undefined {
  return socket ?? (url === undefined ? undefined : /^(?:unix:(?:\/\/)?)?(\/.*)$/s.exec(url)?.[1]);
}

function serverUrl({ url }: StoreOptions): URL {
  const parsed = URL.canParse(url ?? DEFAULT_URL) ? new URL(url ?? DEFAULT_URL) : undefined;
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol)) {
    const next = "Write redis://HOST:PORT, rediss://HOST:PORT or unix:/PATH.";
    throw new DotmError("DOTM_CONFIG_INVALID", "redis.url is not the address of a Redis.", next);
  }
  return parsed;
}

function hostAndPort(address: string, defaultPort: number): { host: string; port: number } {
  const parts = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(address);
  return { host: parts?.[1] ?? parts?.[2] ?? address, port: Number(parts?.[3] ?? defaultPort) };
}

function logOutages(client: RedisClient, address: string, logger: Logger): void {
  let away = false;
  client.on("error", (error: unknown) => {
    if (!away) {
      away = true;
      logger.warn({ address, error: messageOf(error) }, "Redis is away");
    }
  });
  client.on("ready", () => {
    if (away) {
      away = false;
      logger.info({ address }, "Redis is back");
    }
  });
}
