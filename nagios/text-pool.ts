/** Strings that repeat from object to object (host names, descriptions, commands), made once. */
import { fieldText } from "./field-text.ts";

const SLOTS = 8192;

/** Longer texts are not kept. */
const LONGEST = 256;

/** A bounded pool: a text whose bytes are met again soon is not made again. */
export class TextPool {
  readonly #texts = new Array<string>(SLOTS).fill("");
  readonly #bytes = new Array<Buffer>(SLOTS).fill(Buffer.alloc(0));

  /** The bytes as fieldText gives them. */
  text(bytes: Buffer, start: number, end: number): string {
    if (end - start > LONGEST) {
      return fieldText(bytes, start, end);
    }
    const slot = slotOf(bytes, start, end);
    if (sameBytes(this.#bytes[slot] as Buffer, bytes, start, end)) {
      return this.#texts[slot] as string;
    }
    const text = fieldText(bytes, start, end);
    this.#texts[slot] = text;
    this.#bytes[slot] = Buffer.from(bytes.subarray(start, end));
    return text;
  }
}

function slotOf(bytes: Buffer, start: number, end: number): number {
  let digest = end - start;
  for (let at = start; at < end; at++) {
    digest = (Math.imul(digest, 31) + (bytes[at] as number)) | 0;
  }
  return (digest ^ (digest >>> 15)) & (SLOTS - 1);
}

function sameBytes(kept: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (kept.length !== end - start) {
    return false;
  }
  for (let at = 0; at < kept.length; at++) {
    if (kept[at] !== bytes[start + at]) {
      return false;
    }
  }
  return true;
}
