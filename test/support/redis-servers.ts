/** Real Redis servers on ports of loopback: one alone, one behind sentinels, a cluster. They end with the test file. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { eventually, freePort, startProgram, type TestProcess } from "./process.ts";
import { findProgram } from "./real.ts";

/** One server. */
export interface RedisNode {
  readonly port: number;
  readonly process: TestProcess;
}

/** Starts a server that keeps its files in a folder of `folder`; `lines` are of redis.conf. */
export async function startNode(
  folder: string,
  lines: readonly string[] = [],
  port?: number,
  program: "redis-server" | "redis-sentinel" = "redis-server",
): Promise<RedisNode> {
  const own = port ?? (await freePort());
  const home = join(folder, `${own}`);
  await mkdir(home, { recursive: true });
  // Sentinels write what they learn into their configuration.
  const file = join(home, "redis.conf");
  const always = [`port ${own}`, "bind 127.0.0.1", `dir ${home}`];
  const server = program === "redis-server" ? ['save ""', "appendonly no", "repl-diskless-sync-delay 0"] : [];
  await writeFile(file, `${[...always, ...server, ...lines].join("\n")}\n`);
  const process = startProgram(findProgram(program) ?? program, [file], { daemon: true });
  await process.waitFor(program === "redis-server" ? /eady to accept connections/ : /Sentinel ID is/);
  return { port: own, process };
}

/** A plain connection to a node, which may be away; to be disconnected by whoever made it. */
export function nodeClient(port: number): Redis {
  const client = new Redis({ host: "127.0.0.1", port, retryStrategy: () => 100, maxRetriesPerRequest: 0 });
  client.on("error", () => {
    // tests take nodes away
  });
  return client;
}

/** Asks a node one thing over a connection of its own. */
export async function ask(port: number, command: string, ...args: string[]): Promise<unknown> {
  const client = nodeClient(port);
  try {
    return await client.call(command, args);
  } finally {
    client.disconnect();
  }
}

/** What the sentinels call their master. */
export const MASTER_NAME = "dotm-test";

/** A master with two replicas, and the three sentinels that watch it. */
export interface SentinelSet {
  readonly nodes: readonly RedisNode[];
  readonly sentinels: readonly RedisNode[];
  readonly url: string;
  /** The port of the master as the sentinels name it now. */
  master(): Promise<number>;
}

/** Starts them and waits until every sentinel knows all others and both replicas. */
export async function startSentinelSet(folder: string): Promise<SentinelSet> {
  const master = await startNode(folder);
  const replicaOf = [`replicaof 127.0.0.1 ${master.port}`];
  const replicas = [await startNode(folder, replicaOf), await startNode(folder, replicaOf)];
  const monitor = [
    `sentinel monitor ${MASTER_NAME} 127.0.0.1 ${master.port} 2`,
    `sentinel down-after-milliseconds ${MASTER_NAME} 1000`,
    `sentinel failover-timeout ${MASTER_NAME} 6000`,
  ];
  const sentinels: RedisNode[] = [];
  for (let count = 0; count < 3; count += 1) {
    sentinels.push(await startNode(folder, monitor, undefined, "redis-sentinel"));
  }
  for (const { port } of sentinels) {
    await eventually("a sentinel that knows everybody", async () => {
      const told = (await ask(port, "SENTINEL", "MASTER", MASTER_NAME)) as string[];
      const fact = (name: string) => told[told.indexOf(name) + 1];
      return fact("num-slaves") === "2" && fact("num-other-sentinels") === "2" ? true : undefined;
    });
  }
  return {
    nodes: [master, ...replicas],
    sentinels,
    url: `redis-sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",")}/${MASTER_NAME}`,
    master: async () => {
      const told = await ask(sentinels[0]?.port ?? 0, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME);
      return Number((told as string[])[1]);
    },
  };
}

/** A cluster. */
export interface RedisCluster {
  readonly nodes: readonly RedisNode[];
  readonly url: string;
  /** Ports and ids of the masters that serve slots now, by any node that answers. */
  masters(): Promise<{ readonly port: number; readonly id: string }[]>;
}

/** Starts masters, and as many replicas of each, by `redis-cli --cluster create`. */
export async function startRedisCluster(folder: string, masters: number, replicas = 0): Promise<RedisCluster> {
  const nodes: RedisNode[] = [];
  for (let count = 0; count < masters * (1 + replicas); count += 1) {
    const bus = `cluster-port ${await freePort()}`;
    const lines = ["cluster-enabled yes", "cluster-node-timeout 1500", "cluster-replica-validity-factor 0", bus];
    nodes.push(await startNode(folder, lines));
  }
  const places = nodes.map(({ port }) => `127.0.0.1:${port}`);
  await redisCli(["--cluster", "create", ...places, "--cluster-replicas", `${replicas}`, "--cluster-yes"]);
  for (const { port } of nodes) {
    await eventually("a node for which the cluster is well", async () => {
      const info = String(await ask(port, "CLUSTER", "INFO"));
      return info.includes("cluster_state:ok") && info.includes(`cluster_known_nodes:${nodes.length}`)
        ? true
        : undefined;
    });
  }
  return { nodes, url: `redis-cluster://${places.join(",")}`, masters: () => mastersOf(nodes) };
}

/** Runs `redis-cli` to its end. @throws where it fails, with what it said */
export async function redisCli(args: readonly string[]): Promise<string> {
  const child = startProgram(findProgram("redis-cli") ?? "redis-cli", args);
  const { code } = await child.ended;
  if (code !== 0) {
    throw new Error(`redis-cli ${args.join(" ")} ended with ${code}: ${child.stdout.slice(-2_000)} ${child.stderr}`);
  }
  return child.stdout;
}

async function mastersOf(nodes: readonly RedisNode[]): Promise<{ port: number; id: string }[]> {
  for (const { port } of nodes) {
    const text = await ask(port, "CLUSTER", "NODES").catch(() => "");
    const found = String(text)
      .split("\n")
      .map((line) => line.split(" "))
      .filter(([, , flags = "", , , , , , ...slots]) => /\bmaster\b(?!.*fail)/.test(flags) && slots.length > 0)
      .map(([id = "", place = ""]) => ({ id, port: Number(/:(\d+)@/.exec(place)?.[1]) }));
    if (found.length > 0) {
      return found;
    }
  }
  throw new Error("no node of the cluster answers");
}
