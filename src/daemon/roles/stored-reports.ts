/** Reports in the store while this process leads: what other processes took in, and which of several is a host's newest. */
import { messageOf } from "../../errors.ts";
import type { Logger } from "../../logger.ts";
import { type HostReport, isSameMachine, type MachineMarks } from "../../model/host-report.ts";
import { isFuture } from "../../model/set-back.ts";
import type { ReportStore, StoredReport } from "../../store/report-store.ts";
import type { reportReader } from "../create-intake.ts";
import type { Delivery, Given, TakenReport } from "../report-intake.ts";
import { deliveryOf } from "../stored-report.ts";

/** What it needs of who leads. */
export interface StoredReportsDeps {
  readonly reports: ReportStore;
  readonly reader: ReturnType<typeof reportReader>;
  /** Gives a report to the engine that is newer than what it has of the host. */
  readonly give: (given: Given) => void;
  /** Gives the last report of a host to the engine once more. */
  readonly giveAnew: (report: HostReport) => void;
  /** Reports this process took in that are not in the store yet. */
  readonly unsaved: () => Iterable<Delivery>;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
  /** Set where this process leads no more. */
  readonly signal: AbortSignal;
}

/** A report in the store: the host's name in its key, and when it came. */
interface Shelved {
  readonly key: string;
  readonly receivedAt: number;
  readonly marks: MachineMarks;
}

/** Closed until what was remembered is back; from `open` on it looks at what it is told of. */
export class StoredReports {
  readonly #deps: StoredReportsDeps;
  /** The newest report of each host, by the name it gives itself; when it came in Unix seconds. */
  readonly #heard = new Map<string, Pick<HostReport, "receivedAt" | "ips">>();
  /** Where the newest stored report of each host is, by the name it gives itself. */
  readonly #shelved = new Map<string, Shelved>();
  /** Hosts of which others took in reports that have not been looked at. */
  #told = new Set<string>();
  #looking: Promise<void> | undefined;
  #missed = false;
  #anew = false;
  #missing: Promise<void> | undefined;
  #opened = false;

  constructor(deps: StoredReportsDeps) {
    this.#deps = deps;
  }

  /** Begins to look at what it was told of so far. */
  open(): void {
    this.#opened = true;
    this.look();
    if (this.#missed) {
      void this.missed();
    }
  }

  /** Waits for what is being looked at. */
  async settled(): Promise<void> {
    await this.#looking;
    await this.#missing;
  }

  /** Notes the newest report of a host, however it came. */
  hear(report: TakenReport): void {
    this.#heard.set(report.host, { receivedAt: report.receivedAt, ips: report.ips });
  }

  /** Addresses of a host by its newest report; none where there is none. */
  addressesOf(host: string): readonly string[] {
    return this.#heard.get(host)?.ips ?? [];
  }

  /** Another process took in a report of the host; it is read at the next `look`. */
  tell(host: string): void {
    this.#told.add(host);
  }

  /** Looks at the reports others told of. */
  look(): void {
    if (!this.#opened || this.#told.size === 0 || this.#deps.signal.aborted) {
      return;
    }
    this.#looking ??= this.#lookAtTold().finally(() => {
      this.#looking = undefined;
      this.look();
    });
  }

  /** Some reports of others may have been missed: all are looked at again, one time after the other. */
  missed(): Promise<void> {
    this.#missed = true;
    if (!this.#opened || this.#deps.signal.aborted) {
      return Promise.resolve();
    }
    this.#missing ??= this.#takeMissed().finally(() => {
      this.#missing = undefined;
    });
    return this.#missing;
  }

  /** Reports mean something else by now: the last one of each host is given once more, without waiting for the next. */
  readAnew(): Promise<void> {
    this.#anew = true;
    return this.missed();
  }

  /** Takes a report of the store where it is newer than what is known; one that cannot be read is left out. */
  async takeStored({ host, gzip }: StoredReport, anew = false): Promise<void> {
    try {
      const delivery = deliveryOf(gzip);
      const report = this.takeDelivery(delivery, anew);
      const marks = { boot: report.boot, ips: report.ips };
      await this.#outdate(report.host, { key: host, receivedAt: delivery.receivedAt, marks });
    } catch (error) {
      this.#deps.logger.warn({ error: messageOf(error) }, "a stored report can no longer be read; left out");
    }
  }

  /**
   * Takes a report where it is newer than what is known of its host, or, `anew`, where it is the newest. @throws DotmError
   * where it cannot be read
   */
  takeDelivery(delivery: Delivery, anew = false): TakenReport {
    const { report } = this.#deps.reader.read(delivery);
    const heard = this.#heard.get(report.host)?.receivedAt ?? Number.NEGATIVE_INFINITY;
    if (heard < report.receivedAt || isFuture(heard, this.#deps.now())) {
      this.#deps.give({ report, whole: () => this.#wholeOf(report, delivery) });
    } else if (anew && heard === report.receivedAt) {
      this.#deps.giveAnew(this.#wholeOf(report, delivery));
    }
    return report;
  }

  #wholeOf(report: TakenReport, delivery: Delivery): HostReport {
    return "connections" in report ? report : this.#deps.reader.readWhole(delivery);
  }

  async #takeMissed(): Promise<void> {
    while (this.#missed && !this.#deps.signal.aborted) {
      const anew = this.#anew;
      this.#missed = false;
      this.#anew = false;
      // Looked at before the store is read: what is saved meanwhile would be in neither.
      for (const delivery of anew ? [...this.#deps.unsaved()] : []) {
        this.takeDelivery(delivery, anew);
      }
      await this.#tryAll(this.#deps.reports.loadReports(), anew);
    }
  }

  async #lookAtTold(): Promise<void> {
    const hosts = [...this.#told];
    this.#told = new Set();
    await this.#tryAll(this.#deps.reports.reportsOf(hosts));
  }

  async #tryAll(reports: AsyncIterable<StoredReport>, anew = false): Promise<void> {
    try {
      for await (const stored of reports) {
        if (this.#deps.signal.aborted) {
          return;
        }
        await this.takeStored(stored, anew);
      }
    } catch (error) {
      // The follower of observations notices the same outage, and asks for all of them after it.
      this.#deps.logger.debug({ error: messageOf(error) }, "reports of others cannot be read");
    }
  }

  /** Of two reports of one host, stored before and after it was called otherwise, only the newer one stays. */
  async #outdate(own: string, stored: Shelved): Promise<void> {
    const other = this.#shelved.get(own);
    const [older, newer] =
      other === undefined || other.receivedAt <= stored.receivedAt ? [other, stored] : [stored, other];
    this.#shelved.set(own, newer);
    if (older !== undefined && older.key !== newer.key && isSameMachine(older.marks, newer.marks)) {
      await this.#deps.reports.forgetReport(older.key, older.receivedAt);
    }
  }
}
