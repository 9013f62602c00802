/** Asks a host over the system's `ssh`: no password is typed, no unknown key is accepted, one fixed command is run. */
import { spawn } from "node:child_process";
import { timeLimit } from "../../agent/time-limit.ts";
import type { PullConfig } from "../config/config-value.ts";
import { FetchFault, MAX_ANSWER } from "./fetch-fault.ts";

/**
 * Run through `sh`, as nobody knows the login shell. Old hosts have no `ss`. Nothing of it comes from elsewhere. With
 * `restrict,command="…"` in authorized_keys the host may run the same by itself, whatever is asked.
 */
const COMMAND =
  "exec sh -c '" +
  'export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"; echo "hostname=$(hostname)"; ' +
  "{ ss -tunapH && ss -xpH; } 2>/dev/null || netstat -antp 2>/dev/null; ip addr" +
  "'";

/** How ssh is run. */
export interface SshRun {
  readonly user: string;
  /** Milliseconds in all. */
  readonly total: number;
  /** `ssh` of the PATH where absent. */
  readonly program?: string;
}

type SshPull = Extract<PullConfig, { type: "ssh" }>;

/** Arguments of ssh; the address stands behind `--`, so that it can be nothing else. */
export function sshArguments({ address, port, identityFile, knownHostsFile }: SshPull, user: string): string[] {
  const options = [
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    "ConnectTimeout=10",
    "ServerAliveInterval=5",
    "ClearAllForwardings=yes",
    "LogLevel=ERROR",
    ...(knownHostsFile === null ? [] : [`UserKnownHostsFile=${sshPath(knownHostsFile)}`, "GlobalKnownHostsFile=none"]),
    ...(identityFile === null ? [] : [`IdentityFile=${sshPath(identityFile)}`, "IdentitiesOnly=yes"]),
  ];
  return ["-T", "-p", String(port), "-l", user, ...options.flatMap((option) => ["-o", option]), "--", address, COMMAND];
}

/** Rejects with FetchFault. What a login says before the text is left out. */
export async function fetchSsh(
  pull: SshPull,
  { user, total, program = "ssh" }: SshRun,
  signal: AbortSignal,
): Promise<Buffer> {
  const limit = timeLimit(signal, total);
  const child = spawn(program, sshArguments(pull, user), {
    stdio: ["ignore", "pipe", "pipe"],
    signal: limit,
    killSignal: "SIGKILL",
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  // Looked at only after both outputs have ended.
  ended.catch(() => undefined);
  // Both at once: what one of them fails with while the other is waited for would be nobody's.
  const [complaint, text] = await Promise.all([
    collect(child.stderr, 64 * 1024, () => undefined),
    collect(child.stdout, MAX_ANSWER, () => child.kill("SIGKILL")),
  ]);
  const code = await ended.catch((error: NodeJS.ErrnoException) => {
    throw new FetchFault(limit.aborted ? `ssh did not end within ${total / 1000} s` : `cannot run ssh: ${error.code}`);
  });
  const marker = text.search(/^hostname=/m);
  if (marker < 0) {
    throw new FetchFault(`ssh: ${reasonOf(complaint, code)}`);
  }
  return Buffer.from(text.slice(marker));
}

/** The text of a stream, empty where there was no descriptor left for one; `over` is called once where it is longer than `most`, and the rest left out. */
async function collect(stream: NodeJS.ReadableStream | undefined, most: number, over: () => void): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of (stream ?? []) as AsyncIterable<Buffer>) {
    if (length <= most) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) {
        over();
      }
    }
  }
  return Buffer.concat(chunks).subarray(0, most).toString("utf8");
}

/** The last line ssh complained with; a changed host key has a picture of noise around it. */
function reasonOf(complaint: string, code: number | null): string {
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(complaint)) {
    return "the host's key has changed: somebody may listen in. Compare it, then remove the old one: ssh-keygen -R HOST";
  }
  const last = complaint.trim().split("\n").at(-1)?.trim();
  return last === undefined || last === "" ? `ended with code ${code} and said nothing` : last;
}

/** ssh reads options as words: quotes keep blanks, and `%` would be replaced. */
function sshPath(path: string): string {
  return `"${path.replaceAll("%", "%%")}"`;
}
