/**
 * Two daemons fed alike: one on the store that a test troubles, one on a store of its own that nothing happens to. What the
 * first has stored in the end must be what the second has. Their clock stands, so that all times are equal.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { expect } from "vitest";
import { type Daemon, startDaemon } from "../../src/daemon/start-daemon.ts";
import { SILENT } from "../../src/logger.ts";
import type { StoreOptions } from "../../src/store/store-place.ts";
import { NOON } from "./builders.ts";
import { daemonConfig } from "./daemon-config.ts";
import { keyspace, type StoredKey } from "./keyspace.ts";
import { eventually } from "./process.ts";
import { nodeClient, startNode } from "./redis-servers.ts";
import { loadHosts, sendRound } from "./report-load.ts";

/** The pair. */
export class TwinDaemons {
  readonly hosts = loadHosts(7);
  readonly troubled: Daemon;
  private readonly calm: Daemon;
  private readonly calmStore: Redis;
  /** Rounds sent. */
  round = 0;

  private constructor(troubled: Daemon, calm: Daemon, calmStore: Redis) {
    this.troubled = troubled;
    this.calm = calm;
    this.calmStore = calmStore;
  }

  /** Starts both. */
  static async start(folder: string, store: StoreOptions): Promise<TwinDaemons> {
    const { port } = await startNode(folder);
    const calm = await startTwin(join(folder, "calm"), { url: `redis://127.0.0.1:${port}` });
    return new TwinDaemons(await startTwin(join(folder, "troubled"), store), calm, nodeClient(port));
  }

  /** Sends some rounds to both; every report must be acknowledged by both, whatever happens to the store. */
  async send(rounds: number): Promise<void> {
    for (let count = 0; count < rounds; count += 1) {
      this.round += 1;
      const acknowledged = await sendRound(
        [this.troubled, this.calm],
        this.round,
        this.hosts,
        NOON + this.round / 1_000,
      );
      expect(acknowledged).toBe(2 * this.hosts.length);
    }
  }

  /** Goes on sending until something holds, a few rounds at least. */
  async sendUntil(what: string, holds: () => Promise<boolean>): Promise<void> {
    await eventually(what, async () => {
      await this.send(1);
      return (await holds()) ? true : undefined;
    });
  }

  /** Waits until the troubled one's store, read from these servers, holds what the calm one's does. */
  async equal(servers: readonly Redis[]): Promise<void> {
    await eventually(
      "equal pictures",
      async () => {
        await Promise.all([this.written(this.calm), this.written(this.troubled)]);
        const [is, should] = [picture(await keyspace(servers)), picture(await keyspace([this.calmStore]))];
        expect(differing(is, should)).toEqual([]);
        expect(Object.keys(should).filter((key) => key.startsWith("dotm::reports::"))).toHaveLength(this.hosts.length);
        expect(Object.keys(should).filter((key) => key.startsWith("dotm::impact::app")).length).toBeGreaterThan(0);
        return true;
      },
      60_000,
      500,
    );
  }

  /** Whether the daemon on the troubled store says that it is ready. */
  async ready(): Promise<boolean> {
    return (await fetch(`${this.troubled.url}readyz`)).status === 200;
  }

  async stop(): Promise<void> {
    this.calmStore.disconnect();
    await Promise.all([this.troubled.stop(), this.calm.stop()]);
  }

  /** What the troubled one says of its store. */
  told(): Promise<string> {
    return toldOfStore(this.troubled);
  }

  private async written(daemon: Daemon): Promise<void> {
    expect(await toldOfStore(daemon)).toBe("connected");
  }
}

async function toldOfStore(daemon: Daemon): Promise<string> {
  const answer = await fetch(`${daemon.url}readyz`);
  return ((await answer.json()) as { parts: { store: { detail: string } } }).parts.store.detail;
}

async function startTwin(dataDir: string, store: StoreOptions): Promise<Daemon> {
  await mkdir(dataDir, { recursive: true });
  const sources = [{ name: "alerts", site: null, type: "push", token: null, staleAfter: 86_400 }] as const;
  return startDaemon({
    config: daemonConfig(dataDir, store, { sources }),
    version: "0",
    logger: SILENT,
    now: () => NOON + 60,
  });
}

/** What must be equal: not the time of writing, not whose mark it is and who leads, not what was told or kept of the way there. */
function picture(stored: ReadonlyMap<string, StoredKey>): Record<string, unknown> {
  const told = new Set(
    ["alive", "marker", "members", "state::leader", "changes", "observations"].map((name) => `dotm::${name}`),
  );
  return Object.fromEntries(
    [...stored]
      .filter(([key]) => !told.has(key) && !/^\{dotm::state::leader\}|^dotm::history/.test(key))
      .map(([key, { type, value }]) => [key, [type, key === "dotm::nodes" ? (value as string[]).toSorted() : value]]),
  );
}

/** Keys whose content differs; the content itself would fill the screen. */
function differing(is: Readonly<Record<string, unknown>>, should: Readonly<Record<string, unknown>>): string[] {
  const keys = new Set([...Object.keys(is), ...Object.keys(should)]);
  return [...keys].filter((key) => JSON.stringify(is[key]) !== JSON.stringify(should[key]));
}
