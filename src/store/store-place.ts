/** Where Redis is and how to log in, in the ways people write it. */
import { readFileSync } from "node:fs";
import type { RedisOptions } from "ioredis";
import { DotmError } from "../errors.ts";
import { readUrl } from "../model/web-address.ts";

/** Where Redis is and how to log in: the `redis` part of the configuration, or what `provideStore` found. */
export interface StoreOptions {
  /**
   * `redis://[user:password@]host:port[/db]`, `rediss://…` for TLS, `unix:/path[?db=N]`, a path,
   * `redis-sentinel://[user:password@]host:port,host:port/master's name[/db]` or `redis-cluster://[…@]host:port,host:port`.
   */
  readonly url?: string;
  /** Path of a Unix socket, instead of `url`. */
  readonly socket?: string;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  /** PEM file of the certificate authority of a server that speaks TLS. */
  readonly caFile?: string;
  /** TLS to the servers that sentinels or a cluster lead to. */
  readonly tls?: boolean;
  /** The master's name and the addresses of its sentinels, `host:port`. */
  readonly sentinel?: { readonly name: string; readonly hosts: readonly string[] };
  /** Password of the sentinels themselves. */
  readonly sentinelPassword?: string;
  /** Addresses of some nodes of a Redis Cluster, `host:port`. */
  readonly cluster?: readonly string[];
  /** True for the embedded store, whose daemon keeps what is in it: what people write is to be on its disk before they are told. */
  readonly keptByDaemon?: true;
}

/** What the Redis client is told. */
export type ClientOptions = Omit<RedisOptions, "replyMapping">;

/** Where Redis listens unless told otherwise. */
const DEFAULT_URL = "redis://127.0.0.1:6379";

/** Where the store is, in words without login: `redis://db:6379`, `/run/redis.sock`. */
export function storeAddress(given: StoreOptions): string {
  const options = spread(given);
  if (options.cluster !== undefined) {
    return `cluster ${options.cluster.join(", ")}`;
  }
  if (options.sentinel !== undefined) {
    return `${options.sentinel.name} of sentinels ${options.sentinel.hosts.join(", ")}`;
  }
  const unix = unixSocket(options);
  if (unix !== undefined) {
    return unix.path;
  }
  const url = serverUrl(options);
  return `${url.protocol}//${url.host}`;
}

/** Where a single Redis, or the one the sentinels name, is. */
export function place(options: StoreOptions): ClientOptions {
  if (options.sentinel !== undefined) {
    const { name, hosts } = options.sentinel;
    const { sentinelPassword } = options;
    const sentinels = hosts.map((host) => hostAndPort(host, 26_379));
    return {
      sentinels,
      name,
      // A new master is turned to as soon as the sentinels name it, though the old one may still answer.
      failoverDetector: true,
      ...(sentinelPassword === undefined ? {} : { sentinelPassword }),
      ...encryption(options),
    };
  }
  const unix = unixSocket(options);
  if (unix !== undefined) {
    return unix;
  }
  const url = serverUrl(options);
  const database = /^\/(\d+)$/.exec(url.pathname)?.[1];
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || 6_379),
    ...(url.username === "" ? {} : { username: decoded(url.username) }),
    ...(url.password === "" ? {} : { password: decoded(url.password) }),
    ...(database === undefined ? {} : { db: Number(database) }),
    ...(url.protocol === "rediss:" ? { tls: authority(options) } : {}),
  };
}

/** TLS to servers that others lead to. */
export function encryption(options: StoreOptions): ClientOptions {
  return options.tls === true ? { tls: authority(options) } : {};
}

function authority({ caFile }: StoreOptions): { ca?: Buffer } {
  return caFile === undefined ? {} : { ca: readFileSync(caFile) };
}

/** User, password and database. */
export function login({ username, password, db }: StoreOptions): ClientOptions {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(db === undefined ? {} : { db }),
  };
}

/** Several servers in one URL, taken apart; other options are returned as they are. */
export function spread(options: StoreOptions): StoreOptions {
  const parts =
    /^(rediss?)-(sentinel|cluster):\/\/(?:([^/\s]*)@)?([^/\s@]+)(?:\/([^/\s]+))?(?:\/(\d+))?$/.exec(
      options.url ?? "",
    ) ?? [];
  const [, scheme, kind, user, list = "", name, db] = parts;
  const { url: _, ...others } = options;
  const servers = { ...loginOf(user), ...others, tls: scheme === "rediss" };
  if (kind === "cluster" && name === undefined) {
    return { ...servers, cluster: list.split(",") };
  }
  if (kind === "sentinel" && name !== undefined) {
    const sentinel = { name: decoded(name), hosts: list.split(",") };
    return { ...servers, sentinel, ...(db === undefined ? {} : { db: Number(db) }) };
  }
  return options;
}

/** `user:password` as a URL has it before its `@`. */
function loginOf(text = ""): Pick<StoreOptions, "username" | "password"> {
  const [, user = "", password] = /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  return {
    ...(user === "" ? {} : { username: decoded(user) }),
    ...(password === undefined ? {} : { password: decoded(password) }),
  };
}

/** Percent signs that stand for nothing are meant as they are. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A Unix socket, by its path or as a URL that may name a database. */
function unixSocket({ socket, url = "" }: StoreOptions): { readonly path: string; readonly db?: number } | undefined {
  if (socket !== undefined) {
    return { path: socket };
  }
  const [, path, db] = /^(?:unix:(?:\/\/)?)?(\/.*?)(?:\?db=(\d+))?$/s.exec(url) ?? [];
  return path === undefined ? undefined : { path, ...(db === undefined ? {} : { db: Number(db) }) };
}

function serverUrl({ url }: StoreOptions): URL {
  const parsed = readUrl(url ?? DEFAULT_URL);
  if (parsed === undefined || !/^rediss?:$/.test(parsed.protocol)) {
    const next = "Write redis://HOST:PORT, rediss://HOST:PORT or unix:/PATH.";
    throw new DotmError("DOTM_CONFIG_INVALID", "redis.url is not the address of a Redis.", next);
  }
  return parsed;
}

/** `HOST:PORT` taken apart; IPv6 stands in brackets. */
export function hostAndPort(address: string, defaultPort: number): { host: string; port: number } {
  const parts = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(address);
  return { host: parts?.[1] ?? parts?.[2] ?? address, port: Number(parts?.[3] ?? defaultPort) };
}
