/** The questions put to a Livestatus server, and their answers in our words. */
import { createHash } from "node:crypto";
import { commentReader, downtimeReader } from "../../nagios/livestatus-notes.ts";
import { type LivestatusProgram, readProgram } from "../../nagios/livestatus-program.ts";
import type { FilterLine } from "../../nagios/livestatus-query.ts";
import type { LivestatusRow } from "../../nagios/livestatus-rows.ts";
import { checkSetupReader, hostSetupReader } from "../../nagios/livestatus-setup.ts";
import { StatusRows } from "../../nagios/livestatus-status.ts";
import type { ObjectName } from "../../nagios/name-index.ts";
import { type Warning, Warnings } from "../../nagios/warnings.ts";
import type { CheckStatus, MonitoredCheck, MonitoredHost } from "../model/monitoring.ts";
import type { MonitoringComment, MonitoringDowntime } from "../model/monitoring-notes.ts";
import { noProgram } from "./livestatus-fault.ts";
import type { Choice, LivestatusTables } from "./livestatus-tables.ts";

/** States, and what was odd about them. */
export interface StatesAnswer {
  readonly statuses: readonly CheckStatus[];
  readonly warnings: readonly Warning[];
}

/** What the configuration says, and a digest by which two answers can be compared. */
export interface SetupAnswer {
  readonly hosts: readonly MonitoredHost[];
  readonly checks: readonly MonitoredCheck[];
  readonly digest: string;
}

/** Comments and downtimes. */
export interface NotesAnswer {
  readonly comments: readonly MonitoringComment[];
  readonly downtimes: readonly MonitoringDowntime[];
}

/** Which hosts and which checks are asked for, by their filters; null: none. */
export interface StatesChoice {
  readonly hosts: readonly FilterLine[] | null;
  readonly checks: readonly FilterLine[] | null;
}

/**
 * What the server says of itself. With `wait`, seconds, it is asked to hold its answer back until a state changes.
 * @throws LivestatusFault, as all questions do
 */
export async function askProgram(tables: LivestatusTables, wait: number): Promise<LivestatusProgram> {
  const choice: Choice = wait === 0 ? {} : { wait: { trigger: "state", milliseconds: Math.ceil(wait * 1000) } };
  const programs: LivestatusProgram[] = [];
  await tables.ask("program", choice, (columns) => collector(programs, (row) => readProgram(columns, row)));
  const [program] = programs;
  if (program === undefined) {
    throw noProgram();
  }
  return program;
}

/** The states of the objects chosen. */
export async function askStates(
  tables: LivestatusTables,
  choice: StatesChoice,
  intervalLength: number,
): Promise<StatesAnswer> {
  const warnings = new Warnings();
  const facts = { intervalLength, warnings };
  const hosts: CheckStatus[] = [];
  const checks: CheckStatus[] = [];
  if (choice.hosts !== null) {
    await tables.ask("hostStates", { filters: choice.hosts }, (columns) =>
      taker(hosts, new StatusRows(columns, facts)),
    );
  }
  if (choice.checks !== null) {
    await tables.ask("checkStates", { filters: choice.checks }, (columns) =>
      taker(checks, new StatusRows(columns, facts)),
    );
  }
  return { statuses: hosts.concat(checks), warnings: warnings.list() };
}

/** Takes rows into an emptied list. */
function taker(statuses: CheckStatus[], rows: StatusRows): (row: LivestatusRow) => string | null {
  statuses.length = 0;
  return (row) => {
    const status = rows.read(row);
    if (status === undefined) {
      return "a row tells no state";
    }
    if (status !== null) {
      statuses.push(status);
    }
    return null;
  };
}

/** The configuration. */
export async function askSetup(tables: LivestatusTables): Promise<SetupAnswer> {
  const hash = createHash("sha1");
  const hosts: MonitoredHost[] = [];
  const checks: MonitoredCheck[] = [];
  await tables.ask("hostSetup", { hash }, (columns) => collector(hosts, hostSetupReader(columns)));
  await tables.ask("checkSetup", { hash }, (columns) => collector(checks, checkSetupReader(columns)));
  return { hosts, checks, digest: hash.digest("base64") };
}

/** Comments and downtimes as they are at `now`, Unix seconds. */
export async function askNotes(
  tables: LivestatusTables,
  now: number,
  isInDowntime: (name: ObjectName) => boolean,
): Promise<NotesAnswer> {
  const comments: MonitoringComment[] = [];
  const downtimes: MonitoringDowntime[] = [];
  await tables.ask("comments", {}, (columns) => collector(comments, commentReader(columns)));
  await tables.ask("downtimes", {}, (columns) => collector(downtimes, downtimeReader(columns, now, isInDowntime)));
  return { comments, downtimes };
}

/** Collects what is read of rows into an emptied list. */
function collector<T>(list: T[], read: (row: LivestatusRow) => T | undefined): (row: LivestatusRow) => null {
  list.length = 0;
  return (row) => {
    const each = read(row);
    if (each !== undefined) {
      list.push(each);
    }
    return null;
  };
}
