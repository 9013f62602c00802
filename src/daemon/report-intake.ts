/** Agents' reports on their way in: checked, made durable, handed to the engine, and only then acknowledged. */
import { DotmError, messageOf } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { HostReport } from "../model/host-report.ts";

/** An answer to an agent. */
export interface IntakeAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A report that passed the door. */
export interface PassedReport {
  readonly report: HostReport;
  readonly dropped: number;
  readonly warnings: readonly string[];
}

/** How a report came; header names in lower case. */
export interface Delivery {
  readonly raw: Buffer;
  readonly encoding: string | undefined;
  readonly sent: string | undefined;
  readonly authorization: string | undefined;
  /** Unix seconds. */
  readonly receivedAt: number;
}

/** What taking in reports needs. */
export interface IntakeDeps {
  /** Checks a report; throws a DotmError that may carry an HTTP status. */
  readonly read: (delivery: Delivery) => PassedReport;
  /** Whether the bearer may speak for the host. */
  readonly mayReport: (authorization: string | undefined, host: string) => boolean;
  /** Makes a report durable; resolves once it cannot be lost. */
  readonly keep: (delivery: Delivery) => Promise<number>;
  /** Hands it on. */
  readonly deliver: (report: HostReport, delivery: Delivery, position: number) => void;
  readonly logger: Logger;
}

/** Takes in reports; remembers the last sequence of each host to tell repeats. */
export class ReportIntake {
  private readonly deps: IntakeDeps;
  private readonly last = new Map<string, { readonly boot: string; readonly sequence: number; readonly at: number }>();

  constructor(deps: IntakeDeps) {
    this.deps = deps;
  }

  /** Takes in one delivery. Never rejects: what is wrong is in the answer. */
  async accept(delivery: Delivery): Promise<IntakeAnswer> {
    try {
      const passed = this.deps.read(delivery);
      const { report } = passed;
      if (!this.deps.mayReport(delivery.authorization, report.host)) {
        return {
          status: 401,
          body: { error: "this token does not speak for this host; make one with: dotm agent token HOST" },
        };
      }
      if (this.isRepeated(report)) {
        return { status: 200, body: { ack: report.sequence, duplicate: true } };
      }
      const position = await this.deps.keep(delivery);
      this.note(report);
      this.deps.deliver(report, delivery, position);
      return { status: 200, body: { ack: report.sequence, dropped: passed.dropped, warnings: passed.warnings } };
    } catch (error) {
      return this.refusal(error);
    }
  }

  /** Takes in what came over HTTP. */
  acceptHttp(raw: Buffer, headers: Readonly<Record<string, unknown>>, receivedAt: number): Promise<IntakeAnswer> {
    const header = (name: string) => (typeof headers[name] === "string" ? headers[name] : undefined);
    const [encoding, sent] = [header("content-encoding"), header("x-dotm-sent")];
    return this.accept({ raw, encoding, sent, authorization: header("authorization"), receivedAt });
  }

  /** Takes in a file of the folder of reports: whoever may write there speaks for any host. */
  async acceptFile(
    found: { readonly raw: Buffer; readonly encoding: "gzip" | undefined },
    receivedAt: number,
  ): Promise<void> {
    const delivery = { ...found, sent: undefined, authorization: undefined, receivedAt };
    const { report } = this.deps.read(delivery);
    if (!this.isRepeated(report)) {
      const position = await this.deps.keep(delivery);
      this.note(report);
      this.deps.deliver(report, delivery, position);
    }
  }

  /** Takes back a delivery that was made durable before a restart; one older than what is known is left out. */
  replay(delivery: Delivery, position: number): void {
    try {
      const { report } = this.deps.read(delivery);
      if ((this.last.get(report.host)?.at ?? 0) <= report.receivedAt) {
        this.note(report);
        this.deps.deliver(report, delivery, position);
      }
    } catch (error) {
      this.deps.logger.warn({ error: messageOf(error) }, "a stored report can no longer be read; left out");
    }
  }

  private isRepeated({ host, boot, sequence }: HostReport): boolean {
    const last = this.last.get(host);
    return last?.boot === boot && sequence <= last.sequence;
  }

  private note({ host, boot, sequence, receivedAt }: HostReport): void {
    this.last.set(host, { boot, sequence, at: receivedAt });
  }

  private refusal(error: unknown): IntakeAnswer {
    if (error instanceof DotmError) {
      const status = "status" in error && typeof error.status === "number" ? error.status : 400;
      this.deps.logger.warn({ reason: error.message }, "refused a report");
      return { status, body: { error: error.message, next: error.next } };
    }
    this.deps.logger.error({ error }, "could not take in a report");
    return { status: 503, body: { error: "the report could not be stored; it is kept by the agent and sent again" } };
  }
}
