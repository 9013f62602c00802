/** Moments as people write them. */

/** What can be written, for messages. */
export const MOMENT_FORMS = "Write 2026-11-25T03:00Z, 2026-11-25 03:00, yesterday 03:00, 03:00, -2h or Unix seconds.";

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)?(Z|[+ -]\d{2}:?\d{2})?$/i;

/**
 * Reads a moment, in Unix seconds; undefined where it is none. `-2h` and `-1d12h` count back from `now`, `03:00` is the last
 * one before it; times without a zone are those of this machine, in the hour that comes twice of the first. A `+` that a form made a space of is taken for one.
 */
export function parseMoment(text: string, now: number): number | undefined {
  const words = text.trim();
  if (words === "now") {
    return now;
  }
  if (/^\d{9,11}(?:\.\d+)?$/.test(words)) {
    return Number(words);
  }
  return ago(words, now) ?? byClock(words, now) ?? byDate(words);
}

function ago(words: string, now: number): number | undefined {
  if (!/^-(?:\d{1,6}[smhdw])+$/.test(words)) {
    return undefined;
  }
  let seconds = 0;
  for (const [, count, unit = "s"] of words.matchAll(/(\d+)([smhdw])/g)) {
    seconds += Number(count) * (UNITS[unit] ?? 0);
  }
  return Math.floor(now - seconds);
}

/** `03:00`, `today 03:00`, `yesterday`, `yesterday 03:00`. */
function byClock(words: string, now: number): number | undefined {
  const [whole, day, time = "00:00"] = /^(?:(today|yesterday) ?)?(\d.*)?$/i.exec(words) ?? [];
  const clock = CLOCK.exec(time);
  if (!whole || clock === null) {
    return undefined;
  }
  const [hour, minute, second] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  const date = new Date(now * 1000);
  const back = day?.toLowerCase() === "yesterday" ? 1 : 0;
  const on = (days: number) =>
    momentOf([date.getFullYear(), date.getMonth() + 1, date.getDate() - days, hour, minute, second], undefined);
  const at = on(back);
  if (at === undefined || day !== undefined) {
    return at;
  }
  const again = atTheSameClock(at);
  if (again <= now) {
    return again;
  }
  return at > now ? on(1) : at;
}

/** Where clocks are put back an hour comes twice: the second time at which they show the same; else the same. */
function atTheSameClock(at: number): number {
  const behind = (moment: number) => 60 * new Date(moment * 1000).getTimezoneOffset();
  const again = at + behind(at + 3 * 3_600) - behind(at);
  return again > at && behind(again) - behind(at) === again - at ? again : at;
}

function byDate(words: string): number | undefined {
  const parts = DATE.exec(words);
  if (parts === null) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (month < 1 || month > 12 || day < 1 || day > days) {
    return undefined;
  }
  const at = momentOf([year, month, day, hour, minute, second], parts[8]);
  return at === undefined ? undefined : at + Number(parts[7] ?? 0);
}

type Parts = readonly [year: number, month: number, day: number, hour: number, minute: number, second: number];

function momentOf([year, month, day, hour, minute, second]: Parts, zone: string | undefined): number | undefined {
  if (hour > 23 || minute > 59 || second > 59) {
    return undefined;
  }
  const at =
    zone === undefined
      ? new Date(year, month - 1, day, hour, minute, second).getTime()
      : Date.UTC(year, month - 1, day, hour, minute, second) - offset(zone) * 1000;
  return Number.isNaN(at) ? undefined : at / 1000;
}

/** Seconds by which a zone is ahead of UTC. */
function offset(zone: string): number {
  if (zone.toUpperCase() === "Z") {
    return 0;
  }
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  return (zone.startsWith("-") ? -1 : 1) * (hours * 3_600 + minutes * 60);
}
