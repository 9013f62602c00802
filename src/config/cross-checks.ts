/** What only shows when values are seen together. */
import { doubtfulAuth, leakyRestrictions } from "./auth-checks.ts";
import { isLoopback } from "./loopback.ts";
import { type Placed, placeAt } from "./place.ts";
import type { CheckedConfig } from "./schema.ts";
import { maskUrl } from "./secret.ts";
import type { ConfigProblem } from "./yaml-file.ts";

/** Combinations that are refused: a source or a pulled host named twice, an open port without a word on who may read, two stores or none. */
export function refusedTogether(checked: CheckedConfig, written: Placed): ConfigProblem[] {
  return [
    ...repeatedNames(checked, written),
    ...repeatedHosts(checked, written),
    ...halfListening(checked, written),
    ...halfTls(checked, written),
    ...severalStores(checked, written),
    ...storeOfOthers(checked, written),
    ...openDoor(checked, written),
    ...leakyRestrictions(checked, written),
    ...badTargets(checked, written),
  ];
}

/** A target named twice, or half of a certificate; results that would be stale before they are written again. */
function badTargets({ notify }: CheckedConfig, written: Placed): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [at, target] of notify.targets.entries()) {
    const place = placeAt(written, ["notify", "targets", at, "name"]);
    if (notify.targets.findIndex(({ name }) => name === target.name) < at) {
      problems.push({ place, text: `notify.targets[${at}].name: another target is called ${target.name}, too` });
    }
    if (target.type === "icinga2" && (target.cert_file === undefined) !== (target.key_file === undefined)) {
      problems.push({ place, text: `notify.targets[${at}]: cert_file and key_file belong together` });
    }
  }
  if (notify.ttl < 2 * notify.interval) {
    const text = `notify.ttl: must be twice notify.interval (${notify.interval}) at least, not ${notify.ttl}: one lost writing would make all results stale`;
    problems.push({ place: placeAt(written, ["notify", "ttl"]), text });
  }
  return problems;
}

/** What works but deserves a second look. */
export function warningsOf(checked: CheckedConfig, written: Placed): ConfigProblem[] {
  const warnings: ConfigProblem[] = [];
  if (!isLoopback(checked.web.listen) && checked.auth?.read === "everybody") {
    const text = `everybody who reaches ${checked.web.listen} can read the whole map (auth: none)`;
    warnings.push({ place: placeAt(written, ["web", "listen"]), text });
  }
  if (!isLoopback(checked.web.listen) && checked.web.cert_file === undefined && bringsSecrets(checked)) {
    const text = `tokens and passwords travel unencrypted to ${checked.web.listen}; set web.cert_file and web.key_file, or listen on loopback behind a proxy with TLS`;
    warnings.push({ place: placeAt(written, ["web", "listen"]), text });
  }
  if (!isLoopback(checked.web.listen) && checked.agents.auth === "none") {
    const place = placeAt(written, ["agents", "auth"]);
    const text = "everybody who reaches the port can send reports in the name of any host (agents.auth: none)";
    warnings.push({ place, text });
  }
  if (checked.redis.url !== undefined && maskUrl(checked.redis.url) !== checked.redis.url) {
    const place = placeAt(written, ["redis", "url"]);
    warnings.push({
      place,
      text: "a password in redis.url can be read by whoever can read this; use redis.password_file",
    });
  }
  return [...warnings, ...doubtfulAuth(checked, written)];
}

/** Whether people bring a token or a password; a proxy brings a secret, at most. */
function bringsSecrets({ auth }: CheckedConfig): boolean {
  return auth !== undefined && (auth.htpasswd !== undefined || (auth.read === "known" && auth.proxy === undefined));
}

/** A store of its own would be another map than the one the engine writes. */
function storeOfOthers({ roles, redis }: CheckedConfig, written: Placed): ConfigProblem[] {
  const isNamed = redis.url !== undefined || redis.sentinel !== undefined || redis.cluster !== undefined;
  if (roles.includes("engine") || isNamed) {
    return [];
  }
  const text = `roles: a process that is ${roles.join(", ")} must know the Redis of the one that is engine: set redis.url`;
  return [{ place: placeAt(written, ["roles"]), text }];
}

function repeatedNames(checked: CheckedConfig, written: Placed): ConfigProblem[] {
  const seen = new Set<string>();
  const problems: ConfigProblem[] = [];
  for (const [at, { name }] of checked.sources.entries()) {
    if (seen.has(name)) {
      const place = placeAt(written, ["sources", at, "name"]);
      problems.push({ place, text: `sources[${at}].name: another source is called ${name} already; each name once` });
    }
    seen.add(name);
  }
  return problems;
}

function repeatedHosts(checked: CheckedConfig, written: Placed): ConfigProblem[] {
  const { pull } = checked.agents;
  return pull.flatMap(({ host }, at) => {
    const first = pull.findIndex((other) => other.host === host);
    const place = placeAt(written, ["agents", "pull", at, "host"]);
    const text = `agents.pull[${at}].host: ${host} is pulled by agents.pull[${first}] already; each host once`;
    return first === at ? [] : [{ place, text }];
  });
}

function halfListening({ agents }: CheckedConfig, written: Placed): ConfigProblem[] {
  const keys = ["listen", "cert_file", "key_file"] as const;
  const missing = keys.filter((key) => agents[key] === undefined);
  if (missing.length === 0 || missing.length === keys.length) {
    return [];
  }
  const text = `agents: listen, cert_file and key_file belong together; ${missing.join(" and ")} is missing`;
  return [{ place: placeAt(written, ["agents"]), text }];
}

/** Half of a certificate, or clients' certificates where no TLS is spoken. */
function halfTls({ web, agents }: CheckedConfig, written: Placed): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if ((web.cert_file === undefined) !== (web.key_file === undefined)) {
    problems.push({ place: placeAt(written, ["web"]), text: "web: cert_file and key_file belong together" });
  }
  const { listen, client_ca_file: ca, client_crl_file: crl } = agents;
  if ((ca !== undefined && listen === undefined) || (crl !== undefined && ca === undefined)) {
    const text = "agents: client_ca_file is for listen, and client_crl_file for client_ca_file; one of them is missing";
    problems.push({ place: placeAt(written, ["agents"]), text });
  }
  return problems;
}

function severalStores({ redis }: CheckedConfig, written: Placed): ConfigProblem[] {
  const said = (["url", "sentinel", "cluster"] as const).filter((key) => redis[key] !== undefined);
  const text = `redis: ${said.join(" and ")} exclude each other; there is one store`;
  return said.length < 2 ? [] : [{ place: placeAt(written, ["redis", said[1] ?? "url"]), text }];
}

function openDoor(checked: CheckedConfig, written: Placed): ConfigProblem[] {
  if (isLoopback(checked.web.listen) || checked.auth !== undefined) {
    return [];
  }
  const text =
    `web.listen: ${checked.web.listen} can be reached from other machines, and nothing says who may read. ` +
    "Listen on 127.0.0.1 behind a reverse proxy, say who may under `auth`, or write `auth: none` to let everybody in";
  return [{ place: placeAt(written, ["web", "listen"]), text }];
}
