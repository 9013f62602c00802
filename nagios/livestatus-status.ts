/** Rows of the Livestatus tables `hosts` and `services` as what all sources say of a host or service check. */
import { titleOf } from "../src/model/ids.ts";
import type { CheckStatus } from "../src/model/monitoring.ts";
import { ACKNOWLEDGEMENTS, type Acknowledgement, type State } from "../src/model/state.ts";
import { unescapeLongOutput } from "./field-text.ts";
import { CellReader } from "./livestatus-cells.ts";
import type { Column } from "./livestatus-columns.ts";
import type { FilterLine } from "./livestatus-query.ts";
import type { LivestatusRow } from "./livestatus-rows.ts";
import type { ObjectName } from "./name-index.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";
import { checkStateOf, hostStateOf, stateTypeOf, UNKNOWN_CHECK, UNKNOWN_HOST } from "./states.ts";
import type { Warnings } from "./warnings.ts";

/** A column of either table. */
type StateColumn = Column<"hostStates"> | Column<"checkStates">;

/** Largest interval taken, seconds. */
const LONGEST_INTERVAL = 100_000_000_000;

const HARD = 1;
const UNREACHABLE = 2;

/** Different check commands that are kept as one text each. */
const MOST_COMMANDS = 20_000;

/** Seconds a result is dated before it can be seen: it waits for being collected. */
const COLLECTED_WITHIN = 15;

/** A check that ran longer than this, seconds, is dated by its beginning; it ran at most this long. */
const SLOW = 5;
const SLOWEST = 150;

/** What holds for all rows of an answer. */
export interface StatusRowFacts {
  /** Seconds of one unit of `check_interval`: `interval_length` of the table `status`. */
  readonly intervalLength: number;
  readonly warnings: Warnings;
}

/**
 * Chooses the rows that may have changed since a moment of the server's clock, and all that are a problem, acknowledged,
 * in downtime or flapping: nothing tells when an acknowledgement or a downtime came or went, or how late a passive
 * result was sent in. Whatever was in that state and is missing in the answer has left it.
 */
export function changedFilters(since: number): FilterLine[] {
  const from = Math.max(0, Math.floor(since));
  return [
    { column: "last_check", operator: ">=", value: Math.max(0, from - COLLECTED_WITHIN) },
    { column: "last_check", operator: ">=", value: Math.max(0, from - SLOWEST) },
    { column: "execution_time", operator: ">", value: SLOW },
    { join: "And", count: 2 },
    { column: "state", operator: "!=", value: 0 },
    { column: "acknowledged", operator: "!=", value: 0 },
    { column: "scheduled_downtime_depth", operator: "!=", value: 0 },
    { column: "is_flapping", operator: "!=", value: 0 },
    { join: "Or", count: 6 },
  ];
}

/** Reads rows of one answer after another. */
export class StatusRows {
  readonly #cells: CellReader<StateColumn>;
  readonly #isHosts: boolean;
  readonly #facts: StatusRowFacts;
  readonly #commands = new Map<string, string>();
  #host = "";

  /** `columns` as they were asked for; those of hosts have `name`. */
  constructor(columns: readonly StateColumn[], facts: StatusRowFacts) {
    this.#cells = new CellReader(columns);
    this.#isHosts = columns.includes("name");
    this.#facts = facts;
  }

  /** The status in a row; null where its name is refused, undefined where it tells no state: the answer is no good then. */
  read(row: LivestatusRow): CheckStatus | null | undefined {
    const cells = this.#cells.at(row);
    const code = cells.number("state", Number.NaN);
    const checked = cells.number("has_been_checked", Number.NaN);
    if (Number.isNaN(code + checked)) {
      return;
    }
    const name = this.#name();
    const refusal = hostRefusal(name.host) ?? (name.check === null ? undefined : checkRefusal(name.check));
    if (refusal !== undefined) {
      this.#facts.warnings.add(refusal, titleOf(name));
      return null;
    }
    return this.#status(name, checked === 0 ? "PENDING" : this.#state(name, code));
  }

  #status(name: ObjectName, state: State): CheckStatus {
    const cells = this.#cells;
    const stateType = stateTypeOf(cells.number("state_type", HARD));
    const retrying = stateType === "SOFT" && state !== "OK" && state !== "UP";
    return {
      host: name.host,
      check: name.check,
      state,
      stateType,
      attempt: cells.count("current_attempt"),
      maxAttempts: cells.count("max_check_attempts"),
      lastCheck: cells.time("last_check"),
      lastChange: cells.time("last_state_change"),
      lastHardChange: cells.time("last_hard_state_change"),
      output: cells.text("plugin_output"),
      longOutput: unescapeLongOutput(cells.lines("long_plugin_output"), true),
      acknowledgement: this.#acknowledgement(),
      downtimeDepth: cells.count("scheduled_downtime_depth"),
      flapping: cells.flag("is_flapping"),
      interval: this.#interval(retrying ? "retry_interval" : "check_interval"),
      command: this.#command(),
      reachable: cells.number("is_reachable", 1) > 0 && state !== "UNREACHABLE",
      active: cells.number("active_checks_enabled", 1) > 0,
    };
  }

  /** Rows of one host follow each other; its name is kept once. */
  #name(): ObjectName {
    const host = this.#cells.text(this.#isHosts ? "name" : "host_name");
    this.#host = host === this.#host ? this.#host : host;
    return { host: this.#host, check: this.#isHosts ? null : this.#cells.text("description") };
  }

  #state(name: ObjectName, code: number): State {
    const state = this.#isHosts ? this.#hostState(code) : checkStateOf(code);
    if (state !== undefined) {
      return state;
    }
    this.#facts.warnings.add("state out of range", titleOf(name));
    return this.#isHosts ? UNKNOWN_HOST : UNKNOWN_CHECK;
  }

  /** Icinga 2 calls every host behind a broken one unreachable here, also one that answers its checks all the same. */
  #hostState(code: number): State | undefined {
    const cells = this.#cells;
    const isUp = cells.number("hard_state", 1) === 0 && cells.number("state_type", HARD) === HARD;
    return code === UNREACHABLE && isUp ? "UP" : hostStateOf(code);
  }

  #acknowledgement(): Acknowledgement {
    const type = this.#cells.number("acknowledgement_type", 1);
    return this.#cells.flag("acknowledged") ? (ACKNOWLEDGEMENTS[Math.max(1, type)] ?? "normal") : "none";
  }

  /** Seconds between two results; 0 for passive checks, which come when they come. */
  #interval(column: "check_interval" | "retry_interval"): number {
    if (this.#cells.number("active_checks_enabled", 1) === 0) {
      return 0;
    }
    const seconds = this.#cells.number(column, 0) * this.#facts.intervalLength;
    // Icinga 2 says 0.16666666666666666 minutes for ten seconds.
    return Math.round(Math.min(LONGEST_INTERVAL, Math.max(0, seconds)) * 100) / 100;
  }

  #command(): string | null {
    const command = this.#cells.text("check_command");
    const known = this.#commands.get(command);
    if (known === undefined && this.#commands.size < MOST_COMMANDS) {
      this.#commands.set(command, command);
    }
    return command === "" ? null : (known ?? command);
  }
}
