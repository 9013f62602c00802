/** Strings that repeat from object to object (host names, descriptions, commands), made once. */
import { fieldText } from "./field-text.ts";

const SLOTS = 8192;

/** A bounded pool: a text that is met again soon is not made again. */
export class TextPool {
  readonly #texts = new Array<string>(SLOTS).fill("");

  /** The bytes as fieldText gives them. */
  text(bytes: Buffer, start: number, end: number): string {
    const slot = slotOf(bytes, start, end);
    const kept = this.#texts[slot] ?? "";
    if (sameText(kept, bytes, start, end)) {
      return kept;
    }
    const text = fieldText(bytes, start, end);
    this.#texts[slot] = text;
    return text;
  }
}

function slotOf(bytes: Buffer, start: number, end: number): number {
  let digest = end - start;
  for (let at = start; at < end; at++) {
    digest = (Math.imul(digest, 31) + (bytes[at] ?? 0)) | 0;
  }
  return (digest ^ (digest >>> 15)) & (SLOTS - 1);
}

/** Whether the bytes are ASCII and spell the text. */
function sameText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) {
    return false;
  }
  for (let at = 0; at < text.length; at++) {
    const byte = bytes[start + at] ?? 0;
    if (byte !== text.charCodeAt(at) || byte > 126 || byte < 32) {
      return false;
    }
  }
  return true;
}
