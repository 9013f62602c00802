/** Reads answers in JSON that somebody kept in a file: of the CGIs of Nagios 4 and Icinga 1, and of Livestatus. */
import { CgiObjectRows, OBJECT_LISTS } from "../../nagios/cgi-objects.ts";
import { cgiComment, cgiDowntime, cgiResult, cgiStatus, STATUS_LISTS } from "../../nagios/cgi-status.ts";
import type { ZoneOffset } from "../../nagios/classic-date.ts";
import { CLASSIC_LISTS, ClassicRows } from "../../nagios/classic-status.ts";
import { textField } from "../../nagios/json-field.ts";
import { type JsonRow, JsonRows } from "../../nagios/json-rows.ts";
import { type LivestatusRow, RowScan } from "../../nagios/livestatus-rows.ts";
import { StatusRows } from "../../nagios/livestatus-status.ts";
import { Warnings } from "../../nagios/warnings.ts";
import type { CheckStatus } from "../model/monitoring.ts";
import type { MonitoringComment, MonitoringDowntime } from "../model/monitoring-notes.ts";
import { NOTHING_READ, type SourceReading } from "./source-reading.ts";

/** What an answer leaves out. */
export interface AnswerClock {
  /** When the file was kept, Unix seconds. */
  readonly now: number;
  readonly offset: ZoneOffset;
}

/** Reads an answer; undefined where it is none that is known. */
export function readSourceJson(bytes: Buffer, clock: AnswerClock): SourceReading | undefined {
  const text = bytes.toString("latin1", 0, 4096).trimStart();
  if (text.startsWith("[")) {
    return readLivestatus(bytes);
  }
  if (/"(?:cgi_json_version|icinga_status)"/.test(text)) {
    return readClassic(bytes, clock);
  }
  if (/"(?:host|service)status|"(?:host|service|comment|downtime|hostgroup|servicegroup)list"|"cgi": *"/.test(text)) {
    return readNagiosCgi(bytes);
  }
  return text.startsWith("{") ? readWrappedLivestatus(bytes) : undefined;
}

function rowsOf(bytes: Buffer, lists: ReadonlyMap<string, number>) {
  const rows: JsonRow[] = [];
  const scan = new JsonRows(lists, (row) => rows.push(row));
  scan.feed(bytes);
  return { rows, complete: scan.finish() === undefined && scan.broken === 0 };
}

function readClassic(bytes: Buffer, clock: AnswerClock): SourceReading {
  const { rows, complete } = rowsOf(bytes, CLASSIC_LISTS);
  const [classic, warnings] = [new ClassicRows(), new Warnings()];
  for (const row of rows) {
    classic.take(row);
  }
  const { statuses, asOf } = classic.finish(clock, warnings);
  const version = /"cgi_json_version": *"([^"]*)"/.exec(bytes.toString("latin1", 0, 4096))?.[1] ?? "";
  const format = "Icinga 1 status.cgi?jsonoutput";
  return { ...NOTHING_READ, format, version, asOf, complete, statuses, warnings: warnings.list() };
}

function readNagiosCgi(bytes: Buffer): SourceReading {
  const { rows, complete } = rowsOf(bytes, new Map([...STATUS_LISTS, ...OBJECT_LISTS]));
  const [warnings, objects] = [new Warnings(), new CgiObjectRows(new Warnings())];
  const isObjects = rows.some(({ list, fields }) => list === "result" && textField(fields, "cgi") === "objectjson.cgi");
  const statuses: CheckStatus[] = [];
  const comments: MonitoringComment[] = [];
  const downtimes: MonitoringDowntime[] = [];
  const result = rows.find(({ list }) => list === "result");
  for (const row of rows.filter(({ list }) => list !== "result")) {
    if (isObjects) {
      objects.take(row);
    } else if (row.list === "data.commentlist") {
      addIfThere(comments, cgiComment(row, warnings));
    } else if (row.list === "data.downtimelist") {
      addIfThere(downtimes, cgiDowntime(row, warnings));
    } else {
      addIfThere(statuses, cgiStatus(row, new Map(), warnings));
    }
  }
  const { hosts, checks } = objects.finish();
  const asOf = result === undefined ? 0 : cgiResult(result).asOf;
  const format = isObjects ? "Nagios objectjson.cgi" : "Nagios statusjson.cgi";
  const told = { statuses, comments, downtimes, hosts, checks, warnings: warnings.list() };
  return { ...NOTHING_READ, format, asOf, complete, ...told };
}

/** Columns that are known without their names: as questions commonly order them, told apart by what the cells hold. */
const COMMON_COLUMNS: readonly (readonly string[])[] = [
  [
    ...["host_name", "description", "state", "has_been_checked", "acknowledged", "scheduled_downtime_depth"],
    ...[
      "host_scheduled_downtime_depth",
      "plugin_output",
      "check_command",
      "last_state_change",
      "is_flapping",
      "state_type",
    ],
  ],
  [
    ...["name", "address", "state", "has_been_checked", "acknowledged", "scheduled_downtime_depth"],
    ...["plugin_output", "num_services"],
  ],
];

function readLivestatus(bytes: Buffer): SourceReading | undefined {
  const scan = new RowScan();
  const rows = scan.push(bytes);
  const complete = scan.end() === null;
  const [first = []] = rows;
  const isHead = first.length > 0 && first.every((cell) => typeof cell === "string" && /^[a-z][a-z0-9_]*$/.test(cell));
  const columns = isHead ? first.map(String) : COMMON_COLUMNS.find((known) => known.length === first.length);
  return columns === undefined ? undefined : livestatusReading(columns, isHead ? rows.slice(1) : rows, complete);
}

function readWrappedLivestatus(bytes: Buffer): SourceReading | undefined {
  try {
    const { columns, data } = JSON.parse(bytes.toString("utf8")) as { columns?: unknown; data?: unknown };
    const rows = Array.isArray(data) ? data.filter((row): row is LivestatusRow => Array.isArray(row)) : undefined;
    const [named] = Array.isArray(columns) ? columns : [];
    const known = Array.isArray(named) ? named : columns;
    const heads = Array.isArray(known)
      ? known.map(String)
      : COMMON_COLUMNS.find(({ length }) => length === rows?.[0]?.length);
    return rows === undefined || heads === undefined ? undefined : livestatusReading(heads, rows, true);
  } catch {
    return;
  }
}

function livestatusReading(
  columns: readonly string[],
  rows: readonly LivestatusRow[],
  complete: boolean,
): SourceReading {
  const warnings = new Warnings();
  const reader = new StatusRows(columns as ConstructorParameters<typeof StatusRows>[0], {
    intervalLength: 60,
    warnings,
  });
  const statuses: CheckStatus[] = [];
  let isBroken = false;
  for (const row of rows) {
    const status = reader.read(row);
    isBroken ||= status === undefined;
    addIfThere(statuses, status ?? undefined);
  }
  const told = { statuses, complete: complete && !isBroken, warnings: warnings.list() };
  return { ...NOTHING_READ, format: "Livestatus JSON", ...told };
}

function addIfThere<T>(list: T[], value: T | undefined): void {
  if (value !== undefined) {
    list.push(value);
  }
}
