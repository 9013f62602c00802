/** Connections to Redis: how they are made and how long they wait. */
import { Cluster, Redis } from "ioredis";
import { messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import { storeError } from "./redis-errors.ts";
import {
  type ClientOptions,
  encryption,
  hostAndPort,
  login,
  place,
  type StoreOptions,
  spread,
  storeAddress,
} from "./store-place.ts";

/** A connection of ours. */
export type RedisClient = Redis | Cluster;

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

/** Milliseconds; commands wait for a node of a cluster to be connected, and must not outlive `commandTimeout` there. */
const NODE_CONNECT_TIMEOUT = 1_500;

/**
 * Opens a connection that keeps coming back by itself and returns at once; commands reject while Redis is away.
 * Outages and returns are logged once each. `connect()` of what is returned starts it.
 */
export function openStore(given: StoreOptions, logger: Logger): RedisClient {
  const options = spread(given);
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
    await readyInTime(client);
    return client;
  } catch (error) {
    client.disconnect();
    throw storeError(cause ?? error, storeAddress(options));
  } finally {
    client.off("error", remember);
  }
}

/** Begins to connect and waits a while; where Redis is away the connection goes on trying by itself. */
export async function beginConnecting(client: RedisClient): Promise<void> {
  await readyInTime(client).catch(() => undefined);
}

/** A client of a cluster or of sentinels goes on looking; whoever waits is told after a while. */
async function readyInTime(client: RedisClient): Promise<void> {
  const late = AbortSignal.timeout(BEHAVIOUR.connectTimeout);
  await Promise.race([
    client.connect(),
    new Promise<never>((_, reject) => {
      late.addEventListener("abort", () => reject(new Error("it did not answer in time")));
    }),
  ]);
}

/** The ids of the server processes written to: they change with every start and failover, since a new master may lack something. */
export async function serverRunId(client: RedisClient): Promise<string> {
  const servers = client instanceof Cluster ? client.nodes("master") : [client];
  const ids = await Promise.all(
    servers.map(async (server) => /^run_id:(\w+)/m.exec(await server.info("server"))?.[1] ?? ""),
  );
  return ids.sort().join(" ");
}

function openSingle(options: StoreOptions): Redis {
  let leaving = false;
  const client = new Redis({
    ...BEHAVIOUR,
    retryStrategy: (attempt) =>
      FIRST_RETRIES[attempt - 1] ?? Math.min((attempt - FIRST_RETRIES.length) * 1_000, 10_000),
    // A master turned replica is left, once, for the new master that its name or the sentinels lead to.
    reconnectOnError: (error) => {
      const leave = !leaving && error.message.startsWith("READONLY");
      leaving ||= leave;
      return leave;
    },
    ...place(options),
    ...login(options),
  });
  return client.on("ready", () => {
    leaving = false;
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
      // No command may be sent again behind our back, after we gave it up: it would undo what was written since.
      retryDelayOnFailover: 0,
      retryDelayOnClusterDown: 0,
      maxRedirections: 8,
      clusterRetryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 10_000),
      // Nodes are checked by the names they announce, so these must not be looked up before.
      ...(options.tls === true ? { dnsLookup: (address, found) => found(null, address) } : {}),
      redisOptions: { ...behaviour, connectTimeout: NODE_CONNECT_TIMEOUT, ...login(options), ...encryption(options) },
    },
  );
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
