/** Requests a second that a server answers, by wrk; and bare servers to compare with. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SECONDS = 4;
const CONNECTIONS = 32;

/** Requests a second; undefined where wrk is not installed. */
export async function perSecond(url, header) {
  const args = ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, ...(header === undefined ? [] : ["-H", header]), url];
  const child = spawn("wrk", args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (part) => {
    text += part;
  });
  const ended = await Promise.race([once(child, "close"), once(child, "error").then(() => undefined)]);
  if (ended === undefined) {
    return undefined;
  }
  const failed = /Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1];
  if (failed !== undefined) {
    throw new Error(`${url}: ${failed} answers were failures`);
  }
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]);
}

/** Starts a bare server of one file. */
export async function startBare(file, type) {
  const program = fileURLToPath(new URL("./bare-server.js", import.meta.url));
  const child = spawn(process.execPath, [program, file, type], { stdio: ["ignore", "pipe", "inherit"] });
  const [url] = await once(createInterface({ input: child.stdout }), "line");
  const stop = async () => {
    child.kill();
    await once(child, "exit");
  };
  return { url, stop };
}

/** Whether a program is there. */
export function isInstalled(program) {
  try {
    execFileSync("which", [program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
