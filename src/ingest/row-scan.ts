/**
 * What a report's connections are, told apart without parsing them: nearly all rows of a report are those of the report
 * before, but for how many and when. Agents write `count`, `opened` and `lastSeen` last; of what stands before them in a
 * row a fingerprint is taken. Silent about anything unusual: that is for whoever parses the whole text.
 */

/** The rows of `connections`, by their place in the text. */
export interface RowScan {
  /** The text with `ROWS_LEFT_OUT` in place of the rows. It may still be no JSON at all. */
  readonly rest: Buffer;
  /** 53 bits of each row; rows that share one say the same but for the three values below. */
  readonly prints: readonly number[];
  readonly counts: readonly number[];
  readonly opened: readonly number[];
  /** As the agent wrote it. */
  readonly lastSeen: readonly string[];
  /** Whether each row is as agents write it. Takes as long as all the rest; needed once for rows that nobody knows. */
  readonly isPlain: () => boolean;
}

/** What stands for the rows in `rest`. */
export const ROWS_LEFT_OUT = "rows left out";

const FIELD = Buffer.from('"connections":[');
const PLACEHOLDER = Buffer.from(`"connections":${JSON.stringify(ROWS_LEFT_OUT)}`);
/** The end of a row. Numbers of more digits are not exact. */
const TAIL = /"count":(0|[1-9]\d{0,14}),"opened":(0|[1-9]\d{0,14}),"lastSeen":"([ !#-[\]-~]*)"\}([,\]])/g;

/** Scans a text of JSON; undefined where its rows are not such as agents write them. */
export function scanRows(json: Buffer): RowScan | undefined {
  const name = json.indexOf(FIELD);
  if (name < 1 || json[name - 1] === 0x5c) {
    return undefined;
  }
  const begin = name + FIELD.length;
  const view = new DataView(json.buffer, json.byteOffset, json.length);
  const text = json.toString("latin1");
  const [prints, counts, opened, lastSeen]: [number[], number[], number[], string[]] = [[], [], [], []];
  let at = begin;
  TAIL.lastIndex = begin;
  for (let tail = TAIL.exec(text); tail !== null; tail = TAIL.exec(text)) {
    prints.push(printOf(view, at, tail.index));
    counts.push(Number(tail[1]));
    opened.push(Number(tail[2]));
    lastSeen.push(tail[3] as string);
    at = TAIL.lastIndex;
    if (tail[4] === "]" && json.indexOf(FIELD, at) < 0) {
      const rest = Buffer.concat([json.subarray(0, name), PLACEHOLDER, json.subarray(at)]);
      const isPlain = () => isListOf(text.slice(begin, at - 1), prints.length);
      return { rest, prints, counts, opened, lastSeen, isPlain };
    }
  }
  return undefined;
}

/** Whether so many rows, of which each ends as it should, hold no brackets or quotes beside those of rows and texts. */
function isListOf(text: string, rows: number): boolean {
  return !/[[\]\\]/.test(text) && text.split("{").length - 1 === rows && text.split("}").length - 1 === rows;
}

/** As `fingerprint`, of bytes, four at once. */
function printOf(view: DataView, from: number, to: number): number {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  let at = from;
  for (; at + 4 <= to; at += 4) {
    const word = view.getInt32(at, true);
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ word, 0x85ebca6b);
    // A product carries a difference upwards only.
    a = (a << 13) | (a >>> 19);
    b = (b << 15) | (b >>> 17);
  }
  for (; at < to; at += 1) {
    const byte = view.getUint8(at);
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b);
  }
  return (a >>> 0) * 0x20_0000 + ((b >>> 0) & 0x1f_ffff);
}
