/** A whole DOTM under the load of a site, for long: what it takes, and whether anything was lost in the end. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type DotmProcess, startDotm } from "../support/dotm-process.ts";
import { eventually, freePort } from "../support/process.ts";
import { seeded } from "../support/random.ts";
import { nodeClient, type RedisNode, startNode } from "../support/redis-servers.ts";
import { type Sample, takeSample, type Watched } from "./samples.ts";
import { SimulatedAgents } from "./simulated-agents.ts";
import { SimulatedNagios } from "./simulated-nagios.ts";
import { type Look, SiteReader } from "./site-reader.ts";
import { lateReports, lostReports, wrongStates } from "./stored-site.ts";

/** How long and how much. */
export interface SoakOptions {
  readonly minutes: number;
  readonly hosts: number;
  readonly seed: number;
  /** Seconds between two reports of a host. */
  readonly interval: number;
  /** Seconds Redis stays away after it was stopped cleanly. */
  readonly away: number;
  readonly say: (line: string) => void;
}

/** What was seen. */
export interface Soaked {
  readonly samples: readonly Sample[];
  readonly reports: number;
  readonly failed: number;
  /** Milliseconds until reports were acknowledged. */
  readonly latencies: readonly number[];
  readonly changes: number;
  readonly events: number;
  readonly looks: readonly Look[];
  /** Pages that were not had although Redis was there. */
  readonly missedPages: readonly Look[];
  /** Nothing, if all is well. */
  readonly lost: readonly string[];
}

/** States that change in a second. */
const FLAPS = 3;
const STATUS_EVERY = 10_000;
const SAMPLE_EVERY = 10_000;
const FOLLOWERS = 3;
/** Milliseconds within which an acknowledged report must be stored, and within which all must be as it should in the end. */
const STORED_WITHIN = 90_000;
/** Pages may fail until so long after Redis is back. */
const RECOVERY = 10_000;

/** Runs it. Everything it starts ends with it. */
export async function runSoak(options: SoakOptions): Promise<Soaked> {
  const folder = await mkdtemp(join(tmpdir(), "dotm-soak-"));
  const soak = new Soak(options, folder);
  try {
    return await soak.run();
  } finally {
    await soak.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

class Soak {
  readonly #options: SoakOptions;
  readonly #folder: string;
  readonly #hosts: readonly string[];
  readonly #nagios: SimulatedNagios;
  readonly #random: () => number;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #samples: Sample[] = [];
  /** Spans in which Redis was away, milliseconds of the clock. */
  readonly #outages: { readonly from: number; to: number }[] = [];
  readonly #late: string[] = [];
  #redis: RedisNode | undefined;

  constructor(options: SoakOptions, folder: string) {
    this.#options = options;
    this.#folder = folder;
    this.#random = seeded(options.seed);
    this.#hosts = Array.from({ length: options.hosts }, (_, at) => `soak${String(at).padStart(4, "0")}`);
    this.#nagios = new SimulatedNagios(join(folder, "nagios"), this.#hosts, this.#random);
  }

  async run(): Promise<Soaked> {
    const port = await freePort();
    await this.#startRedis(port);
    const dotm = await this.#startDaemon(port);
    const client = nodeClient(port);
    const agents = new SimulatedAgents({
      hosts: this.#hosts,
      interval: this.#options.interval,
      urls: () => [dotm.url],
    });
    const reader = new SiteReader(() => dotm.url, this.#hosts, this.#random);
    try {
      const watched: Watched = {
        ...{ url: dotm.url, daemonPid: dotm.process.pid, redis: client, dataDir: dotm.dataDir },
        redisPid: () => this.#redis?.process.pid,
      };
      agents.start();
      reader.start(FOLLOWERS);
      this.#every(1_000 / FLAPS, () => this.#nagios.flap());
      this.#every(STATUS_EVERY, () => this.#nagios.writeStatus());
      await this.#measure(watched, agents, port);
      this.#endTimers();
      await Promise.all([agents.stop(), reader.stop()]);
      return {
        samples: this.#samples,
        reports: agents.accepted,
        failed: agents.failed,
        latencies: agents.latencies,
        changes: this.#nagios.changed,
        events: reader.events,
        looks: reader.looks,
        missedPages: reader.looks.filter((look) => look.status !== 200 && !this.#wasAway(look)),
        lost: [...this.#late, ...(await this.#leftWrong(watched, agents))],
      };
    } finally {
      client.disconnect();
      await dotm.process.stop("SIGTERM", 30_000);
    }
  }

  async stop(): Promise<void> {
    this.#endTimers();
    await this.#redis?.process.stop("SIGKILL");
  }

  async #startDaemon(port: number): Promise<DotmProcess> {
    return startDotm({
      ...{ roles: "engine,collector,worker,web", name: "dotm", folder: this.#folder },
      store: { url: `redis://127.0.0.1:${port}` },
      // As its unit sets it.
      env: { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "131072", MALLOC_TRIM_THRESHOLD_: "131072" },
      config: `sources: [${this.#nagios.source}]\nlog: { level: warn }\n`,
    });
  }

  async #startRedis(port: number): Promise<void> {
    this.#redis = await startNode(this.#folder, ["appendonly yes", "appendfsync everysec"], port);
  }

  /** Samples until the time is over; at one third Redis is killed, at two thirds it is stopped and stays away. */
  async #measure(watched: Watched, agents: SimulatedAgents, port: number): Promise<void> {
    const begun = performance.now();
    const length = this.#options.minutes * 60_000;
    const faults = [
      { at: length / 3, signal: "SIGKILL", away: 0 },
      { at: (length * 2) / 3, signal: "SIGTERM", away: this.#options.away * 1_000 },
    ] as const;
    const kept = faults.map(async ({ at, signal, away }) => {
      await delay(at);
      await this.#restartRedis(port, signal, away);
    });
    for (let next = 0; next < length; next += Math.min(SAMPLE_EVERY, length / 20)) {
      await delay(Math.max(0, next - (performance.now() - begun)));
      const sample = await takeSample(watched, (performance.now() - begun) / 1_000);
      this.#samples.push(sample);
      this.#options.say(sampleText(sample));
      if (!this.#isAway(Date.now(), STORED_WITHIN)) {
        this.#late.push(...(await lateReports(watched.redis, agents.acknowledged, Date.now() - STORED_WITHIN)));
      }
    }
    await Promise.all(kept);
  }

  async #restartRedis(port: number, signal: "SIGKILL" | "SIGTERM", away: number): Promise<void> {
    const outage = { from: Date.now(), to: Number.POSITIVE_INFINITY };
    this.#outages.push(outage);
    this.#options.say(`Redis ends by ${signal} and stays away for ${away / 1_000} s`);
    await this.#redis?.process.stop(signal);
    await delay(away);
    await this.#startRedis(port);
    outage.to = Date.now();
    this.#options.say(`Redis is back after ${outage.to - outage.from} ms`);
  }

  /** What is not as it should be when everything had time to settle. */
  async #leftWrong({ redis }: Watched, agents: SimulatedAgents): Promise<string[]> {
    let wrong: string[] = [];
    await eventually(
      "everything is stored",
      async () => {
        const [reports, states] = [
          await lostReports(redis, agents.acknowledged),
          await wrongStates(redis, this.#nagios.checks),
        ];
        wrong = [...reports, ...states];
        return wrong.length === 0 ? true : undefined;
      },
      STORED_WITHIN,
      1_000,
    ).catch(() => undefined);
    return wrong;
  }

  #isAway(time: number, recovery: number): boolean {
    return this.#outages.some(({ from, to }) => time >= from && time <= to + recovery);
  }

  #wasAway({ at, milliseconds }: Look): boolean {
    return this.#isAway(at, RECOVERY) || this.#isAway(at - milliseconds, RECOVERY);
  }

  #every(milliseconds: number, act: () => void): void {
    this.#timers.push(setInterval(act, milliseconds));
  }

  #endTimers(): void {
    for (const timer of this.#timers.splice(0)) {
      clearInterval(timer);
    }
  }
}

function sampleText(sample: Sample): string {
  const { at, daemon, heap, external, redis, disk, lagP99, lagMax, pending, files, changes } = sample;
  const whole = (value: number) => value.toFixed(0);
  return `${whole(at).padStart(5)} s  daemon ${whole(daemon)} MiB (heap ${whole(heap)}, buffers ${whole(external)}), redis ${whole(redis)} MiB, disk ${disk.toFixed(1)} MiB, lag p99 ${whole(lagP99)} max ${whole(lagMax)} ms, pending ${pending}, files ${files}, changes ${changes}`;
}
