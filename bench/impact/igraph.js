/** Talks with python-igraph, Debian's python3-igraph, in a process of its own. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SERVER = fileURLToPath(new URL("./igraph_server.py", import.meta.url));

/** Starts it on a graph; undefined where it is not installed. */
export async function startIgraph(file, nodes) {
  const child = spawn("/usr/bin/python3", [SERVER, file, String(nodes)], { stdio: ["pipe", "pipe", "inherit"] });
  const gone = once(child, "exit").catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // Between questions it keeps nobody waiting: it ends with the run.
  child.unref();
  child.stdin.unref();
  const ask = async (command) => {
    child.stdout.ref();
    child.stdin.write(`${command}\n`);
    const { value, done } = await lines.next();
    child.stdout.unref();
    return done ? undefined : JSON.parse(value);
  };
  child.stdin.on("error", () => {});
  const started = await Promise.race([ask("hello"), gone.then(() => undefined)]);
  if (started === undefined) {
    return undefined;
  }
  const stop = async () => {
    child.ref();
    child.stdin.end();
    await gone;
  };
  return { ask, memory: started.memory, stop };
}
