/** NSCA, through the program `send_nsca`, which knows the ciphers. */
import { type ChildProcess, spawn } from "node:child_process";
import { nscaLine, type PassiveResult } from "../../nagios/passive-result.ts";
import { DotmError, messageOf } from "../errors.ts";
import type { Sent, Target } from "./target.ts";

/** What sending there needs. */
export interface NscaOptions {
  readonly name: string;
  /** The program. */
  readonly command: string;
  readonly host: string;
  readonly port: number;
  /** Its configuration, which holds password and cipher; null: its own default. */
  readonly configFile: string | null;
}

/** What ends an entry since version 2.9; a line feed would be part of its output. */
const END = "\u0017";

/** Characters of what the program says that are told on. */
const MOST_SAID = 300;

/** Runs the program for each sending. */
export function nsca(options: NscaOptions): Target<PassiveResult> {
  return { name: options.name, atOnce: 200, send: (results, signal) => send(options, results, signal) };
}

async function send(options: NscaOptions, results: readonly PassiveResult[], signal: AbortSignal): Promise<Sent> {
  const lines = results.map(nscaLine);
  const refused = lines.filter((line) => line === undefined).length;
  const taken = lines.filter((line) => line !== undefined);
  await run(options, Buffer.from(`${taken.join(END)}\n`), signal);
  return refused === 0 ? { refused } : { refused, reason: "a name cannot stand in a line of NSCA" };
}

function run({ command, host, port, configFile }: NscaOptions, lines: Buffer, signal: AbortSignal): Promise<void> {
  const config = configFile === null ? [] : ["-c", configFile];
  const args = ["-H", host, "-p", `${port}`, ...config];
  return new Promise((resolve, reject) => {
    const child: ChildProcess = spawn(command, args, {
      stdio: ["pipe", "pipe", "pipe"],
      signal,
      killSignal: "SIGKILL",
    });
    let said = "";
    const listen = (text: string) => {
      said = `${said}${text}`.slice(-MOST_SAID);
    };
    child.on("error", (error) => reject(failed(command, messageOf(error))));
    child.on("close", (code) => (code === 0 ? resolve() : reject(failed(command, said.trim() || `exit ${code}`))));
    // Where no file descriptor is left there are neither pipes nor a child.
    child.stdout?.setEncoding("utf8").on("data", listen);
    child.stderr?.setEncoding("utf8").on("data", listen);
    // One that ends before it has read all says why by itself.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(lines);
  });
}

function failed(command: string, reason: string): DotmError {
  const next =
    "Try it by hand, and look at config_file: password and encryption_method must be those of the NSCA daemon.";
  return new DotmError("DOTM_NOTIFY_FAILED", `${command} failed (${reason.replace(/\s+/g, " ")}).`, next);
}
