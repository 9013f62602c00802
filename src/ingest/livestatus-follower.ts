/**
 * Follows one Livestatus server look by look: first everything, then what changed. Everything is asked for again now and
 * then, when the program was restarted, and when it has more or fewer objects than before.
 */
import type { LivestatusProgram } from "../../nagios/livestatus-program.ts";
import { isSendable, namedFilters } from "../../nagios/livestatus-query.ts";
import { changedFilters } from "../../nagios/livestatus-status.ts";
import type { ObjectName } from "../../nagios/name-index.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import { noObjects } from "./livestatus-fault.ts";
import { LivestatusPicture } from "./livestatus-picture.ts";
import { askNotes, askProgram, askSetup, askStates, type StatesChoice } from "./livestatus-questions.ts";
import { isComplaint, type LivestatusTables } from "./livestatus-tables.ts";
import type { QuietLog } from "./quiet-log.ts";
import type { ObservationSink } from "./source.ts";

/** Whom it asks and whom it tells. */
export interface LivestatusFollowerOptions {
  /** Name of the source. */
  readonly source: string;
  readonly tables: LivestatusTables;
  /** Seconds between two questions for everything. */
  readonly resync: number;
  readonly sink: ObservationSink;
  readonly quiet: QuietLog;
  /** Unix seconds. */
  readonly now: () => number;
}

/** More objects than these are not asked for by name: everything is asked for then. */
const MOST_NAMED = 200;

/** So many waits that end early, and with nothing changed, show that the server does not wait. */
const FRUITLESS = 3;

const EVERYTHING: StatesChoice = { hosts: [], checks: [] };

/** What is known of one server. */
export class LivestatusFollower {
  readonly #options: LivestatusFollowerOptions;
  readonly #picture = new LivestatusPicture();
  #program: LivestatusProgram | undefined;
  /** When everything was asked for last; null where it has to be asked for. */
  #asked: number | null = null;
  #setup = "";
  #notes = "";
  #fruitless = 0;

  constructor(options: LivestatusFollowerOptions) {
    this.#options = options;
  }

  /** How many hosts and checks there are. */
  get counts(): { readonly hosts: number; readonly checks: number } {
    return this.#picture.counts;
  }

  /** Whether the server can be asked to hold its answer back until something changes. */
  get canWait(): boolean {
    return this.#program !== undefined && !this.#program.isIcinga2 && this.#fruitless < FRUITLESS;
  }

  /**
   * Looks once, and tells what is new. With `wait`, seconds, the server is asked to hold back until a state changes.
   * Returns how many seconds the rest of the answers took.
   * @throws LivestatusFault
   */
  async look(wait: number): Promise<number> {
    const begun = performance.now();
    const program = await this.#askProgram(wait);
    const waited = (performance.now() - begun) / 1_000;
    const before = this.#program;
    this.#program = program;
    const isChanged = this.#mustAskAll(before, program) ? await this.#lookAtAll() : await this.#lookAtChanges();
    await this.#lookAtNotes();
    if (wait > 0) {
      this.#fruitless = isChanged || waited >= wait * 0.9 ? 0 : this.#fruitless + 1;
    }
    return (performance.now() - begun) / 1_000 - waited;
  }

  async #askProgram(wait: number): Promise<LivestatusProgram> {
    const { tables } = this.#options;
    try {
      return await askProgram(tables, wait);
    } catch (error) {
      if (wait === 0 || !isComplaint(error)) {
        throw error;
      }
      this.#fruitless = FRUITLESS;
      return await askProgram(tables, 0);
    }
  }

  #mustAskAll(before: LivestatusProgram | undefined, program: LivestatusProgram): boolean {
    const { resync, now } = this.#options;
    if (before?.started !== program.started || before.version !== program.version) {
      this.#fruitless = 0;
      return true;
    }
    const isOther = before.hosts !== program.hosts || before.checks !== program.checks;
    return isOther || this.#asked === null || now() - this.#asked >= resync || now() < this.#asked;
  }

  /** Asks for configuration and states; whether a state is new. */
  async #lookAtAll(): Promise<boolean> {
    const { source, sink, tables, now } = this.#options;
    this.#asked = null;
    tables.forgetColumns();
    const asked = now();
    const { digest, ...setup } = await askSetup(tables);
    const statuses = await this.#askStates(EVERYTHING);
    if (statuses.length === 0) {
      throw noObjects();
    }
    if (digest !== this.#setup) {
      this.#setup = digest;
      sink({ kind: "objects", source, ...setup });
    }
    const { full, statuses: changed, gone } = await this.#picture.takeAll(statuses, asked);
    this.#tellStates(asked, changed, { full, gone });
    this.#asked = asked;
    return full || changed.length > 0 || gone.length > 0;
  }

  /** Asks for what may have changed; whether a state is new. */
  async #lookAtChanges(): Promise<boolean> {
    const asked = this.#options.now();
    const filters = changedFilters(this.#picture.newest);
    const answer = await this.#askStates({ hosts: filters, checks: filters });
    const { statuses, missing } = this.#picture.takeChanged(answer, asked);
    this.#tellStates(asked, statuses);
    const isMore = missing.length > 0 && (await this.#lookAtNamed(missing));
    return statuses.length > 0 || isMore;
  }

  /** Asks for objects by name; for everything where that cannot be, and next time where some are not found. */
  async #lookAtNamed(names: readonly ObjectName[]): Promise<boolean> {
    const everything = this.#asked;
    // Until it is known better: whoever is missing is not among those in trouble any more and would not be missed again.
    this.#asked = null;
    if (names.length > MOST_NAMED || !names.every(isNameSendable)) {
      return await this.#lookAtAll();
    }
    const hosts = names.filter(({ check }) => check === null);
    const checks = names.filter(({ check }) => check !== null);
    const asked = this.#options.now();
    const answer = await this.#askStates({
      hosts: hosts.length === 0 ? null : namedFilters("hosts", hosts),
      checks: checks.length === 0 ? null : namedFilters("services", checks),
    });
    this.#asked = answer.length < names.length ? null : everything;
    const changed = this.#picture.takeNamed(answer, asked);
    this.#tellStates(asked, changed);
    return changed.length > 0;
  }

  async #askStates(choice: StatesChoice): Promise<readonly CheckStatus[]> {
    const { source, tables, quiet } = this.#options;
    const { statuses, warnings } = await askStates(tables, choice, this.#program?.intervalLength ?? 60);
    for (const { reason, count, example } of warnings) {
      quiet.warn("Livestatus tells something odd", reason, { source, count, example });
    }
    return statuses;
  }

  #tellStates(
    asOf: number,
    statuses: readonly CheckStatus[],
    { full = false, gone = [] as readonly ObjectName[] } = {},
  ): void {
    if (full || statuses.length > 0 || gone.length > 0) {
      this.#options.sink({ kind: "states", source: this.#options.source, full, asOf, statuses, gone });
    }
  }

  async #lookAtNotes(): Promise<void> {
    const { source, sink, tables, now } = this.#options;
    const notes = await askNotes(tables, now(), (name) => this.#picture.isInDowntime(name));
    const text = JSON.stringify(notes);
    if (text !== this.#notes) {
      this.#notes = text;
      sink({ kind: "notes", source, ...notes });
    }
  }
}

function isNameSendable({ host, check }: ObjectName): boolean {
  return isSendable(host) && (check === null || isSendable(check));
}
