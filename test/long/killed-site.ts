/**
 * Two sites that are killed: one of a process for each role on a redis-server, one of a single daemon with a Redis of its
 * own. Both read the same monitoring.
 */
import { join } from "node:path";
import type { Redis } from "ioredis";
import { locateStore } from "../../src/store/store-location.ts";
import { type DotmProcess, startDotm } from "../support/dotm-process.ts";
import { eventually, freePort, startScript, type TestProcess } from "../support/process.ts";
import { between, type Random } from "../support/random.ts";
import { plainClient } from "../support/redis.ts";
import { ask, nodeClient, startNode } from "../support/redis-servers.ts";
import { RecordingDoor } from "./recording-door.ts";
import { foreignVictim, RestartedVictim, type Victim } from "./victim.ts";

/** A site as whoever feeds it, kills it and looks into it needs it. */
export interface KilledSite {
  readonly name: string;
  readonly victims: readonly Victim[];
  /** Where reports, and where pushed states go. */
  readonly collector: string;
  readonly doors: readonly string[];
  readonly redis: Redis;
  stop(): Promise<void>;
}

/** The name under which the real agent reports. */
export const REAL_HOST = "real-agent";
/** Milliseconds between the end of a process and its next start, at most. */
const LONGEST_PAUSE = 1_000;
/** Milliseconds that a start may take where many processes are started beside. */
const PATIENCE = 60_000;
/** Seconds between two reports of the real agent. */
const AGENT_INTERVAL = 5;
const ROLES = ["engine", "engine", "collector", "worker", "web"] as const;

/** A process for each role, and a real agent that reports through a door that remembers. */
export async function startTeam(
  folder: string,
  source: string,
  random: Random,
): Promise<KilledSite & { readonly door: RecordingDoor }> {
  const pause = () => between(random, 0, LONGEST_PAUSE);
  const redisPort = await freePort();
  const redis = await RestartedVictim.start(
    "redis",
    async () => (await startNode(folder, ["appendonly yes"], redisPort)).process,
    pause,
  );
  const store = { url: `redis://127.0.0.1:${redisPort}` };
  const ports = await Promise.all(ROLES.map(() => freePort()));
  const members: RestartedVictim<TestProcess>[] = [];
  for (const [at, roles] of ROLES.entries()) {
    const name = `${roles}${at}`;
    const start = () =>
      patiently(
        async () =>
          (
            await startDotm({
              name,
              roles,
              folder,
              store,
              port: ports[at] ?? 0,
              config: configOf(source),
              patience: PATIENCE,
            })
          ).process,
      );
    members.push(await RestartedVictim.start(name, start, pause));
  }
  const urlOf = (at: number) => `http://127.0.0.1:${ports[at]}/`;
  const door = await RecordingDoor.start(urlOf(2));
  const agent = await RestartedVictim.start("agent", async () => startAgent(folder, door.url), pause);
  const client = nodeClient(redisPort);
  await eventually("an engine leads", async () => (await ask(redisPort, "EXISTS", "dotm::marker")) === 1 || undefined);
  return {
    name: "team",
    ...{ victims: [...members, redis, agent], collector: urlOf(2), doors: ROLES.map((_, at) => urlOf(at)) },
    ...{ redis: client, door },
    stop: async () => {
      client.disconnect();
      await agent.process.stop("SIGTERM", 20_000);
      door.stop();
      await Promise.all(members.map(({ process }) => process.stop("SIGTERM", 30_000)));
      await redis.process.stop("SIGKILL");
    },
  };
}

/** One daemon, and the Redis that it starts itself. */
export async function startAlone(folder: string, source: string, random: Random): Promise<KilledSite> {
  const port = await freePort();
  const name = "alone";
  const start = () =>
    patiently(() =>
      startDotm({
        name,
        roles: "engine,collector,worker,web",
        folder,
        store: "own",
        port,
        config: configOf(source),
        patience: PATIENCE,
      }),
    ).then(({ process }: DotmProcess) => process);
  const daemon = await RestartedVictim.start("daemon", start, () => between(random, 0, LONGEST_PAUSE));
  const location = await locateStore(join(folder, name));
  const client = await plainClient(location?.options ?? {});
  const pid = async () => {
    const server = await client.info("server").catch((cause: unknown) => {
      throw new Error(
        `the managed Redis does not come back; its daemon says:\n${daemon.process.stderr.slice(-4_000)}`,
        { cause },
      );
    });
    return Number(/process_id:(\d+)/.exec(server)?.[1]);
  };
  const url = `http://127.0.0.1:${port}/`;
  return {
    ...{ name, victims: [daemon, foreignVictim("managed redis", pid)], collector: url, doors: [url], redis: client },
    stop: async () => {
      client.disconnect();
      await daemon.process.stop("SIGTERM", 30_000);
    },
  };
}

function configOf(source: string): string {
  return `sources: [${source}, { name: alerts, type: push }]\nlog: { level: warn }\n`;
}

function startAgent(folder: string, server: string): TestProcess {
  const options = ["--host", REAL_HOST, "--interval", `${AGENT_INTERVAL}`, "--spool", join(folder, "spool")];
  return startScript("bin/dotm-agent.js", ["run", "--server", server, ...options]);
}

/** What a supervisor does where a start fails, as the Redis it needs was killed in the same moment. */
async function patiently<T>(start: () => Promise<T>): Promise<T> {
  return eventually("a start", start, 2 * PATIENCE, 500);
}
