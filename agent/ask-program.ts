/** Programs of the system that list what /proc does not show. */
import { execFile } from "node:child_process";

const TIME_LIMIT_MS = 5_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

/** What a program prints; undefined where it is missing, fails or does not answer in time. */
export function askProgram([program = "", ...args]: readonly string[]): Promise<string | undefined> {
  const options = {
    timeout: TIME_LIMIT_MS,
    killSignal: "SIGKILL",
    maxBuffer: MAX_OUTPUT,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin", LC_ALL: "C" },
  } as const;
  return new Promise((resolve) => {
    execFile(program, args, options, (error, output) => resolve(error === null ? output : undefined));
  });
}
