/**
 * Takes the rows of lists out of a JSON answer while it arrives, each parsed on its own: an answer of a hundred
 * megabytes is never held whole, and rows of one name twice (which `JSON.parse` would merge) stay two rows.
 */

/** An object of JSON with unknown fields. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** One row of a list. */
export interface JsonRow {
  /** The list's place: the names on the way to it, joined by dots. */
  readonly list: string;
  /** The names below the list, from outer to inner; empty texts where the list is an array. */
  readonly keys: readonly string[];
  readonly fields: JsonFields;
}

/** What is wrong with a whole answer; fixed words. */
export type JsonFault = "empty" | "no JSON" | "cut";

const DEEPEST = 32;
const LARGEST_ROW = 8 * 1024 * 1024;
const [QUOTE, BACKSLASH, COLON] = [34, 92, 58];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
const NOTHING: Buffer = Buffer.alloc(0);
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The scanner. Never throws on what it is fed. */
export class JsonRows {
  readonly #lists: ReadonlyMap<string, number>;
  readonly #onRow: (row: JsonRow) => void;
  #bytes: Buffer = NOTHING;
  #at = 0;
  /** Where the row begins that is being scanned, -1 outside of rows. */
  #row = -1;
  /** Open brackets within it. */
  #depth = 0;
  readonly #path: string[] = [];
  /** The last string, which is a name where a colon follows. */
  #string = "";
  #name = "";
  #state: "before" | "within" | "after" | "no JSON" = "before";
  #broken = 0;

  /** `lists` says how many levels below each list its rows are; 0 where the object at that place is a row itself. */
  constructor(lists: ReadonlyMap<string, number>, onRow: (row: JsonRow) => void) {
    this.#lists = lists;
    this.#onRow = onRow;
  }

  /** Rows that could not be read. */
  get broken(): number {
    return this.#broken;
  }

  /** Takes the next bytes. */
  feed(chunk: Buffer): void {
    if (this.#state === "no JSON") {
      return;
    }
    // A row or a string that goes on in this chunk is kept from its beginning.
    const from = this.#row < 0 ? this.#at : this.#row;
    const kept = this.#bytes.subarray(from);
    this.#bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    this.#at -= from;
    this.#row = Math.min(this.#row, 0);
    if (this.#bytes.length > LARGEST_ROW + chunk.length) {
      this.#state = "no JSON";
    } else {
      this.#scan();
    }
  }

  /** Says what is wrong with the answer as a whole, undefined where it was whole. */
  finish(): JsonFault | undefined {
    if (this.#state === "no JSON") {
      return "no JSON";
    }
    if (this.#state === "before") {
      return "empty";
    }
    return this.#state === "after" ? undefined : "cut";
  }

  #scan(): void {
    let isTaken = true;
    while (isTaken && this.#at < this.#bytes.length) {
      const byte = this.#bytes[this.#at] as number;
      if (this.#row >= 0) {
        isTaken = this.#takeRow();
      } else {
        isTaken = byte === QUOTE ? this.#takeString() : this.#takeMark(byte);
      }
    }
  }

  /** Goes to the end of the row; false where it is not there yet. */
  #takeRow(): boolean {
    const bytes = this.#bytes;
    let at = this.#at;
    let string = at;
    for (; at < bytes.length && this.#depth > 0 && string >= 0; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        string = stringEnd(bytes, at);
        at = string < 0 ? at - 1 : string;
      } else {
        this.#depth += isOpening(byte) ? 1 : Number(isClosing(byte)) * -1;
      }
    }
    this.#at = at;
    if (this.#depth > 0) {
      return false;
    }
    this.#endRow();
    return true;
  }

  /** Takes a string outside of rows; false where its end is not there yet. */
  #takeString(): boolean {
    const end = stringEnd(this.#bytes, this.#at);
    if (end < 0) {
      return false;
    }
    const text = parsed(this.#bytes.subarray(this.#at, end + 1));
    this.#string = typeof text === "string" ? text : "";
    this.#at = end + 1;
    return true;
  }

  #takeMark(byte: number): boolean {
    this.#at++;
    if (byte === COLON) {
      this.#name = this.#string;
    } else if (isOpening(byte)) {
      this.#open(byte);
    } else if (isClosing(byte)) {
      this.#close();
    } else if (this.#state === "before" && byte > 32) {
      this.#state = "no JSON";
    }
    return this.#state !== "no JSON";
  }

  #open(byte: number): void {
    if (this.#state === "after" || this.#path.length >= DEEPEST) {
      this.#state = "no JSON";
      return;
    }
    if (this.#state === "before") {
      this.#state = byte === OPEN_OBJECT ? "within" : "no JSON";
    }
    this.#path.push(this.#name);
    this.#name = "";
    if (byte === OPEN_OBJECT && this.#list() !== undefined) {
      this.#row = this.#at - 1;
      this.#depth = 1;
    }
  }

  #close(): void {
    this.#path.pop();
    this.#name = "";
    this.#state = this.#path.length > 0 || this.#state !== "within" ? this.#state : "after";
  }

  #endRow(): void {
    const list = this.#list();
    const fields = parsed(this.#bytes.subarray(this.#row, this.#at));
    if (list === undefined || typeof fields !== "object" || fields === null) {
      this.#broken++;
    } else {
      this.#onRow({ ...list, fields: fields as JsonFields });
    }
    this.#row = -1;
    this.#close();
  }

  /** The list whose row is at the present place. */
  #list(): Omit<JsonRow, "fields"> | undefined {
    for (const [list, levels] of this.#lists) {
      const [, ...names] = this.#path;
      const above = names.length - levels;
      if (above > 0 && names.slice(0, above).join(".") === list) {
        return { list, keys: names.slice(above) };
      }
    }
    return undefined;
  }
}

function isOpening(byte: number): boolean {
  return byte === OPEN_OBJECT || byte === OPEN_LIST;
}

function isClosing(byte: number): boolean {
  return byte === CLOSE_OBJECT || byte === CLOSE_LIST;
}

/** Where the string ends that begins at `at`; -1 where its end is not among the bytes. */
function stringEnd(bytes: Buffer, at: number): number {
  for (let place = at + 1; place < bytes.length; place++) {
    const byte = bytes[place];
    if (byte === QUOTE) {
      return place;
    }
    if (byte === BACKSLASH) {
      place++;
    }
  }
  return -1;
}

/** What the bytes say; undefined where they are no JSON. Old CGIs pass on raw control characters and other encodings. */
function parsed(bytes: Buffer): unknown {
  const text = decoded(bytes);
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(text.replace(/\p{Cc}/gu, " "));
    } catch {
      return undefined;
    }
  }
}

function decoded(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}
