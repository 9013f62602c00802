/** Agents' reports on their way in: checked, made durable, handed to the engine, and only then acknowledged. */
import { DotmError, messageOf } from "../errors.ts";
import { bearerToken } from "../ingest/agent-tokens.ts";
import { QuietLog } from "../ingest/quiet-log.ts";
import { ReportRefused } from "../ingest/report-refused.ts";
import type { Logger } from "../logger.ts";
import type { HostReport, RepeatedReport } from "../model/host-report.ts";
import { isFuture } from "../model/set-back.ts";
import { RateLimit } from "../web/rate-limit.ts";
import { IdentityWatch } from "./identity-watch.ts";
import { newIntakeCounts, reasonOf } from "./intake-counts.ts";

/** An answer to an agent. */
export interface IntakeAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A report, or what of it differs from an earlier one. */
export type TakenReport = HostReport | RepeatedReport;

/** A report that passed the door. */
export interface PassedReport {
  readonly report: TakenReport;
  readonly dropped: number;
  readonly warnings: readonly string[];
}

/** How a report came; header names in lower case. */
export interface Delivery {
  readonly raw: Buffer;
  readonly encoding: string | undefined;
  readonly sent: string | undefined;
  readonly authorization: string | undefined;
  /** Hosts that a certificate of the sender names, where an authority we trust signed it. */
  readonly certified?: readonly string[] | undefined;
  /** Unix seconds. */
  readonly receivedAt: number;
}

/** A report as it is handed on. */
export interface Given {
  readonly report: TakenReport;
  /** The whole of it. */
  readonly whole: () => HostReport;
}

/** What taking in reports needs. */
export interface IntakeDeps {
  /** Checks a report; throws a DotmError that may carry an HTTP status. */
  readonly read: (delivery: Delivery) => PassedReport;
  /** The same, whole, for whoever does not know what it repeats. */
  readonly readWhole: (delivery: Delivery) => HostReport;
  /** Whether a report over HTTP needs a token at all. */
  readonly needsToken: boolean;
  /** Whether who sent it may speak for any host at all, so that what they sent is read. */
  readonly mayKnock: (delivery: Pick<Delivery, "authorization" | "certified">) => boolean;
  /** Whether who sent it may speak for the host. */
  readonly mayReport: (delivery: Delivery, host: string) => boolean;
  /** Under which name a host stands in the picture. */
  readonly nameOf: (host: string, ips: readonly string[]) => string;
  /** Makes a report durable; resolves once it cannot be lost. */
  readonly keep: (delivery: Delivery) => Promise<number>;
  /** Hands it on. */
  readonly deliver: (given: Given, delivery: Delivery, position: number) => void;
  /** Told what is wrong with a host's reports, by its name in the picture; null where nothing is. */
  readonly told: (host: string, fault: string | null) => void;
  readonly logger: Logger;
  /** Milliseconds that pass evenly. */
  readonly clock: () => number;
}

/** Milliseconds that reading what one sender sends may take at once, and then each second: everybody else waits meanwhile. */
const WORK_AT_ONCE = 2_000;
const WORK_PER_SECOND = 50;

/** Rows that one host may report at once and then each second; a report of no rows counts as a hundred. */
const ROWS_AT_ONCE = 200_000;
const ROWS_PER_SECOND = 2_000;
const LEAST_ROWS = 100;

/** Hosts that may report: who makes up names must not fill the memory. */
const MOST_HOSTS = 50_000;

/** What became of a report that passed the door. */
type Taken = "new" | "repeated" | "second machine";

const NO_TOKEN: IntakeAnswer = {
  status: 401,
  body: { error: "no token or certificate here speaks for this host; make a token with: dotm agent token HOST" },
};

/** Takes in reports; remembers the last sequence of each host to tell repeats, and who speaks for it. */
export class ReportIntake {
  private readonly deps: IntakeDeps;
  private readonly last = new Map<string, { readonly boot: string; readonly sequence: number; readonly at: number }>();
  private readonly watch = new IdentityWatch();
  private readonly limit = new RateLimit(ROWS_AT_ONCE, ROWS_PER_SECOND);
  /** By whose token or certificate. */
  private readonly work = new RateLimit(WORK_AT_ONCE, WORK_PER_SECOND);
  private readonly mostHosts: number;
  /** Whoever is refused sends again and again, and may be many: the counts tell of each. */
  private readonly quiet: QuietLog;
  /** When the last delivery came. */
  private heardAt = 0;
  /** Since the start. */
  readonly counts = newIntakeCounts();

  constructor(deps: IntakeDeps, mostHosts = MOST_HOSTS) {
    this.deps = deps;
    this.mostHosts = mostHosts;
    this.quiet = new QuietLog(deps.logger, () => this.heardAt);
  }

  /** Takes in one delivery. Never rejects: what is wrong is in the answer. */
  async accept(delivery: Delivery): Promise<IntakeAnswer> {
    const { mayKnock, mayReport } = this.deps;
    this.heardAt = delivery.receivedAt;
    try {
      if (!mayKnock(delivery)) {
        // Before the body is looked at: a stranger costs nothing.
        const isMissing = delivery.authorization === undefined && delivery.certified === undefined;
        this.counts.refused[isMissing ? "missing token" : "wrong token"]++;
        return NO_TOKEN;
      }
      const passed = this.read(delivery);
      const { report } = passed;
      if (!mayReport(delivery, report.host)) {
        this.counts.refused["wrong token"]++;
        return NO_TOKEN;
      }
      const taken = await this.take(report, delivery);
      if (taken === "repeated") {
        return { status: 200, body: { ack: report.sequence, duplicate: true } };
      }
      if (taken === "second machine") {
        return {
          status: 422,
          body: { error: CLASH, next: "Give each machine a name of its own: dotm-agent --host NAME" },
        };
      }
      return { status: 200, body: { ack: report.sequence, dropped: passed.dropped, warnings: passed.warnings } };
    } catch (error) {
      return this.refusal(error);
    }
  }

  /** Whether who sends over HTTP is known at all; also where that cannot be told, as the answer says why. */
  isKnown(headers: Readonly<Record<string, unknown>>, certified?: readonly string[]): boolean {
    const { authorization } = headers;
    try {
      return this.deps.mayKnock({
        authorization: typeof authorization === "string" ? authorization : undefined,
        certified,
      });
    } catch {
      return true;
    }
  }

  /** Takes in what came over HTTP. */
  acceptHttp(
    raw: Buffer,
    headers: Readonly<Record<string, unknown>>,
    receivedAt: number,
    certified?: readonly string[],
  ): Promise<IntakeAnswer> {
    const header = (name: string) => (typeof headers[name] === "string" ? headers[name] : undefined);
    const [encoding, sent] = [header("content-encoding"), header("x-dotm-sent")];
    return this.accept({ raw, encoding, sent, authorization: header("authorization"), certified, receivedAt });
  }

  /**
   * Takes in what we fetched ourselves: a file of the folder of reports (whoever may write there speaks for any host), or
   * a pulled host's answer. Rejects with what the door or the journal says.
   */
  async acceptFetched(
    found: { readonly raw: Buffer; readonly encoding?: "gzip" | undefined },
    receivedAt: number,
  ): Promise<void> {
    const delivery = {
      raw: found.raw,
      encoding: found.encoding,
      sent: undefined,
      authorization: undefined,
      receivedAt,
    };
    try {
      await this.take(this.deps.read(delivery).report, delivery);
    } catch (error) {
      this.counts.refused[reasonOf(statusOf(error))]++;
      throw error;
    }
  }

  /**
   * Takes back a delivery that was made durable before a restart; one older than what is known is left out, unless the clock
   * was set back in between.
   */
  replay(delivery: Delivery, position: number): void {
    try {
      const { report } = this.deps.read(delivery);
      const known = this.last.get(report.host)?.at ?? 0;
      if (known <= report.receivedAt || isFuture(known, report.receivedAt)) {
        this.note(report);
        this.hand(report, delivery, position);
      }
    } catch (error) {
      this.deps.logger.warn({ error: messageOf(error) }, "a stored report can no longer be read; left out");
    }
  }

  private async take(report: TakenReport, delivery: Delivery): Promise<Taken> {
    const { keep, nameOf, told } = this.deps;
    const { receivedAt } = delivery;
    this.demandRoom(report, receivedAt);
    const name = nameOf(report.host, report.ips);
    if (!this.watch.hear(name, `${report.host} ${report.boot}`, receivedAt)) {
      this.counts.refused["second machine"]++;
      this.quiet.warn(CLASH, name, { host: name, reportedAs: report.host, boot: report.boot });
      told(name, CLASH);
      return "second machine";
    }
    if (this.isRepeated(report)) {
      this.counts.repeated++;
      return "repeated";
    }
    const position = await keep(delivery);
    this.counts.accepted++;
    this.note(report);
    this.hand(report, delivery, position);
    told(name, this.watch.isClash(name, receivedAt) ? CLASH : null);
    return "new";
  }

  /** Reads a delivery, and counts how long that takes: who sends what is refused costs as much as others. */
  private read(delivery: Delivery): PassedReport {
    const { needsToken, read, clock } = this.deps;
    const { authorization, certified = [], receivedAt } = delivery;
    if (!needsToken) {
      return read(delivery);
    }
    const sender = certified[0] ?? bearerToken(authorization) ?? "";
    if (!this.work.take(sender, receivedAt)) {
      throw tooMuch();
    }
    const began = clock();
    try {
      return read(delivery);
    } finally {
      this.work.spend(sender, receivedAt, clock() - began);
    }
  }

  /** Refuses who reports more than can be looked at, and hosts beyond all that can be. */
  private demandRoom(report: TakenReport, receivedAt: number): void {
    if (!this.last.has(report.host) && this.last.size >= this.mostHosts) {
      const next = "Remove hosts that are no more, or share the site between several DOTM.";
      throw new ReportRefused(507, `${this.mostHosts} hosts report already`, next);
    }
    const rows = LEAST_ROWS + ("connections" in report ? report.connections.length : report.roster.size);
    if (!this.limit.take(report.host, receivedAt, rows)) {
      throw tooMuch();
    }
  }

  private hand(report: TakenReport, delivery: Delivery, position: number): void {
    const whole = () => ("connections" in report ? report : this.deps.readWhole(delivery));
    this.deps.deliver({ report, whole }, delivery, position);
  }

  private isRepeated({ host, boot, sequence }: TakenReport): boolean {
    const last = this.last.get(host);
    return last?.boot === boot && sequence <= last.sequence;
  }

  private note({ host, boot, sequence, receivedAt }: TakenReport): void {
    this.last.set(host, { boot, sequence, at: receivedAt });
  }

  private refusal(error: unknown): IntakeAnswer {
    const kind = reasonOf(statusOf(error));
    this.counts.refused[kind]++;
    if (error instanceof ReportRefused) {
      this.quiet.warn("refused a report", kind, { cause: error.message, next: error.next });
      return { status: error.status, body: { error: error.message, next: error.next } };
    }
    // What is wrong on our side is nothing the agent could mend: it keeps the report, and is told no names of files.
    const fields = error instanceof DotmError ? { cause: error.message, next: error.next } : { error };
    this.quiet.warn("could not take in a report", kind, fields);
    return { status: 503, body: { error: "the report could not be stored; it is kept by the agent and sent again" } };
  }
}

function tooMuch(): ReportRefused {
  return new ReportRefused(429, "this host reports too much", "Report once a minute; group connections.");
}

const CLASH = "two machines report under this name; only the one that was there first is believed";

function statusOf(error: unknown): number {
  return error instanceof ReportRefused ? error.status : 503;
}
