/**
 * The last report of each host on its way into the store, so that a new leader can start from it. What the store has
 * held for a while is released from the journal.
 */
import { type DotmError, messageOf } from "../errors.ts";
import type { ReportJournal } from "../ingest/report-journal.ts";
import type { Logger } from "../logger.ts";
import type { ReportStore } from "../store/report-store.ts";
import { JournalRelease, SAFE_AFTER } from "./journal-release.ts";
import type { Delivery } from "./report-intake.ts";
import { storedReport } from "./stored-report.ts";

/** What the shelf needs. */
export interface ShelfDeps {
  readonly store: Pick<ReportStore, "saveReports">;
  readonly isConnected: () => boolean;
  /** Another text when other processes serve the store than before. */
  readonly identity: () => Promise<string>;
  readonly journal: Pick<ReportJournal, "release" | "end" | "replay">;
  /** Unix seconds. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** Milliseconds between two rounds: an engine in another process hears of a report by then. */
const ROUND = 250;

/**
 * Reports on their way into the store at once: one after the other each would wait for an answer, and of many those that
 * come meanwhile wait to be acknowledged.
 */
const AT_ONCE = 25;

interface Waiting {
  readonly delivery: Delivery;
  readonly position: number;
}

/** Reports waiting to be saved. `start` begins, `stop` saves what waits if the store is there. */
export class ReportShelf {
  private readonly deps: ShelfDeps;
  private waiting = new Map<string, Waiting>();
  /**
   * Those of the round under way, and those that the rounds before could not save. Each round begins with a new map: from one
   * out of which each report is taken again, the garbage collector learns only late that they are gone.
   */
  private saving = new Map<string, Waiting>();
  private readonly saved: JournalRelease;
  /** Where in the journal the last saved report of a host ends, and when it was saved: as long as the journal has it. */
  private readonly recent = new Map<string, { readonly position: number; readonly at: number }>();
  /** Hosts whose report the store refuses. */
  private readonly refused = new Set<string>();
  private identity: string | undefined;
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;

  constructor(deps: ShelfDeps) {
    this.deps = deps;
    this.saved = new JournalRelease(deps.journal, deps.now);
  }

  /** Puts a report on the shelf; the newest of a host replaces the others. */
  put(host: string, delivery: Delivery, position: number): void {
    this.waiting.set(host, { delivery, position });
  }

  /** What is not in the store yet. */
  *unsaved(): Generator<Delivery> {
    for (const reports of [this.saving, this.waiting]) {
      for (const { delivery } of reports.values()) {
        yield delivery;
      }
    }
  }

  /** Begins to save. */
  start(): void {
    this.timer = setInterval(() => {
      this.round ??= this.saveAll().finally(() => {
        this.round = undefined;
      });
    }, ROUND);
  }

  /** Saves what waits, once, and ends. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
    await this.saveAll();
  }

  /** Puts back what was saved within the last minute where a new server, which may not have heard of it, has taken over. */
  private async putBack(): Promise<void> {
    const identity = await this.deps.identity();
    const before = this.identity;
    this.identity = identity;
    if (before === undefined || before === identity || this.recent.size === 0) {
      return;
    }
    const hosts = new Map([...this.recent].map(([host, { position }]) => [position, host]));
    for await (const { payload, position } of this.deps.journal.replay()) {
      const host = hosts.get(position);
      if (host !== undefined && !this.saving.has(host) && !this.waiting.has(host)) {
        this.put(host, fromJournal(payload), position);
      }
    }
  }

  private async saveAll(): Promise<void> {
    if (!this.deps.isConnected()) {
      return;
    }
    try {
      await this.putBack();
      const { end } = this.deps.journal;
      await this.saveNext();
      this.saved.hold(end);
      this.forgetOld();
      await this.saved.release();
    } catch (error) {
      this.deps.logger.warn({ error: messageOf(error) }, "reports could not be saved; they stay in the journal");
    }
  }

  /** Saves what waits, until the store takes no more. */
  private async saveNext(): Promise<void> {
    for (const [host, waiting] of this.waiting) {
      this.saving.set(host, waiting);
    }
    this.waiting = new Map();
    const all = [...this.saving];
    let at = 0;
    try {
      for (; at < all.length; at += AT_ONCE) {
        await this.save(all.slice(at, at + AT_ONCE));
      }
    } finally {
      this.saving = new Map(all.filter(([host], each) => each >= at || this.refused.has(host)));
    }
  }

  /**
   * A report that the store refuses, as its key is somebody else's, stays here; waited for in the journal it would fill that
   * up, until reports of all hosts were refused.
   */
  private async save(some: readonly (readonly [string, Waiting])[]): Promise<void> {
    const stored = some.map(async ([host, { delivery }]) => [host, await storedReport(delivery)] as const);
    const refused = await this.deps.store.saveReports(new Map(await Promise.all(stored)), this.deps.now());
    for (const [host, { position }] of some) {
      const fault = refused.get(host);
      if (fault !== undefined) {
        this.refuse(host, fault);
        continue;
      }
      this.refused.delete(host);
      this.recent.set(host, { position, at: this.deps.now() });
    }
  }

  private refuse(host: string, { message, next }: DotmError): void {
    if (!this.refused.has(host)) {
      this.refused.add(host);
      this.deps.logger.warn({ host, error: message, next }, "a report cannot be kept in the store; the others are");
    }
  }

  private forgetOld(): void {
    for (const [host, { at }] of this.recent) {
      if (Math.abs(this.deps.now() - at) >= SAFE_AFTER) {
        this.recent.delete(host);
      }
    }
  }
}

/** A delivery as one record of the journal: a line that tells how it came, then the body as it was sent. */
export function journalRecord({ raw, encoding, sent, receivedAt }: Delivery): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ encoding, sent, receivedAt })}\n`), raw]);
}

/** Reads a record of the journal back. */
export function fromJournal(payload: Buffer): Delivery {
  const end = payload.indexOf(10);
  const head = JSON.parse(payload.subarray(0, end).toString("utf8")) as Partial<Delivery>;
  return {
    raw: payload.subarray(end + 1),
    encoding: head.encoding,
    sent: head.sent,
    authorization: undefined,
    receivedAt: head.receivedAt ?? 0,
  };
}
