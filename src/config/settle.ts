/** From what was written and checked to the value that is handed down: paths absolute, secrets read, texts taken apart. */
import { dirname, join } from "node:path";
import { messageOf } from "../errors.ts";
import { authConfig } from "./auth.ts";
import type { AgentsConfig, Config, GroupOperator, RedisConfig, TopologyConfig, WebConfig } from "./config-value.ts";
import { notifyConfig } from "./notify.ts";
import { type Path, type Placed, placeAt } from "./place.ts";
import { pullConfig } from "./pull.ts";
import { redisUrl } from "./redis-url.ts";
import type { CheckedConfig } from "./schema.ts";
import { absolutePath, type Surroundings } from "./search.ts";
import { readSecret } from "./secret.ts";
import { sourceConfig } from "./sources.ts";

/** A part of the configuration that cannot be used: where it is written, and why as `cause`. */
export class UnusablePart extends Error {
  readonly path: Path;

  constructor(path: Path, cause: unknown) {
    super(messageOf(cause), { cause });
    this.path = path;
  }
}

/**
 * The configuration as everybody is handed it, frozen.
 * @throws UnusablePart where a secret's file cannot be used, or a source cannot be what is written
 */
export function settledConfig(checked: CheckedConfig, dataDir: string, written: Placed, around: Surroundings): Config {
  const file = (path: Path, value: string) => writtenPath(value, path, written, around);
  return deepFrozen({
    dataDir,
    roles: [...new Set(checked.roles)],
    redis: redisConfig(checked.redis, file),
    web: webConfig(checked.web, file),
    sources: checked.sources.map((source, number) =>
      at(["sources", number, "password_file"], () =>
        sourceConfig(source, (key, value) => file(["sources", number, key], value)),
      ),
    ),
    agents: agentsConfig(checked.agents, dataDir, file),
    auth: at(["auth", "proxy", "secret_file"], () => authConfig(checked.auth, join(dataDir, "tokens.json"), file)),
    topology: topologyConfig(checked.topology),
    notify: at(["notify", "targets"], () =>
      notifyConfig(checked.notify, (number) => (key, value) => file(["notify", "targets", number, key], value)),
    ),
    audit: { file: auditFile(checked.audit.file, dataDir, file) },
    log: checked.log,
  });
}

function at<T>(path: Path, settle: () => T): T {
  try {
    return settle();
  } catch (error) {
    throw new UnusablePart(path, error);
  }
}

/** The absolute path meant by one written at `path`: relative to its file, or to where the command was started. */
export function writtenPath(value: string, path: Path, written: Placed, around: Surroundings): string {
  const place = placeAt(written, path);
  return absolutePath(value, place.kind === "file" ? dirname(place.file) : around.cwd, around);
}

function auditFile(written: string | undefined, dataDir: string, file: Locate): string {
  return written === undefined ? join(dataDir, "audit.log") : file(["audit", "file"], written);
}

type Locate = (path: Path, value: string) => string;

function redisConfig(redis: CheckedConfig["redis"], file: Locate): RedisConfig {
  const secret = (path: Path, value: string | undefined) =>
    value === undefined ? null : at(path, () => readSecret(file(path, value)));
  return {
    url: redisUrl(redis),
    username: redis.username ?? null,
    password: secret(["redis", "password_file"], redis.password_file),
    sentinelPassword: secret(["redis", "sentinel", "password_file"], redis.sentinel?.password_file),
    caFile: redis.ca_file === undefined ? null : file(["redis", "ca_file"], redis.ca_file),
  };
}

function webConfig(web: CheckedConfig["web"], file: Locate): WebConfig {
  const { cert_file: cert, key_file: key } = web;
  return {
    listen: addressOf(web.listen),
    tls:
      cert === undefined || key === undefined
        ? null
        : {
            certFile: file(["web", "cert_file"], cert),
            keyFile: file(["web", "key_file"], key),
            clientCaFile: null,
            clientCrlFile: null,
          },
    hsts: web.hsts,
    hosts: web.hosts,
    basePath: web.base_path.endsWith("/") ? web.base_path : `${web.base_path}/`,
    frameAncestors: web.frame_ancestors,
    corsOrigins: web.cors_origins,
    geoDatabase: web.geo_database ?? null,
  };
}

/** `ADDRESS:PORT` taken apart; IPv6 addresses stand in brackets. */
function addressOf(text: string): { readonly host: string; readonly port: number } {
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, "$1"), port: Number(text.slice(colon + 1)) };
}

function agentsConfig(agents: CheckedConfig["agents"], dataDir: string, file: Locate): AgentsConfig {
  const { auth, interval, tokens_file: tokens, spool_dir: spool, pull } = agents;
  return {
    auth,
    interval,
    tokensFile: tokens === undefined ? join(dataDir, "agent-tokens.json") : file(["agents", "tokens_file"], tokens),
    spoolDir: spool === undefined ? null : file(["agents", "spool_dir"], spool),
    listen: agentsListen(agents, file),
    pull: pull.map((host, at) => pullConfig(host, (key, value) => file(["agents", "pull", at, key], value))),
  };
}

/** What belongs together is checked before (see cross-checks.ts). */
function agentsListen(agents: CheckedConfig["agents"], file: Locate): AgentsConfig["listen"] {
  const { listen, cert_file: cert, key_file: key, client_ca_file: ca, client_crl_file: crl } = agents;
  return listen === undefined || cert === undefined || key === undefined
    ? null
    : {
        ...addressOf(listen),
        certFile: file(["agents", "cert_file"], cert),
        keyFile: file(["agents", "key_file"], key),
        clientCaFile: ca === undefined ? null : file(["agents", "client_ca_file"], ca),
        clientCrlFile: crl === undefined ? null : file(["agents", "client_crl_file"], crl),
      };
}

function topologyConfig(topology: CheckedConfig["topology"]): TopologyConfig {
  const groups = topology.groups.map(({ members, operator }) => ({ members, operator: groupOperator(operator) }));
  return { dependencies: topology.dependencies, exclude: topology.exclude, groups };
}

function groupOperator(text: string): GroupOperator {
  if (text === "worst" || text === "best") {
    return { kind: text };
  }
  return text.endsWith("%")
    ? { kind: "percent", percent: Number(text.slice(0, -1)) }
    : { kind: "min", count: Number(text.slice("min ".length)) };
}

function deepFrozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) {
      deepFrozen(inner);
    }
    Object.freeze(value);
  }
  return value;
}
