/** A crowd of connected processes in a network namespace of its own, for rows that measure who lists its sockets. */
import { execFile, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const CROWD = fileURLToPath(new URL("../test/support/socket-crowd.js", import.meta.url));
const READER = fileURLToPath(new URL("./agent-reader.js", import.meta.url));
const PAIRS = 25;

/** Starts 25 servers and 25 clients that share so many sockets. `enter` are the words that run a command beside them. */
export async function startCrowd(sockets) {
  const script = `ip link set lo up && exec "${process.execPath}" "${CROWD}" ${PAIRS} ${sockets / 2 / PAIRS}`;
  const child = spawn("unshare", ["--net", "sh", "-c", script], { stdio: ["ignore", "pipe", "inherit"] });
  await printed(child, "ready");
  return { enter: ["nsenter", `--net=/proc/${child.pid}/ns/net`, "--"], stop: () => ended(child) };
}

/** The agent's own functions in a process of their own; `ask` sends a message and gives the answer. */
export function startReader(enter, env = process.env) {
  const [program, ...before] = enter;
  const options = { stdio: ["ignore", "ignore", "inherit", "ipc"], env };
  const child =
    program === undefined ? fork(READER, options) : spawn(program, [...before, process.execPath, READER], options);
  return {
    pid: child.pid,
    async ask(message) {
      const over = new AbortController();
      const { signal } = over;
      child.send(message);
      try {
        const [answer] = await Promise.race([
          once(child, "message", { signal }),
          once(child, "exit", { signal }).then(() => Promise.reject(new Error("the reader ended"))),
        ]);
        return answer;
      } finally {
        over.abort();
      }
    },
    stop: () => ended(child),
  };
}

/** Milliseconds of processor time of a command with its output thrown away; undefined where it is not installed. */
export function processorMilliseconds(command) {
  const script = `command -v "$1" > /dev/null || exit 42; shift 0; "$@" > /dev/null; times`;
  return new Promise((resolve, reject) => {
    execFile("bash", ["-c", script, "bash", ...command], (error, output) => {
      if (error?.code === 42) {
        resolve(undefined);
      } else if (error === null) {
        // The last line of `times` is of the children: user and system, as 0m1.234s.
        const spent = output.trim().split("\n").at(-1).split(" ").map(secondsOf);
        resolve((spent[0] + spent[1]) * 1000);
      } else {
        reject(error);
      }
    });
  });
}

function secondsOf(text) {
  const [, minutes, seconds] = /(\d+)m([\d.]+)s/.exec(text);
  return Number(minutes) * 60 + Number(seconds);
}

/** Resolves when a child has printed a line that begins so, with that line. */
export async function printed(child, beginning) {
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith(beginning)) {
      child.stdout.resume();
      return line;
    }
  }
  throw new Error(`it ended before it printed ${beginning}`);
}

/** Ends a child by SIGTERM and waits. */
export async function ended(child) {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill();
    await once(child, "exit");
  }
}
