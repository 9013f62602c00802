/** Agents of a site: each sends a report every so often, again and again until it is acknowledged, and remembers what was. */

import { once } from "node:events";
import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

const OWNER = { unit: null, container: null, netns: null };
/** Milliseconds. */
const ANSWER_WITHIN = 15_000;
const AGAIN_AFTER = 500;
/** Connections of each host to others, and of others to it. */
const PEERS = 10;

/** How agents report. */
export interface AgentsOptions {
  readonly hosts: readonly string[];
  /** Seconds between two reports of a host. */
  readonly interval: number;
  /** Where reports go, asked at each attempt: the next one is taken where one did not answer. */
  readonly urls: () => readonly string[];
}

/** What was acknowledged of one host. */
export interface Acknowledged {
  readonly boot: string;
  readonly sequence: number;
  /** Milliseconds of the clock when the answer came. */
  readonly at: number;
}

/** All agents. `start` begins, `stop` ends them after each has had its last report acknowledged. */
export class SimulatedAgents {
  readonly acknowledged = new Map<string, Acknowledged>();
  /** Reports acknowledged and attempts that failed. */
  accepted = 0;
  failed = 0;
  /** Milliseconds the answers took, newest last. */
  readonly latencies: number[] = [];
  readonly #options: AgentsOptions;
  readonly #connections = new Agent({ keepAlive: true, maxSockets: 32 });
  readonly #boot = `boot${Date.now()}`;
  #running: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  start(): void {
    const { hosts, interval } = this.#options;
    const step = (interval * 1_000) / hosts.length;
    this.#running = Promise.all(hosts.map((host, at) => this.#report(host, at, at * step)));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
    this.#connections.destroy();
  }

  /** One agent: its first report after `wait` milliseconds, then one in each interval. */
  async #report(host: string, at: number, wait: number): Promise<void> {
    let due = performance.now() + wait;
    for (let sequence = 1; !this.#stopped; sequence += 1) {
      while (!this.#stopped && performance.now() < due) {
        await delay(Math.min(1_000, due - performance.now()));
      }
      await this.#deliver(host, sequence, reportOf(host, at, sequence, this.#boot, this.#options));
      due += this.#options.interval * 1_000;
    }
  }

  /** Sends until somebody acknowledged. */
  async #deliver(host: string, sequence: number, report: string): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const urls = this.#options.urls();
      const begun = performance.now();
      const status = await this.#send(urls[attempt % urls.length] ?? "", report);
      if (status === 200) {
        this.latencies.push(performance.now() - begun);
        this.accepted += 1;
        this.acknowledged.set(host, { boot: this.#boot, sequence, at: Date.now() });
        return;
      }
      this.failed += 1;
      await delay(AGAIN_AFTER);
    }
  }

  async #send(url: string, report: string): Promise<number> {
    try {
      const sent = request(`${url}api/v1/agents/report`, {
        method: "POST",
        agent: this.#connections,
        headers: { "Content-Type": "application/json", "X-DOTM-Sent": new Date().toISOString() },
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      });
      sent.end(report);
      const [answer] = await once(sent, "response");
      answer.resume();
      await once(answer, "end");
      return answer.statusCode;
    } catch {
      return 0;
    }
  }
}

/** The name under which a report's own listener can be found. */
export const witnessOf = (sequence: number): string => `witness${sequence % 4}`;

function addressOf(at: number): string {
  return `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
}

/** A report: three listeners, twenty connections of which a few differ from those of the report before. */
function reportOf(
  host: string,
  at: number,
  sequence: number,
  boot: string,
  { hosts, interval }: AgentsOptions,
): string {
  const time = new Date().toISOString();
  const peers = Array.from({ length: PEERS }, (_, step) => step + 1);
  const row = (direction: "in" | "out", step: number) => ({
    ...{ direction, proto: "tcp", process: direction === "in" ? "mysqld" : "app", ...OWNER },
    ...{ localAddress: addressOf(at), localPort: direction === "in" ? 3306 : null },
    remoteAddress: addressOf((at + (direction === "in" ? hosts.length - step : step)) % hosts.length),
    remotePort: direction === "out" ? 3306 : null,
    // One of ten has another count than before.
    count: step === 1 + (sequence % PEERS) ? 2 : 1,
    ...{ opened: 1, lastSeen: time },
  });
  // The last peer is left out of every fourth report.
  const talks = peers.filter((step) => step < PEERS || sequence % 4 !== 0);
  const listeners = [
    ["app", 8080],
    ["mysqld", 3306],
    [witnessOf(sequence), 9999],
  ].map(([process, port]) => ({ proto: "tcp", address: "0.0.0.0", port, process, ...OWNER }));
  return JSON.stringify({
    ...{ version: 1, host, agent: "dotm-soak/1", time, interval, sequence, boot, ips: [addressOf(at)], listeners },
    connections: [...talks.map((step) => row("out", step)), ...peers.map((step) => row("in", step))],
    ...{ unix: [], processes: [] },
    capture: { level: "proc", lost: 0, unattributed: 0, dropped: 0, notes: [] },
  });
}
