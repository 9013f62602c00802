/** What the agent was asked to do, from its arguments and environment. */
import { readFileSync, statSync } from "node:fs";
import { homedir, hostname } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Server } from "./push.ts";

/** A mistake in how the program was called; the message says what is wrong and what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

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

/** Explain the program. */
export interface TextOptions {
  readonly command: "help" | "version";
}

/** Environment variables, by name. */
export type Environment = Readonly<Partial<Record<string, string>>>;

/** How the program is used. */
export const USAGE = `usage: dotm-agent once [--print] [--out FILE|DIR] [--host NAME]
       dotm-agent run --server URL [--token-file FILE] [--interval SECONDS] [--host NAME] [--spool DIR] [--ca-file FILE]

once   look at the sockets of this machine and print the report that would be sent
run    send a report every interval; while the server is away reports wait in the spool

  --server URL        address of the DOTM server, e.g. https://dotm.example.net:4881 (or DOTM_AGENT_SERVER)
  --token-file FILE   file with the token of this host (or DOTM_AGENT_TOKEN, or the systemd credential "token")
  --interval SECONDS  time between two reports, 5 to 3600, default 60
  --host NAME         name of this machine in the monitoring, default its host name
  --spool DIR         folder for waiting reports, default $STATE_DIRECTORY or ~/.local/state/dotm-agent
  --ca-file FILE      certificates to trust for the server (PEM)
  --allow-http        send the token over plain HTTP to another machine: everyone on the way can read it
  --out FILE|DIR      write the report to a file, or to a new file in a folder
  --print             print the report too when --out is given
  --help, --version`;

const OPTIONS = {
  server: { type: "string" },
  "token-file": { type: "string" },
  interval: { type: "string" },
  host: { type: "string" },
  spool: { type: "string" },
  "ca-file": { type: "string" },
  "allow-http": { type: "boolean" },
  out: { type: "string" },
  print: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "V" },
} as const;

type Values = ReturnType<typeof parse>["values"];

/** Reads arguments; throws UsageError. Secrets come from files and the environment only, never from arguments. */
export function readOptions(argv: readonly string[], env: Environment): OnceOptions | RunOptions | TextOptions {
  const { values, positionals } = parse(argv);
  if (values.help === true || values.version === true) {
    return { command: values.help === true ? "help" : "version" };
  }
  const [command, extra] = positionals;
  if (extra !== undefined) {
    throw new UsageError(`"${extra}" is one argument too many`);
  }
  const common = { host: hostOf(values.host ?? hostname()), interval: intervalOf(values.interval) };
  if (command === "once") {
    refuse(values, ["server", "token-file", "ca-file", "spool", "allow-http"], "run");
    return { command, ...common, out: values.out, print: values.print === true || values.out === undefined };
  }
  if (command === "run") {
    refuse(values, ["out", "print"], "once");
    return { command, ...common, server: serverOf(values, env), spool: values.spool ?? stateFolder(env) };
  }
  throw new UsageError(
    command === undefined ? "say once or run" : `"${command}" is no command; there are once and run`,
  );
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function refuse(values: Values, names: readonly (keyof Values)[], command: string): void {
  const given = names.find((name) => values[name] !== undefined);
  if (given !== undefined) {
    throw new UsageError(`--${given} belongs to "dotm-agent ${command}"`);
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
  const text = values.server ?? env["DOTM_AGENT_SERVER"];
  if (text === undefined || text === "") {
    throw new UsageError("no server given; say where DOTM runs, e.g. --server https://dotm.example.net:4881");
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`--server ${text} is no address; write it like https://dotm.example.net:4881`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new UsageError("--server holds a password; give the token with --token-file instead");
  }
  const token = tokenOf(values["token-file"], env);
  if (token !== undefined && url.protocol === "http:" && !isLoopback(url.hostname) && values["allow-http"] !== true) {
    throw new UsageError(`${url.origin} would carry the token unencrypted; use https, or add --allow-http`);
  }
  const caFile = values["ca-file"];
  return { url, token, ca: caFile === undefined ? undefined : readGiven("--ca-file", caFile) };
}

function tokenOf(file: string | undefined, env: Environment): string | undefined {
  const credential =
    env["CREDENTIALS_DIRECTORY"] === undefined ? undefined : join(env["CREDENTIALS_DIRECTORY"], "token");
  const path = file ?? (credential !== undefined && exists(credential) ? credential : undefined);
  const token = (path === undefined ? env["DOTM_AGENT_TOKEN"] : readSecret(path))?.trim();
  if (path !== undefined && token === "") {
    throw new UsageError(`--token-file ${path} is empty; write the token of this host into it`);
  }
  // Anything else could break out of the header it is sent in.
  if (token !== undefined && !/^[\x21-\x7e]*$/.test(token)) {
    throw new UsageError("the token holds blanks or other characters that no token has; copy it again");
  }
  return token === "" ? undefined : token;
}

function readSecret(path: string): string {
  const text = readGiven("--token-file", path);
  if ((statSync(path).mode & 0o004) !== 0) {
    throw new UsageError(`--token-file ${path} can be read by everyone; run chmod 600 ${path}`);
  }
  return text;
}

function readGiven(option: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${option} ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(name);
}

function stateFolder(env: Environment): string {
  // systemd separates several folders by colons; the first one is ours.
  const given = env["STATE_DIRECTORY"]?.split(":")[0];
  return given || join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), "dotm-agent");
}
