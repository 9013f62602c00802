/**
 * Dates and durations as the classic CGIs write them (cgi/cgiutils.c, get_time_string): in the server's own time, without
 * saying its zone, in the order that `date_format` of nagios.cfg asks for.
 */

/** The orders: `us` is month, day, year, `euro` day, month, year, `iso8601` year, month, day. */
export type DateOrder = "us" | "euro" | "iso8601";

/** Seconds to be added to UTC for the server's time at a moment given in Unix seconds. */
export type ZoneOffset = (at: number) => number;

/** The parts of a written date, as they stand; `first` to `third` are not yet known to be day, month or year. */
interface WrittenDate {
  readonly first: number;
  readonly second: number;
  readonly third: number;
  /** Seconds of the day. */
  readonly seconds: number;
}

const DATE = /^(\d{1,4})-(\d{1,2})-(\d{1,4})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})$/;
const DAY = 86_400;

/** The order meant by a `date_format`; undefined for one we do not know. */
export function dateOrder(format: string): DateOrder | undefined {
  const order = format.replace("strict-", "");
  return order === "us" || order === "euro" || order === "iso8601" ? order : undefined;
}

/**
 * The order in which dates are written that do not say so: the only one all of them can be read in, else the one that
 * makes the latest of them fit best to `now`, since a monitoring that runs has checked something just now.
 */
export function guessOrder(dates: readonly string[], now: number): DateOrder {
  const written = dates.map(writtenDate).filter((date) => date !== undefined);
  if (written.some(({ first }) => first > 31)) {
    return "iso8601";
  }
  const orders = (["us", "euro"] as const).map((order) => {
    const times = written.map((date) => utcOf(date, order));
    const isReadable = times.every((time) => time !== undefined);
    const latest = Math.max(0, ...times.map((time) => time ?? 0));
    return { order, distance: isReadable ? Math.abs(now - latest) : Number.POSITIVE_INFINITY };
  });
  const [us, euro] = orders;
  return (euro?.distance ?? 0) < (us?.distance ?? 0) ? "euro" : "us";
}

/** Unix seconds of a written date; 0 for `N/A` and whatever is no date. */
export function classicTime(text: string, order: DateOrder, offset: ZoneOffset): number {
  const written = writtenDate(text);
  const local = written === undefined ? undefined : utcOf(written, order);
  if (local === undefined) {
    return 0;
  }
  // The offset depends on the moment, which depends on the offset: the second look is right but in the hour that occurs twice.
  const near = local - offset(local);
  return Math.max(0, local - offset(near));
}

/** Seconds of `12d  3h  4m  0s`; undefined for whatever is no duration, and for one that ends with `+`, which says "never". */
export function classicDuration(text: string): number | undefined {
  const parts = /^\s*(\d{1,6})d\s+(\d{1,2})h\s+(\d{1,2})m\s+(\d{1,2})s$/.exec(text);
  if (parts === null) {
    return undefined;
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map(Number);
  return days * DAY + hours * 3600 + minutes * 60 + seconds;
}

function writtenDate(text: string): WrittenDate | undefined {
  const parts = DATE.exec(text);
  if (parts === null) {
    return undefined;
  }
  const [first = 0, second = 0, third = 0, hours = 0, minutes = 0, seconds = 0] = parts.slice(1).map(Number);
  return { first, second, third, seconds: hours * 3600 + minutes * 60 + seconds };
}

/** The date taken for UTC, Unix seconds; undefined where it cannot be in this order. */
function utcOf({ first, second, third, seconds }: WrittenDate, order: DateOrder): number | undefined {
  const [year, month, day] = {
    us: [third, first, second],
    euro: [third, second, first],
    iso8601: [first, second, third],
  }[order] as [number, number, number];
  const isDate = year >= 1970 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
  return isDate ? Date.UTC(year, month - 1, day) / 1000 + seconds : undefined;
}
