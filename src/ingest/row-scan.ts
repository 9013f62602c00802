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
const COUNT = Buffer.from('"count":');
const OPENED = Buffer.from('"opened":');
const LAST_SEEN = Buffer.from('"lastSeen":"');
const [QUOTE, BACKSLASH, COMMA, LIST_END, ZERO] = [0x22, 0x5c, 0x2c, 0x5d, 0x30] as const;
/** Digits of a number at most; more are not exact. */
const DIGITS = 15;

/** Scans a text of JSON; undefined where its rows are not such as agents write them. */
export function scanRows(json: Buffer): RowScan | undefined {
  const name = json.indexOf(FIELD);
  if (name < 1 || json[name - 1] === 0x5c) {
    return undefined;
  }
  const begin = name + FIELD.length;
  const view = new DataView(json.buffer, json.byteOffset, json.length);
  const text = json.toString("latin1");
  const tails = new Tails(json);
  const [prints, counts, opened, lastSeen]: [number[], number[], number[], string[]] = [[], [], [], []];
  for (let [at, next] = [begin, COMMA as number | undefined]; next === COMMA; ) {
    const end = text.indexOf("}", at);
    const tail = tails.before(end);
    if (tail < at) {
      return undefined;
    }
    prints.push(printOf(view, at, tail));
    counts.push(tails.count);
    opened.push(tails.opened);
    lastSeen.push(tails.lastSeen);
    at = end + 2;
    next = json[end + 1];
    if (next === LIST_END && json.indexOf(FIELD, at) < 0) {
      const rest = Buffer.concat([json.subarray(0, name), PLACEHOLDER, json.subarray(at)]);
      const isPlain = () => isListOf(text.slice(begin, at - 1), prints.length);
      return { rest, prints, counts, opened, lastSeen, isPlain };
    }
  }
  return undefined;
}

/** Reads the ends of rows, backwards from the bracket that closes them. */
class Tails {
  count = 0;
  opened = 0;
  lastSeen = "";
  readonly #json: Buffer;
  /** Where the time told last stands: nearly all rows tell the same. */
  #timeAt = 0;

  constructor(json: Buffer) {
    this.#json = json;
  }

  /** Where the end of the row begins whose last bracket is at `end`; -1 where it is not as agents write it. */
  before(end: number): number {
    const time = this.#time(end - 1);
    const opened = this.#number(OPENED, time - 1);
    this.opened = opened < 0 ? 0 : this.#value;
    const count = this.#number(COUNT, opened - 1);
    this.count = this.#value;
    return count;
  }

  #value = 0;

  /** Reads the time that ends with the quote at `to`; where its name begins, -1 where there is none. */
  #time(to: number): number {
    const json = this.#json;
    let from = to;
    while (isText(json[from - 1])) {
      from -= 1;
    }
    const name = from - LAST_SEEN.length;
    if (json[to] !== QUOTE || !isAt(json, LAST_SEEN, name)) {
      return -1;
    }
    const length = this.lastSeen.length;
    if (this.#timeAt === 0 || to - from !== length || !isSame(json, from, this.#timeAt, length)) {
      this.lastSeen = json.toString("latin1", from, to);
      this.#timeAt = from;
    }
    return name;
  }

  /** Reads the number of that name, which ends with the comma at `to`; where its name begins, -1 where there is none. */
  #number(name: Buffer, to: number): number {
    const json = this.#json;
    let [from, value, weight] = [to, 0, 1];
    for (let digit = digitAt(json, from - 1); digit >= 0 && to - from <= DIGITS; digit = digitAt(json, from - 1)) {
      value += digit * weight;
      weight *= 10;
      from -= 1;
    }
    const isPlain = to > from && to - from <= DIGITS && (json[from] !== ZERO || to - from === 1);
    const begin = from - name.length;
    this.#value = value;
    return json[to] === COMMA && isPlain && isAt(json, name, begin) ? begin : -1;
  }
}

/** Characters of ASCII that stand for themselves within a text of JSON. */
function isText(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH;
}

function digitAt(json: Buffer, at: number): number {
  const digit = (json[at] ?? 0) - ZERO;
  return digit <= 9 ? digit : -1;
}

function isAt(json: Buffer, bytes: Buffer, at: number): boolean {
  for (let i = 0; i < bytes.length; i += 1) {
    if (json[at + i] !== bytes[i]) {
      return false;
    }
  }
  return true;
}

function isSame(json: Buffer, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i += 1) {
    if (json[a + i] !== json[b + i]) {
      return false;
    }
  }
  return true;
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
