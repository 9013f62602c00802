/** What a source said, counted and listed for people and for programs. */
import type { SourceReading } from "../ingest/source-reading.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import { CHECK_STATES, HOST_STATES, isProblem } from "../model/state.ts";
import type { Paint } from "./paint.ts";
import { tableText } from "./table.ts";
import { ageText, cell, isoTime } from "./words.ts";

/** Counts of the hosts, or of the checks, of a reading. */
interface Counts {
  readonly total: number;
  /** How many are in each state, states without any included. */
  readonly states: Readonly<Record<string, number>>;
  readonly soft: number;
  readonly acknowledged: number;
  /** By their own downtimes; a host's is counted at the host. */
  readonly inDowntime: number;
  readonly flapping: number;
  readonly comments: number;
  readonly downtimes: number;
}

/** The reading as a JSON value. */
export function readingJson(place: string, reading: SourceReading, now: number): object {
  const depths = new Map(
    reading.statuses.filter(({ check }) => check === null).map((own) => [own.host, own.downtimeDepth]),
  );
  const item = (status: CheckStatus) => statusItem(status, depths.get(status.host) ?? 0);
  const { format, version, asOf, complete, statuses, contents, warnings } = reading;
  const setups = new Map(reading.hosts.map(({ customVariables: _, ...host }) => [host.host, host]));
  const hosts = statuses.filter(({ check }) => check === null);
  return {
    ...{ apiVersion: "dotm/v1", kind: "SourceReading", place, format, version, complete },
    ...{ asOf: isoTime(asOf), ageSeconds: asOf > 0 ? Math.round(now - asOf) : null },
    counts: { hosts: countsOf(reading, true), checks: countsOf(reading, false) },
    contents: Object.fromEntries(contents),
    warnings,
    hosts: hosts.map((status) => ({ ...item(status), ...setups.get(status.host) })),
    checks: statuses.filter(({ check }) => check !== null).map(item),
    configured: { hosts: reading.hosts.length, checks: reading.checks.length },
    comments: reading.comments.map((note) => ({
      ...note,
      entered: isoTime(note.entered),
      expires: isoTime(note.expires),
    })),
    downtimes: reading.downtimes.map((note) => {
      return { ...note, entered: isoTime(note.entered), start: isoTime(note.start), end: isoTime(note.end) };
    }),
  };
}

function statusItem(status: CheckStatus, hostDepth: number) {
  const { host, check, state, stateType, attempt, maxAttempts, output, longOutput, command, interval, active } = status;
  return {
    ...{ host, ...(check === null ? {} : { check }), state, stateType, attempt, maxAttempts },
    handling: {
      acknowledged: status.acknowledgement !== "none",
      acknowledgement: status.acknowledgement,
      inDowntime: status.downtimeDepth + (check === null ? 0 : hostDepth) > 0,
      flapping: status.flapping,
      soft: isProblem(state) && stateType === "SOFT",
    },
    downtimeDepth: status.downtimeDepth,
    reachable: status.reachable,
    ...{ lastCheck: isoTime(status.lastCheck), lastChange: isoTime(status.lastChange) },
    lastHardChange: isoTime(status.lastHardChange),
    ...{ output, longOutput, command, interval, active },
  };
}

/** The reading as tables: what it is, counts per state, what else it holds, what was odd. */
export function readingTables(
  place: string,
  reading: SourceReading,
  { now, headers, paint }: { readonly now: number; readonly headers: boolean; readonly paint: Paint },
): string {
  const { format, version, asOf, complete, contents, warnings } = reading;
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
    rows.length === 0 ? "" : tableText(heads, rows, { headers, paint });
  const about = [place, format, cell(version), cell(isoTime(asOf)), ageText(asOf, now), complete ? "yes" : "NO"];
  const [hosts, checks] = [countsOf(reading, true), countsOf(reading, false)];
  return [
    table(["SOURCE", "FORMAT", "VERSION", "WRITTEN", "AGE", "COMPLETE"], [about]),
    hosts.total === 0 ? "" : table(headsOf("HOSTS", hosts), [cellsOf(hosts)]),
    checks.total === 0 ? "" : table(headsOf("CHECKS", checks), [cellsOf(checks)]),
    table(
      ["CONTENT", "COUNT"],
      [...contents].map(([name, count]) => [name, `${count}`]),
    ),
    table(
      ["WARNING", "COUNT", "EXAMPLE"],
      warnings.map(({ reason, count, example }) => [reason, `${count}`, example]),
    ),
  ]
    .filter((text) => text !== "")
    .join("\n");
}

const HANDLING = ["SOFT", "ACKNOWLEDGED", "IN DOWNTIME", "FLAPPING", "COMMENTS", "DOWNTIMES"];

function headsOf(what: string, { states }: Counts): string[] {
  return [what, ...Object.keys(states), ...HANDLING];
}

function cellsOf({ total, states, soft, acknowledged, inDowntime, flapping, comments, downtimes }: Counts): string[] {
  const handling = [soft, acknowledged, inDowntime, flapping, comments, downtimes];
  return [total, ...Object.values(states), ...handling].map(String);
}

function countsOf({ statuses, comments, downtimes }: SourceReading, isHosts: boolean): Counts {
  const own = statuses.filter(({ check }) => (check === null) === isHosts);
  const count = (is: (status: CheckStatus) => boolean) => own.filter(is).length;
  const concerns = ({ check }: { readonly check: string | null }) => (check === null) === isHosts;
  const states = isHosts ? [...HOST_STATES, "PENDING"] : [...CHECK_STATES, "PENDING"];
  return {
    total: own.length,
    states: Object.fromEntries(states.map((name) => [name, count(({ state }) => state === name)])),
    soft: count(({ state, stateType }) => isProblem(state) && stateType === "SOFT"),
    acknowledged: count(({ acknowledgement }) => acknowledgement !== "none"),
    inDowntime: count(({ downtimeDepth }) => downtimeDepth > 0),
    flapping: count(({ flapping }) => flapping),
    comments: comments.filter(concerns).length,
    downtimes: downtimes.filter(concerns).length,
  };
}
