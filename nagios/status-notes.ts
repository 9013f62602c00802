/** Comments and downtimes of a `status.dat`, for whoever wants to show them; the states do not need them. */
import { COMMENT_ORIGINS, type MonitoringComment, type MonitoringDowntime } from "../src/model/monitoring-notes.ts";
import { isClosing } from "./block-walk.ts";
import type { ByteLines } from "./byte-lines.ts";
import { fieldText } from "./field-text.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";

/** All comments and downtimes of one file. */
export interface StatusNotes {
  readonly comments: readonly MonitoringComment[];
  readonly downtimes: readonly MonitoringDowntime[];
}

const NOTE = /^(?:host|service)(comment|downtime)$/;
const MOST_FIELDS = 64;

/** Gathers the comments and downtimes of a file block by block. */
export class NoteIntake {
  readonly #comments: MonitoringComment[] = [];
  readonly #downtimes: MonitoringDowntime[] = [];

  /** Takes the block of this name whose first line is at `from`, if it is a comment or downtime that ends and has a name. */
  take(text: ByteLines, name: string, from: number): void {
    const kind = NOTE.exec(name)?.[1];
    const fields = kind === undefined ? undefined : fieldsOf(text, from);
    if (fields !== undefined && kind === "comment") {
      addIfNamed(this.#comments, commentOf(fields));
    } else if (fields !== undefined) {
      addIfNamed(this.#downtimes, downtimeOf(fields));
    }
  }

  /** What was taken. */
  get notes(): StatusNotes {
    return { comments: this.#comments, downtimes: this.#downtimes };
  }
}

/** Keys and values of the block whose first line is at `from`; undefined where it does not end. */
function fieldsOf(text: ByteLines, from: number): Map<string, string> | undefined {
  const fields = new Map<string, string>();
  for (let at = from; at < text.length && fields.size < MOST_FIELDS; at = text.lineEnd(at) + 1) {
    const lineEnd = text.lineEnd(at);
    if (isClosing(text, at)) {
      return fields;
    }
    addField(fields, fieldText(text.bytes, at, text.textEnd(at, lineEnd)));
  }
  return;
}

function addField(fields: Map<string, string>, line: string): void {
  const equals = line.indexOf("=");
  const key = line.slice(1, equals);
  if (equals > 1 && !fields.has(key)) {
    fields.set(key, line.slice(equals + 1));
  }
}

function addIfNamed<Note extends { readonly host: string; readonly check: string | null }>(
  notes: Note[],
  note: Note,
): void {
  if (hostRefusal(note.host) === undefined && (note.check === null || checkRefusal(note.check) === undefined)) {
    notes.push(note);
  }
}

function commentOf(fields: ReadonlyMap<string, string>): MonitoringComment {
  return {
    id: fields.get("comment_id") ?? "",
    origin: COMMENT_ORIGINS[numberOf(fields, "entry_type") - 1] ?? "user",
    text: fields.get("comment_data") ?? "",
    expires: fields.get("expires") === "1" ? numberOf(fields, "expire_time") : 0,
    persistent: fields.get("persistent") === "1",
    ...objectOf(fields),
  };
}

function downtimeOf(fields: ReadonlyMap<string, string>): MonitoringDowntime {
  return {
    id: fields.get("downtime_id") ?? "",
    text: fields.get("comment") ?? "",
    start: numberOf(fields, "start_time"),
    end: numberOf(fields, "end_time"),
    fixed: fields.get("fixed") !== "0",
    duration: numberOf(fields, "duration"),
    inEffect: fields.get("is_in_effect") === "1",
    ...objectOf(fields),
  };
}

function objectOf(
  fields: ReadonlyMap<string, string>,
): Pick<MonitoringComment, "host" | "check" | "author" | "entered"> {
  return {
    host: fields.get("host_name") ?? "",
    check: fields.get("service_description") ?? null,
    author: fields.get("author") ?? "",
    entered: numberOf(fields, "entry_time"),
  };
}

function numberOf(fields: ReadonlyMap<string, string>, key: string): number {
  const value = Number(fields.get(key));
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
