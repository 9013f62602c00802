/** Tells what readings of CGIs say: what changed since the last one, how the source is, and nothing any more that is too old. */
import { NO_NAME } from "../../nagios/cgi-status.ts";
import type { Warning } from "../../nagios/warnings.ts";
import type { Logger } from "../logger.ts";
import { fingerprint } from "../model/fingerprint.ts";
import type { SourceObservation } from "../model/monitoring.ts";
import { aliasNames, withAliases } from "./alias-names.ts";
import type { CgiReading } from "./cgi-dialect.ts";
import { type FileFault, faultText } from "./file-fault.ts";
import { HealthTeller } from "./health-teller.ts";
import { MissedOnce } from "./missed-once.ts";
import { QuietLog } from "./quiet-log.ts";
import type { ObservationSink } from "./source.ts";
import { ToldStatuses } from "./told-statuses.ts";

/** Of which source, and whom it tells. */
export interface CgiTellerOptions {
  readonly name: string;
  /** Seconds between two readings. */
  readonly interval: number;
  /** Calls hosts by their alias where that can be a name, but for those named here; absent: by their name. */
  readonly aliasesBut?: ReadonlySet<string>;
  /** Seconds without news from the monitoring after which all it said is forgotten; absent: never. */
  readonly expire?: number;
  readonly sink: ObservationSink;
  readonly logger: Logger;
  /** Unix seconds. */
  readonly now: () => number;
}

const TYPE = "cgi";

/** Seconds that the monitoring may take to write its status, which the CGIs read. */
const WRITE_SLACK = 30;

/** The teller of one source. */
export class CgiTeller {
  readonly #options: CgiTellerOptions;
  readonly #quiet: QuietLog;
  readonly #health: HealthTeller;
  readonly #missed = new MissedOnce();
  #told = new ToldStatuses();
  #notes = 0;

  constructor(options: CgiTellerOptions) {
    const { name: source, interval, sink, logger, now } = options;
    this.#options = options;
    this.#quiet = new QuietLog(logger, now);
    this.#health = new HealthTeller({
      source,
      type: TYPE,
      staleAfter: staleAfter(interval),
      sink,
      quiet: this.#quiet,
      now,
    });
  }

  /** Tells a reading, undefined for one without news; the next one comes after `period` seconds. */
  takeReading(reading: CgiReading | undefined, period: number): void {
    const { logger, name } = this.#options;
    if (this.#health.isFailing) {
      logger.info({ source: name }, "the CGIs answer again");
    }
    if (reading !== undefined) {
      this.#tell(reading, period);
    }
    this.#health.well();
  }

  /** Tells that there was no reading. */
  takeFault(fault: FileFault): void {
    this.#warn("the CGIs give no answer that can be used", fault.reason, fault);
    this.#health.failed(faultText(fault));
  }

  /** Whether what was told last is so old that it counts no more; if so, takes it back. */
  takeBackOld(): boolean {
    const { expire, now, name: source, sink } = this.#options;
    const { asOf } = this.#health;
    const isOld = expire !== undefined && asOf > 0 && now() - asOf > expire;
    if (isOld && !this.#told.isEmpty) {
      this.#told = new ToldStatuses();
      this.#notes = 0;
      this.#warn("what the CGIs said is too old and is forgotten", "expired", { expire });
      sink({ kind: "states", source, full: true, asOf, statuses: [], gone: [] });
      sink({ kind: "notes", source, comments: [], downtimes: [] });
    }
    return isOld;
  }

  #tell(reading: CgiReading, period: number): void {
    const { asOf, objects, notes, warnings } = reading;
    const { name: source } = this.#options;
    for (const { reason, count, example } of warnings) {
      this.#warn("the CGIs say something odd", reason, { count, example });
    }
    const hosts = reading.statuses.filter(({ check }) => check === null).length;
    const counted = { hosts, checks: reading.statuses.length - hosts };
    this.#health.hear({ asOf, ...counted, staleAfter: staleAfter(period), warning: warningText(warnings) });
    if (this.takeBackOld()) {
      return;
    }
    const told = (observation: SourceObservation) =>
      this.#tellNews(this.#named(observation, reading), reading.complete);
    if (objects !== undefined) {
      told({ kind: "objects", source, hosts: objects.hosts, checks: objects.checks });
    }
    told({ kind: "states", source, full: true, asOf, statuses: reading.statuses, gone: [] });
    if (notes !== undefined) {
      told({ kind: "notes", source, ...notes });
    }
  }

  #named(observation: SourceObservation, { statuses, otherNames }: CgiReading): SourceObservation {
    const { aliasesBut } = this.#options;
    if (aliasesBut === undefined) {
      return observation;
    }
    const hosts = new Set(statuses.map(({ host }) => host));
    return withAliases(observation, aliasNames(hosts, otherNames, aliasesBut));
  }

  #tellNews(observation: SourceObservation, complete: boolean): void {
    const { sink } = this.#options;
    if (observation.kind === "states") {
      const all = this.#missed.withMissing(observation.statuses, this.#told.all(), complete);
      const news = this.#told.takeAll(all);
      if (news.full || news.statuses.length > 0 || news.gone.length > 0) {
        sink({ ...observation, ...news });
      }
    } else if (observation.kind !== "notes" || this.#areNewNotes(observation)) {
      sink(observation);
    }
  }

  #areNewNotes(notes: SourceObservation): boolean {
    const print = fingerprint(JSON.stringify(notes));
    const isNew = print !== this.#notes;
    this.#notes = print;
    return isNew;
  }

  #warn(message: string, reason: string, fields: object): void {
    this.#quiet.warn(message, reason, { source: this.#options.name, ...fields });
  }
}

function staleAfter(period: number): number {
  return 3 * period + WRITE_SLACK;
}

/** What people should know who think they see everything. */
function warningText(warnings: readonly Warning[]): string | undefined {
  const unnamed = warnings.find(({ reason }) => reason === NO_NAME);
  return unnamed === undefined
    ? undefined
    : `${unnamed.count} hosts, checks or notes come without their names. Install a UTF-8 locale on the server ` +
        "(such as en_US.UTF-8), or read its status.dat instead.";
}
