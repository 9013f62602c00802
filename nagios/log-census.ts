/**
 * Counts what a whole `nagios.log` holds, for whoever wants to know what following it would tell. Lines begin with
 * `[epoch]`, or, where somebody made them readable, with a date in UTC.
 */
import type { LogEvent } from "./log-event.ts";
import { readLogLine } from "./nagios-log.ts";

/** What the log holds. Times are Unix seconds, 0 where no line has one. */
export interface LogCensus {
  readonly lines: number;
  /** Lines by their type, such as `SERVICE ALERT`; `other` for those of no type. */
  readonly entries: ReadonlyMap<string, number>;
  /** Alerts by type, state and state type: `SERVICE ALERT CRITICAL HARD`. */
  readonly alerts: ReadonlyMap<string, number>;
  readonly firstTime: number;
  readonly lastTime: number;
  /** What following the log would tell, in its order. */
  readonly events: readonly LogEvent[];
}

const LINE = /^\[([^\]]{1,40})\] (?:([A-Z][A-Z ]+[A-Z]): ?)?(.*)$/;

/** Counts all whole lines of a log. Never throws. */
export function takeLogCensus(log: Buffer): LogCensus {
  const [entries, alerts] = [new Map<string, number>(), new Map<string, number>()];
  const events: LogEvent[] = [];
  const times: number[] = [];
  let lines = 0;
  for (const line of linesOf(log)) {
    lines += 1;
    const [, stamp = "", type = "other", rest = ""] = LINE.exec(line.toString("latin1")) ?? [];
    const time = timeOf(stamp);
    count(entries, type);
    times.push(...(time > 0 ? [time] : []));
    const event = readLogLine(withEpoch(line, stamp, time));
    if (event !== undefined) {
      events.push(event);
    }
    const alert = /^(?:[^;]*;){1,2}(UP|DOWN|UNREACHABLE|OK|WARNING|CRITICAL|UNKNOWN);(SOFT|HARD);/.exec(rest);
    if (alert !== null && /^(?:HOST|SERVICE) ALERT$/.test(type)) {
      count(alerts, `${type} ${alert[1]} ${alert[2]}`);
    }
  }
  return { lines, entries, alerts, firstTime: times[0] ?? 0, lastTime: times.at(-1) ?? 0, events };
}

function* linesOf(log: Buffer): Generator<Buffer> {
  let from = 0;
  for (let end = log.indexOf(10); end >= 0; end = log.indexOf(10, from)) {
    yield log.subarray(from, log[end - 1] === 13 ? end - 1 : end);
    from = end + 1;
  }
}

function timeOf(stamp: string): number {
  const time = /^\d+$/.test(stamp) ? Number(stamp) : Date.parse(`${stamp} UTC`) / 1000;
  return Number.isFinite(time) ? Math.floor(time) : 0;
}

/** The line with its time as Nagios itself writes it. */
function withEpoch(line: Buffer, stamp: string, time: number): Buffer {
  const isReadable = time > 0 && !/^\d+$/.test(stamp);
  return isReadable ? Buffer.concat([Buffer.from(`[${time}]`), line.subarray(stamp.length + 2)]) : line;
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
