/** The words of a line that a person is typing into bash, up to the cursor. */

/** A line taken apart. */
export interface TypedLine {
  /** Words before the one being typed, as the program would get them. */
  readonly before: readonly string[];
  /** The word being typed, as the program would get it; empty after a blank. */
  readonly current: string;
  /** The quote within which it stands, empty outside of quotes. */
  readonly quote: '"' | "'" | "";
  /** The word being typed as it stands in the line. */
  readonly raw: string;
}

/** A blank, a quoted piece (the last may lack its end), an escaped character, or plain characters. */
const PIECE = /\s+|'[^']*(?:'|$)|"(?:\\[\s\S]|[^"\\])*(?:"|\\?$)|\\[\s\S]|[^\s'"\\]+|\\$/g;

/** Splits a line by the quoting rules of the shell (POSIX 2.2); a last word without its closing quote is being typed. */
export function typedLine(line: string): TypedLine {
  const before: string[] = [];
  let [current, raw, quote]: [string, string, TypedLine["quote"]] = ["", "", ""];
  for (const [piece] of line.matchAll(PIECE)) {
    if (/^\s/.test(piece)) {
      before.push(...(raw === "" ? [] : [current]));
      [current, raw] = ["", ""];
    } else {
      current += meant(piece);
      raw += piece;
      quote = openQuote(piece);
    }
  }
  return { before, current, quote, raw };
}

/** What a piece stands for. */
function meant(piece: string): string {
  switch (piece.charAt(0)) {
    case "'":
      return piece.slice(1, openQuote(piece) === "" ? -1 : undefined);
    case '"':
      return piece.slice(1, openQuote(piece) === "" ? -1 : undefined).replaceAll(/\\(["\\$`])/g, "$1");
    default:
      return piece.length > 1 && piece.startsWith("\\") ? piece.slice(1) : piece;
  }
}

/** The quote that a piece opens and does not close; only the last piece of a line can. */
function openQuote(piece: string): TypedLine["quote"] {
  const quote = piece.charAt(0);
  if (quote === "'") {
    return piece.length > 1 && piece.endsWith("'") ? "" : "'";
  }
  return quote === '"' && !/^"(?:\\[\s\S]|[^"\\])*"$/.test(piece) ? '"' : "";
}

/** What bash puts for a wanted word: without what stands left of the cursor's word as bash breaks it, and quoted. */
export function bashReply(wanted: string, { quote, raw, current }: TypedLine): string {
  if (quote !== "") {
    return quote === '"' ? wanted.replaceAll(/["\\$`]/g, "\\$&") : wanted;
  }
  // Bash takes `:` and `=` for ends of words and replaces only what stands after the last of them.
  const broken = Math.max(raw.lastIndexOf(":"), raw.lastIndexOf("=")) === -1 ? 0 : lastBreak(current) + 1;
  return wanted.slice(broken).replaceAll(/[^\w@%+,./-]/gu, "\\$&");
}

function lastBreak(word: string): number {
  return Math.max(word.lastIndexOf(":"), word.lastIndexOf("="));
}
