/** Finds programs that can carry a private store: a Redis or Valkey server, and the tools that bind it to our life. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { DotmError } from "../errors.ts";

/** Servers looked for on the PATH, best first. */
export const SERVER_PROGRAMS = ["redis-server", "valkey-server"] as const;

/** One of them. */
export type ServerProgram = (typeof SERVER_PROGRAMS)[number];

/**
 * Runs a program and resolves to its output, or to undefined where it is missing or fails. Rejects where it is there and says
 * nothing in time: another store in its place would begin empty, while all that is known lies in this one's.
 */
export type Probe = (program: string, args: readonly string[]) => Promise<string | undefined>;

/** What was found: a program to start, or why there is none. */
export type FoundServer =
  | { readonly program: ServerProgram; readonly version: string }
  | { readonly program: undefined; readonly why: string };

/** Milliseconds a probed program may take. */
const PROBE_TIMEOUT = 5_000;

/** Runs programs of the PATH; `patience` in milliseconds. */
export function probing(patience = PROBE_TIMEOUT): Probe {
  return async (program, args) => {
    try {
      const { stdout } = await promisify(execFile)(program, [...args], { timeout: patience });
      return stdout;
    } catch (error) {
      if (error instanceof Error && "killed" in error && error.killed === true) {
        const message = `${program} is there, but did not even say its version within ${patience / 1_000} s.`;
        throw new DotmError("DOTM_STORE_FAILED", message, "Start DOTM again once the machine has time for it.");
      }
      return undefined;
    }
  };
}

/** Looks for a server that can be started as our child: 6.2 or newer, with `flock` and `setpriv` beside it. */
export async function findServer(probe: Probe): Promise<FoundServer> {
  for (const program of SERVER_PROGRAMS) {
    const version = /\bv=(\d+\.\d+[\d.]*)/.exec((await probe(program, ["--version"])) ?? "")?.[1];
    if (version === undefined) {
      continue;
    }
    if (!isRecent(version)) {
      return { program: undefined, why: `${program} ${version} is older than 6.2` };
    }
    const missing = await missingTool(probe);
    return missing === undefined
      ? { program, version }
      : { program: undefined, why: `${program} ${version} is there, but ${missing} (util-linux) is not` };
  }
  return { program: undefined, why: "neither redis-server nor valkey-server is on the PATH" };
}

/** Both tools exist elsewhere with fewer options, so each is asked for the ones needed. */
async function missingTool(probe: Probe): Promise<string | undefined> {
  if ((await probe("flock", ["--help"]))?.includes("--no-fork") !== true) {
    return "flock --no-fork";
  }
  return (await probe("setpriv", ["--pdeathsig", "TERM", "true"])) === undefined ? "setpriv --pdeathsig" : undefined;
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 6 || (major === 6 && minor >= 2);
}
