/** A Redis between which and DOTM one fault follows the other, by chance. */
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { type Fault, FaultProxy } from "./fault-proxy.ts";
import { between, oneOf, type Random } from "./random.ts";
import { nodeClient, type RedisNode, startNode } from "./redis-servers.ts";

/** Begins a fault; returns how it ends. */
type Begin = (redis: DisturbedRedis, random: Random) => Promise<() => Promise<unknown>>;

const FAULTS: Readonly<Record<string, Begin>> = {
  dropped: onTheWay(() => ({ kind: "drop" })),
  silent: onTheWay(() => ({ kind: "silence" })),
  cut: onTheWay((random) => ({ kind: "cut", bytes: between(random, 1, 5_000) })),
  late: onTheWay((random) => ({ kind: "delay", milliseconds: between(random, 50, 1_500) })),
  dripping: onTheWay((random) => ({ kind: "drip", bytes: between(random, 1, 200) })),
  stopped: async ({ node }) => {
    node.process.kill("SIGSTOP");
    return async () => node.process.kill("SIGCONT");
  },
  "killed and started again": async (redis) => {
    await redis.node.process.stop("SIGKILL");
    return () => redis.startAgain();
  },
  "its clients killed": told(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"], ["PING"]),
  // Who would end it is paused, too.
  paused: told(["CLIENT", "PAUSE", "1500", "ALL"], ["PING"]),
  full: told(["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"]),
  alone: told(["CONFIG", "SET", "min-replicas-to-write", "1"], ["CONFIG", "SET", "min-replicas-to-write", "0"]),
  "a replica without a master": told(["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"]),
  "closed to who reads": told(["ACL", "SETUSER", "default", "-@read"], ["ACL", "SETUSER", "default", "+@all"]),
  "closed to who writes": told(["ACL", "SETUSER", "default", "-@write"], ["ACL", "SETUSER", "default", "+@all"]),
};

/** The server and the proxy before it. */
export class DisturbedRedis {
  node: RedisNode;
  readonly proxy: FaultProxy;
  private readonly folder: string;
  private direct: Redis;

  private constructor(folder: string, node: RedisNode, proxy: FaultProxy) {
    this.folder = folder;
    this.node = node;
    this.proxy = proxy;
    this.direct = nodeClient(node.port);
  }

  /** Starts both; what the server keeps is in `folder` and survives it. */
  static async start(folder: string): Promise<DisturbedRedis> {
    const node = await startNode(folder, ["appendonly yes"]);
    return new DisturbedRedis(folder, node, await FaultProxy.start(node.port));
  }

  /** Lets one fault follow the other until the time is over, then all is well again. Returns what there was. */
  async disturb(random: Random, milliseconds: number): Promise<string[]> {
    const end = performance.now() + milliseconds;
    const names: string[] = [];
    while (performance.now() < end) {
      // Whatever chance brings later, this one is noticed.
      const name = names.length === 0 ? "dropped" : oneOf(random, Object.keys(FAULTS));
      names.push(name);
      const over = await FAULTS[name]?.(this, random);
      await delay(between(random, 500, 2_500));
      await over?.();
      await delay(between(random, 0, 600));
    }
    return names;
  }

  async tell([command = "", ...words]: readonly string[]): Promise<void> {
    await this.direct.call(command, words);
  }

  async startAgain(): Promise<void> {
    this.direct.disconnect();
    this.node = await startNode(this.folder, ["appendonly yes"], this.node.port);
    this.direct = nodeClient(this.node.port);
  }

  async stop(): Promise<void> {
    this.direct.disconnect();
    await this.proxy.stop();
    await this.node.process.stop("SIGKILL");
  }
}

function onTheWay(faultOf: (random: Random) => Fault): Begin {
  return async ({ proxy }, random) => {
    proxy.set(faultOf(random));
    return async () => proxy.set({ kind: "none" });
  };
}

function told(begin: readonly string[], end: readonly string[]): Begin {
  return async (redis) => {
    await redis.tell(begin);
    return () => redis.tell(end);
  };
}
