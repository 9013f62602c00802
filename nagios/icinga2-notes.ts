/** Comments and downtimes as Icinga 2's API tells them (`/v1/objects/comments`, `/downtimes`). */
import { COMMENT_ORIGINS, type MonitoringComment, type MonitoringDowntime } from "../src/model/monitoring-notes.ts";
import { type Attrs, flagAt, numberAt, shownText, textAt, timeAt } from "./icinga2-attrs.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";

const NOTE_ATTRS = ["__name", "host_name", "service_name", "author", "entry_time"] as const;

/** Attributes of comments. */
export const COMMENT_ATTRS = [...NOTE_ATTRS, "entry_type", "text", "expire_time", "persistent"] as const;

/** Attributes of downtimes. */
export const DOWNTIME_ATTRS = [
  ...NOTE_ATTRS,
  "comment",
  "start_time",
  "end_time",
  "fixed",
  "duration",
  "trigger_time",
] as const;

/** A comment; undefined where it belongs to nothing that is let in. */
export function commentOf(attrs: Attrs): MonitoringComment | undefined {
  const note = noteOf(attrs);
  return (
    note && {
      origin: COMMENT_ORIGINS[numberAt(attrs, "entry_type") - 1] ?? "user",
      text: shownText(textAt(attrs, "text")),
      expires: timeAt(attrs, "expire_time"),
      persistent: flagAt(attrs, "persistent"),
      ...note,
    }
  );
}

/**
 * A downtime; undefined where it belongs to nothing that is let in. Whether it is in effect at `now`, Unix seconds,
 * follows from its times: a flexible one has `trigger_time` from the problem on that it waited for.
 */
export function downtimeOf(attrs: Attrs, now: number): MonitoringDowntime | undefined {
  const note = noteOf(attrs);
  const start = timeAt(attrs, "start_time");
  const end = timeAt(attrs, "end_time");
  const fixed = flagAt(attrs, "fixed", true);
  const duration = timeAt(attrs, "duration");
  const triggered = timeAt(attrs, "trigger_time");
  const inEffect = fixed ? start <= now && now < end : triggered > 0 && triggered <= now && now < triggered + duration;
  const text = shownText(textAt(attrs, "comment"));
  return note && { text, start, end, fixed, duration, inEffect, ...note };
}

function noteOf(attrs: Attrs) {
  const host = textAt(attrs, "host_name");
  const check = textAt(attrs, "service_name") || null;
  const id = textAt(attrs, "__name");
  const refusal = hostRefusal(host) ?? (check === null ? undefined : checkRefusal(check));
  if (refusal !== undefined || id === "") {
    return;
  }
  return { host, check, id, author: shownText(textAt(attrs, "author")), entered: timeAt(attrs, "entry_time") };
}
