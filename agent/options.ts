/** What the agent was asked to do, from its arguments and environment. */
import type { BlockList } from "node:net";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Endpoint, endpointOf, isLoopback, listedAddresses } from "./endpoint.ts";
import { credential, type Environment, readGiven, readSecret, tokenOf } from "./given-files.ts";
import type { Server } from "./push.ts";
import type { Level } from "./unit.ts";
import { UsageError } from "./usage.ts";

/** Print or keep one report. */
export interface OnceOptions {
  readonly command: "once";
  readonly host: string;
  readonly interval: number;
  /** File or folder to write to; undefined prints. */
  readonly out: string | undefined;
  readonly print: boolean;
}

/** Send reports until stopped. */
export interface RunOptions {
  readonly command: "run";
  readonly host: string;
  /** Seconds. */
  readonly interval: number;
  readonly server: Server;
  /** Folder for reports that wait and for the count of reports. */
  readonly spool: string;
}

/** Wait for servers that ask. */
export interface ServeOptions {
  readonly command: "serve";
  readonly host: string;
  readonly interval: number;
  readonly listen: Endpoint;
  readonly token: string | undefined;
  /** Certificate and key (PEM). */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** The original's protocol, where it is asked for. */
  readonly original: (Endpoint & { readonly allow: BlockList }) | undefined;
}

/** Copy the agent and write its unit. */
export interface InstallOptions {
  readonly command: "install";
  readonly level: Level;
  /** Below this folder in place of /. */
  readonly root: string;
  readonly dryRun: boolean;
  readonly tokenFile: string | undefined;
  readonly caFile: string | undefined;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  /** Arguments of `run`, without those that name files. */
  readonly run: readonly string[];
}

/** Explain the program. */
export interface TextOptions {
  readonly command: "help" | "version";
}

const OPTIONS = {
  server: { type: "string" },
  "token-file": { type: "string" },
  interval: { type: "string" },
  host: { type: "string" },
  spool: { type: "string" },
  "ca-file": { type: "string" },
  "allow-http": { type: "boolean" },
  out: { type: "string" },
  listen: { type: "string" },
  "cert-file": { type: "string" },
  "key-file": { type: "string" },
  original: { type: "string" },
  allow: { type: "string" },
  level: { type: "string" },
  root: { type: "string" },
  "dry-run": { type: "boolean" },
  print: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const;

type Values = ReturnType<typeof parse>["values"];

/** What each command takes beside --host and --interval. */
const TAKES: Readonly<Record<string, readonly (keyof Values)[]>> = {
  once: ["out", "print"],
  run: ["server", "token-file", "ca-file", "cert-file", "key-file", "spool", "allow-http"],
  serve: ["listen", "token-file", "cert-file", "key-file", "allow-http", "original", "allow"],
  install: ["server", "token-file", "ca-file", "cert-file", "key-file", "allow-http", "level", "root", "dry-run"],
};

/** What the program was asked to do. */
export type Options = OnceOptions | RunOptions | ServeOptions | InstallOptions | TextOptions;

/** Reads arguments; throws UsageError. Secrets come from files and the environment only, never from arguments. */
export function readOptions(argv: readonly string[], env: Environment): Options {
  const { values, positionals } = parse(argv);
  if (values.help === true || values.version === true) {
    return { command: values.help === true ? "help" : "version" };
  }
  const [command, extra] = positionals;
  if (extra !== undefined) {
    throw new UsageError(`"${extra}" is one argument too many`);
  }
  const common = { host: hostOf(values.host ?? hostname()), interval: intervalOf(values.interval) };
  refuseOthers(command, values);
  switch (command) {
    case "once":
      return { command, ...common, out: values.out, print: values.print === true || values.out === undefined };
    case "run":
      return { command, ...common, server: serverOf(values, env), spool: values.spool ?? stateFolder(env) };
    case "serve":
      return { command, ...common, ...servingOf(values, env) };
    case "install":
      return { command, ...installationOf(values, env) };
    default:
      throw new UsageError(
        command === undefined
          ? "say once, run, serve or install"
          : `"${command}" is no command; there are once, run, serve and install`,
      );
  }
}

/** An option of another command is a mistake, and never silently without effect. */
function refuseOthers(command: string | undefined, values: Values): void {
  const takes = TAKES[command ?? ""];
  const given = (Object.keys(values) as (keyof Values)[]).find(
    (name) => takes !== undefined && name !== "host" && name !== "interval" && !takes.includes(name),
  );
  if (given !== undefined) {
    const others = Object.keys(TAKES).filter((other) => TAKES[other]?.includes(given));
    throw new UsageError(`--${given} belongs to "dotm-agent ${others.join(" or ")}"`);
  }
}

function servingOf(values: Values, env: Environment): Omit<ServeOptions, "command" | "host" | "interval"> {
  const listen = endpointOf("--listen", values.listen ?? "127.0.0.1:4849");
  const token = tokenOf(values["token-file"], env);
  const tls = ownCertificate(values, env);
  if (token === undefined && !isLoopback(listen.address)) {
    throw new UsageError(`at ${listen.address} everybody could read the report; add --token-file`);
  }
  if (tls === undefined && !isLoopback(listen.address) && values["allow-http"] !== true) {
    throw new UsageError("the token would travel unencrypted; add --cert-file and --key-file, or --allow-http");
  }
  return { listen, token, tls, original: originalOf(values) };
}

/** Certificate and key of this host; the key may be the systemd credential "key". */
function ownCertificate(values: Values, env: Environment): ServeOptions["tls"] {
  const cert = values["cert-file"];
  const key = values["key-file"] ?? (cert === undefined ? undefined : credential("key", env));
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError("--cert-file and --key-file belong together");
  }
  return cert === undefined || key === undefined
    ? undefined
    : { cert: readGiven("--cert-file", cert), key: readSecret("--key-file", key) };
}

function originalOf({ original, allow }: Values): ServeOptions["original"] {
  if (original === undefined) {
    if (allow !== undefined) {
      throw new UsageError("--allow says who may ask by --original, which is not given");
    }
    return undefined;
  }
  const endpoint = endpointOf("--original", original);
  if (allow === undefined && !isLoopback(endpoint.address)) {
    throw new UsageError("the original's protocol knows no password; say with --allow which addresses may ask");
  }
  return { ...endpoint, allow: listedAddresses("--allow", allow ?? "127.0.0.0/8,::1") };
}

function installationOf(values: Values, env: Environment): Omit<InstallOptions, "command"> {
  const level = Number(values.level ?? "1");
  if (level !== 0 && level !== 1 && level !== 2) {
    throw new UsageError(`--level ${values.level}: there are 0, 1 and 2`);
  }
  // Checked now, where somebody reads it, and not in the log of the unit.
  const { url } = serverOf(values, env);
  const run = ["--server", url.href];
  for (const name of ["host", "interval"] as const) {
    const value = values[name];
    run.push(...(value === undefined ? [] : [`--${name}`, value]));
  }
  run.push(...(values["allow-http"] === true ? ["--allow-http"] : []));
  return {
    level,
    root: values.root ?? "/",
    dryRun: values["dry-run"] === true,
    tokenFile: values["token-file"],
    caFile: values["ca-file"],
    certFile: values["cert-file"],
    keyFile: values["key-file"],
    run,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** The server refuses other names, so they are better refused here, where somebody reads it. */
function hostOf(name: string): string {
  if (name === "" || name.length > 255 || /^-|::|[/\p{Cc}]/u.test(name)) {
    throw new UsageError(`"${name}" cannot be the name of a host; give the one the monitoring uses with --host`);
  }
  return name;
}

function intervalOf(text = "60"): number {
  const seconds = Number(text);
  if (!(seconds >= 5 && seconds <= 3600)) {
    throw new UsageError(`--interval ${text}: give seconds from 5 to 3600`);
  }
  return seconds;
}

function serverOf(values: Values, env: Environment): Server {
  const url = serverUrl(values.server ?? env["DOTM_AGENT_SERVER"] ?? "");
  const token = tokenOf(values["token-file"], env);
  if (token !== undefined && url.protocol === "http:" && !isLoopback(url.hostname) && values["allow-http"] !== true) {
    throw new UsageError(`${url.origin} would carry the token unencrypted; use https, or add --allow-http`);
  }
  const own = ownCertificate(values, env);
  if (own !== undefined && url.protocol !== "https:") {
    throw new UsageError("a certificate is shown over TLS only; write --server https://…");
  }
  const caFile = values["ca-file"];
  return { url, token, ca: caFile === undefined ? undefined : readGiven("--ca-file", caFile), own };
}

function serverUrl(text: string): URL {
  if (text === "") {
    throw new UsageError("no server given; say where DOTM runs, e.g. --server https://dotm.example.net:4881");
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--server ${text} is no address; write it like https://dotm.example.net:4881`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("--server holds a password; give the token with --token-file instead");
  }
  return url;
}

function stateFolder(env: Environment): string {
  // systemd separates several folders by colons; the first one is ours.
  const given = env["STATE_DIRECTORY"]?.split(":")[0];
  return given || join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "dotm-agent");
}
