/** How deep JSON is nested, before and after it is parsed. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether a value of JSON is nested deeper than `limit`. */
export function isDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  if (limit === 0) {
    return true;
  }
  for (const each of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof each === "object" && isDeeper(each, limit - 1)) {
      return true;
    }
  }
  return false;
}

/** Whether brackets of a JSON text nest deeper than `limit`, those in its strings left out. */
export function isTextDeeper(json: Buffer, limit: number): boolean {
  let depth = 0;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (byte === QUOTE) {
      i = endOfText(json, i);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    }
    if (depth > limit) {
      return true;
    }
  }
  return false;
}

/** Position of the quote that ends the text beginning at `start`; the end of all where there is none. */
function endOfText(json: Buffer, start: number): number {
  let end = json.indexOf(QUOTE, start + 1);
  while (end >= 0) {
    let escapes = 0;
    while (json[end - 1 - escapes] === BACKSLASH) {
      escapes++;
    }
    if (escapes % 2 === 0) {
      return end;
    }
    end = json.indexOf(QUOTE, end + 1);
  }
  return json.length;
}
