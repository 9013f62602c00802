/** Kills every process of two sites in turn while they are fed, and looks whether anything that was acknowledged is lost. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { newTask } from "../../src/store/task.ts";
import { eventually } from "../support/process.ts";
import { between, type Random, seeded } from "../support/random.ts";
import { type KilledSite, REAL_HOST, startAlone, startTeam } from "./killed-site.ts";
import type { RecordingDoor } from "./recording-door.ts";
import { SimulatedAgents } from "./simulated-agents.ts";
import { type SimulatedCheck, SimulatedNagios } from "./simulated-nagios.ts";
import { SimulatedPusher } from "./simulated-pusher.ts";
import { lateReports, lostReports, wrongStates } from "./stored-site.ts";
import type { Victim } from "./victim.ts";

/** How long and how hard. */
export interface KillOptions {
  readonly seconds: number;
  readonly hosts: number;
  readonly seed: number;
  /** Seconds that a process is stopped by SIGSTOP. */
  readonly pause: number;
  readonly say: (line: string) => void;
}

/** What was done and seen. */
export interface Killed {
  /** How often each process was killed, and how often stopped. */
  readonly kills: ReadonlyMap<string, number>;
  readonly stops: ReadonlyMap<string, number>;
  readonly reports: number;
  readonly reportsFailed: number;
  readonly pushes: number;
  readonly tasks: number;
  readonly changes: number;
  /** Reports of the real agent. */
  readonly real: number;
  /** Nothing, if all is well. */
  readonly lost: readonly string[];
}

/** Milliseconds within which what was acknowledged must be stored. */
const STORED_WITHIN = 90_000;
const LOOK_EVERY = 5_000;
const TASK_EVERY = 1_000;
/** Seconds between two reports of a simulated host. */
const INTERVAL = 2;
const FLAPS = 5;
const STATUS_EVERY = 5_000;
/** One turn of so many stops a process instead of killing it. */
const STOPS = 5;
/** Milliseconds between two turns. */
const [SHORTEST, LONGEST] = [500, 3_000];

/** Runs it. Everything it starts ends with it. */
export async function runKill(options: KillOptions): Promise<Killed> {
  const folder = await mkdtemp(join(tmpdir(), "dotm-kill-"));
  const random = seeded(options.seed);
  const hosts = Array.from({ length: options.hosts }, (_, at) => `kill${String(at).padStart(3, "0")}`);
  const nagios = new SimulatedNagios(join(folder, "nagios"), hosts, random);
  const sites: KilledSite[] = [];
  try {
    const team = await startTeam(join(folder, "team"), nagios.source, random);
    sites.push(team);
    const alone = await startAlone(join(folder, "alone"), nagios.source, random);
    sites.push(alone);
    return await new Killing(options, random, hosts, nagios).run(team, alone);
  } finally {
    await Promise.allSettled(sites.map((site) => site.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** What one site is fed, and what must be in its store. */
class Fed {
  readonly site: KilledSite;
  readonly agents: SimulatedAgents;
  readonly pusher: SimulatedPusher;
  readonly #nagios: SimulatedNagios;

  constructor(site: KilledSite, hosts: readonly string[], nagios: SimulatedNagios, random: Random) {
    this.site = site;
    this.agents = new SimulatedAgents({ hosts, interval: INTERVAL, urls: () => [site.collector] });
    this.pusher = new SimulatedPusher(site.doors, random);
    this.#nagios = nagios;
  }

  start(): void {
    this.agents.start();
    this.pusher.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.agents.stop(), this.pusher.stop()]);
  }

  get checks(): readonly SimulatedCheck[] {
    return [...this.#nagios.checks, ...this.pusher.checks.filter(({ since }) => since > 0)];
  }

  /** What should have been stored by now and is not. */
  async late(before: number): Promise<string[]> {
    const { redis } = this.site;
    const wrong = [
      ...(await lateReports(redis, this.agents.acknowledged, before)),
      ...(await wrongStates(redis, this.checks, before)),
    ];
    return wrong.map((line) => `${this.site.name}, ${new Date().toISOString()}: ${line}`);
  }

  /** What is wrong when everything had time to settle. */
  async wrong(): Promise<string[]> {
    const { redis } = this.site;
    const wrong = [...(await lostReports(redis, this.agents.acknowledged)), ...(await wrongStates(redis, this.checks))];
    return wrong.map((line) => `${this.site.name}: ${line}`);
  }
}

class Killing {
  readonly #options: KillOptions;
  readonly #random: Random;
  readonly #hosts: readonly string[];
  readonly #nagios: SimulatedNagios;
  readonly #kills = new Map<string, number>();
  readonly #stops = new Map<string, number>();
  readonly #tasks = new Map<string, number>();
  readonly #lost: string[] = [];
  #tasksDone = 0;

  constructor(options: KillOptions, random: Random, hosts: readonly string[], nagios: SimulatedNagios) {
    this.#options = options;
    this.#random = random;
    this.#hosts = hosts;
    this.#nagios = nagios;
  }

  async run(team: KilledSite & { readonly door: RecordingDoor }, alone: KilledSite): Promise<Killed> {
    const fed = [team, alone].map((site) => new Fed(site, this.#hosts, this.#nagios, this.#random));
    const timers = [
      setInterval(() => this.#nagios.flap(), 1_000 / FLAPS),
      setInterval(() => this.#nagios.writeStatus(), STATUS_EVERY),
      setInterval(() => void this.#addTask(team.redis), TASK_EVERY),
    ];
    for (const each of fed) {
      each.start();
    }
    const over = new AbortController();
    const looking = this.#look(fed, team.redis, over.signal);
    await this.#turns([...team.victims, ...alone.victims]);
    for (const timer of timers) {
      clearInterval(timer);
    }
    over.abort();
    await looking;
    await Promise.all(fed.map((each) => each.stop()));
    this.#lost.push(...(await this.#settled(fed, team)));
    const sum = (count: (each: Fed) => number) => fed.reduce((total, each) => total + count(each), 0);
    return {
      ...{ kills: this.#kills, stops: this.#stops, lost: this.#lost, changes: this.#nagios.changed },
      reports: sum(({ agents }) => agents.accepted),
      reportsFailed: sum(({ agents }) => agents.failed),
      pushes: sum(({ pusher }) => pusher.accepted),
      tasks: this.#tasksDone,
      real: team.door.accepted,
    };
  }

  /** Turn after turn until the time is over; all are awake and served again then. */
  async #turns(victims: readonly Victim[]): Promise<void> {
    const end = Date.now() + this.#options.seconds * 1_000;
    let round: Victim[] = [];
    let stopped: Promise<void> | undefined;
    const away = new Set<Victim>();
    while (Date.now() < end) {
      await delay(between(this.#random, SHORTEST, LONGEST));
      round = round.length > 0 ? round : shuffled(this.#random, victims);
      const victim = round.pop();
      if (victim === undefined || away.has(victim)) {
        continue;
      }
      if (stopped === undefined && this.#random() < 1 / STOPS) {
        away.add(victim);
        stopped = this.#stop(victim).finally(() => {
          away.delete(victim);
          stopped = undefined;
        });
      } else {
        this.#options.say(`kill -9 ${victim.name}`);
        count(this.#kills, victim.name);
        await victim.kill();
      }
    }
    await stopped;
  }

  async #stop(victim: Victim): Promise<void> {
    const { pause, say } = this.#options;
    say(`${victim.name} is stopped for ${pause} s`);
    count(this.#stops, victim.name);
    await victim.signal("SIGSTOP");
    await delay(pause * 1_000);
    await victim.signal("SIGCONT");
    say(`${victim.name} goes on`);
  }

  /** Looks again and again for what should have been stored and is not. */
  async #look(fed: readonly Fed[], queue: Redis, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await delay(LOOK_EVERY, undefined, { signal: over }).catch(() => undefined);
      const before = Date.now() - STORED_WITHIN;
      for (const each of fed) {
        // A Redis that was just killed cannot be looked into; the next look will tell.
        this.#lost.push(...(await each.late(before).catch(() => [])));
      }
      await this.#finishTasks(queue, before).catch(() => undefined);
    }
  }

  async #settled(fed: readonly Fed[], team: KilledSite & { readonly door: RecordingDoor }): Promise<string[]> {
    let wrong: string[] = [];
    const look = async () => {
      wrong = (await Promise.all(fed.map((each) => each.wrong()))).flat();
      wrong.push(...(await lostReal(team)), ...(await this.#finishTasks(team.redis, Number.POSITIVE_INFINITY)));
      return wrong.length === 0 ? true : undefined;
    };
    await eventually("everything is stored", look, STORED_WITHIN, 1_000).catch((error: unknown) => {
      wrong = wrong.length > 0 ? wrong : [String(error)];
    });
    return wrong;
  }

  async #addTask(queue: Redis): Promise<void> {
    const task = newTask("fetch_node", ["nobody"]);
    const added = await queue.rpush("dotm::queue", JSON.stringify(task)).catch(() => 0);
    if (added > 0) {
      this.#tasks.set(task.id, Date.now());
    }
  }

  /** Tasks added before a time that nobody did, and forgets those that are done. */
  async #finishTasks(queue: Redis, before: number): Promise<string[]> {
    const left: string[] = [];
    for (const [id, at] of this.#tasks) {
      const result = (await queue.get(`dotm::queue::result::${id}`)) ?? "{}";
      if ((JSON.parse(result) as { status?: string }).status === "ready") {
        this.#tasks.delete(id);
        this.#tasksDone += 1;
      } else if (at < before) {
        left.push(`task ${id} of ${new Date(at).toISOString()}: ${result}`);
      }
    }
    return left;
  }
}

/** Whether the newest report of the real agent that was acknowledged is stored. */
async function lostReal({ redis, door }: KilledSite & { readonly door: RecordingDoor }): Promise<string[]> {
  return door.acknowledged === undefined
    ? ["the real agent had no report acknowledged"]
    : lateReports(redis, new Map([[REAL_HOST, door.acknowledged]]), Number.POSITIVE_INFINITY);
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  return list
    .map((value) => [random(), value] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, value]) => value);
}
