/**
 * The last report of each host on its way into the store, so that a new leader can start from it. What the store has
 * held for a while is released from the journal.
 */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { messageOf } from "../errors.ts";
import type { ReportJournal } from "../ingest/report-journal.ts";
import type { Logger } from "../logger.ts";
import type { MapPublisher } from "../store/map-publisher.ts";
import type { ReportStore } from "../store/report-store.ts";
import type { Delivery } from "./report-intake.ts";

/** What the shelf needs. */
export interface ShelfDeps {
  readonly store: Pick<ReportStore, "saveReport">;
  readonly publisher: Pick<MapPublisher, "status">;
  readonly journal: Pick<ReportJournal, "release" | "end">;
  /** Unix seconds. */
  readonly now: () => number;
  readonly logger: Logger;
}

/** Seconds the store must have held a report before the journal forgets it: a failover may lose the last second. */
const SAFE_AFTER = 60;

/** Milliseconds between two rounds. */
const ROUND = 1_000;

/** Reports waiting to be saved. `start` begins, `stop` saves what waits if the store is there. */
export class ReportShelf {
  private readonly deps: ShelfDeps;
  private readonly waiting = new Map<string, { readonly delivery: Delivery; readonly position: number }>();
  /** Positions below which all was saved at the given time. */
  private readonly saved: { readonly position: number; readonly at: number }[] = [];
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;

  constructor(deps: ShelfDeps) {
    this.deps = deps;
  }

  /** Puts a report on the shelf; the newest of a host replaces the others. */
  put(host: string, delivery: Delivery, position: number): void {
    this.waiting.set(host, { delivery, position });
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

  private async saveAll(): Promise<void> {
    if (!this.deps.publisher.status().connected) {
      return;
    }
    try {
      const { end } = this.deps.journal;
      for (const [host, { delivery, position }] of [...this.waiting]) {
        await this.deps.store.saveReport(host, await storedReport(delivery));
        if (this.waiting.get(host)?.position === position) {
          this.waiting.delete(host);
        }
      }
      this.saved.push({ position: end, at: this.deps.now() });
      await this.releaseOld();
    } catch (error) {
      this.deps.logger.warn({ error: messageOf(error) }, "reports could not be saved; they stay in the journal");
    }
  }

  private async releaseOld(): Promise<void> {
    let safe: number | undefined;
    while (this.saved[0] !== undefined && this.deps.now() - this.saved[0].at >= SAFE_AFTER) {
      safe = this.saved.shift()?.position;
    }
    if (safe !== undefined) {
      await this.deps.journal.release(safe);
    }
  }
}

/** Fields added to a stored report: when it came, and the agent's clock then. */
interface Stamp {
  readonly receivedAt: number;
  readonly sent: string | null;
}

/** The report as it is stored: gzip of the JSON the agent sent, with a stamp in front. */
export async function storedReport(delivery: Delivery): Promise<Buffer> {
  const json = delivery.encoding === "gzip" ? await promisify(gunzip)(delivery.raw) : delivery.raw;
  const stamp: Stamp = { receivedAt: delivery.receivedAt, sent: delivery.sent ?? null };
  const text = json.toString("utf8").trimStart();
  return promisify(gzip)(`{"stored":${JSON.stringify(stamp)},${text.slice(1)}`);
}

/** Turns a stored report back into the delivery it came as. */
export async function deliveryOf(gzipped: Buffer): Promise<Delivery> {
  const raw = await promisify(gunzip)(gzipped);
  const stamp = /^\{"stored":(\{[^}]*\})/.exec(raw.subarray(0, 200).toString("utf8"))?.[1] ?? "{}";
  const { receivedAt = 0, sent = null } = JSON.parse(stamp) as Partial<Stamp>;
  return { raw, encoding: undefined, sent: sent ?? undefined, authorization: undefined, receivedAt };
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
