/** Times whole processes, from start to end, as a person at a shell would wait for them. */
import { spawn } from "node:child_process";

/**
 * Milliseconds a program needs with its output thrown away; undefined where it is not installed.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number | undefined>}
 */
export function milliseconds(program, args, env = process.env) {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"], env });
    child.once("error", (error) => (error.code === "ENOENT" ? resolve(undefined) : reject(error)));
    child.once("exit", (code) => {
      const took = performance.now() - begun;
      return code === 0 ? resolve(took) : reject(new Error(`${program} ${args.join(" ")} ended with ${code}`));
    });
  });
}
