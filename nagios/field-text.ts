/**
 * The text of one field: bytes in, readable text out, whatever the bytes are.
 * Nagios passes on what plugins print, so a file may hold UTF-8 and Latin-1 side by side.
 */

const UTF8 = utf8Decoder();

/**
 * Windows-1252 where it differs from Latin-1, bytes 128 to 159; `.` where it has no character. Spelled out because the
 * TextDecoder of Node 20 takes Windows-1252 for Latin-1.
 */
const WINDOWS_1252 = "€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ";
const REPLACEMENT = "\ufffd";
const TAB = 9;

/** Longest text kept of one field, in bytes; the rest is cut off. */
export const LONGEST_TEXT = 65_536;

/**
 * The bytes as UTF-8, or as Windows-1252 where they are not UTF-8. Control characters other than TAB become U+FFFD.
 * At most LONGEST_TEXT are taken.
 */
export function fieldText(bytes: Buffer, start: number, end: number): string {
  const stop = Math.min(end, start + LONGEST_TEXT);
  return isPlain(bytes, start, stop) ? bytes.toString("latin1", start, stop) : decoded(bytes, start, stop);
}

/** Whether a text holds control characters, TAB and line ends included, or a place where one was replaced. */
export function hasControlCharacters(text: string): boolean {
  return /[\p{Cc}\u{fffd}]/u.test(text);
}

/**
 * Long plugin output as Nagios writes it into status.dat: `\n` for a line feed and `\\` for a backslash. Icinga 2
 * escapes line feeds but not backslashes (`icinga2` true).
 */
export function unescapeLongOutput(text: string, icinga2: boolean): string {
  if (!text.includes("\\")) {
    return text;
  }
  return icinga2
    ? text.replaceAll("\\n", "\n")
    : text.replace(/\\([n\\])/g, (_, char: string) => (char === "n" ? "\n" : "\\"));
}

function isPlain(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte < 32 || byte > 126) {
      return false;
    }
  }
  return true;
}

function decoded(bytes: Buffer, start: number, end: number): string {
  const part = bytes.subarray(start, end);
  let text: string;
  try {
    // A text cut at the limit may end within a character; `stream` leaves that one out.
    text = part.length < LONGEST_TEXT ? UTF8.decode(part) : utf8Decoder().decode(part, { stream: true });
  } catch {
    text = part.toString("latin1").replace(/\p{Cc}/gu, windows1252);
  }
  return text.replace(/\p{Cc}/gu, (char) => (char.charCodeAt(0) === TAB ? char : REPLACEMENT));
}

function windows1252(char: string): string {
  const meant = WINDOWS_1252[char.charCodeAt(0) - 128];
  return meant === undefined || meant === "." ? char : meant;
}

function utf8Decoder() {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
}
