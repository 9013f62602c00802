/** The lines of a text that a stranger sent: those that say something, of bounded number and length. */

/** Lines of a text. */
export interface TextLines {
  /** Without blank ones and without the last one where that has no end. */
  readonly lines: readonly string[];
  /** Lines beyond those that are read. */
  readonly leftOut: number;
  /** Whether the text ends within a line. */
  readonly cut: boolean;
}

/** Lines at most: 50,000 sockets are as many. */
const MOST_LINES = 100_000;
/** Characters of one line; what is behind them is left out. Of many processes that share a socket the first one counts. */
const LONGEST_LINE = 4_096;

/** Takes a text apart at every kind of line end. */
export function textLines(text: string): TextLines {
  const lines: string[] = [];
  let leftOut = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (!isLineEnd(text.charCodeAt(at))) {
      continue;
    }
    const line = at === from ? "" : text.slice(from, Math.min(at, from + LONGEST_LINE)).replaceAll("\0", "");
    from = at + 1;
    if (line.trim() === "") {
      continue;
    }
    if (lines.length < MOST_LINES) {
      lines.push(line);
    } else {
      leftOut += 1;
    }
  }
  return { lines, leftOut, cut: from < text.length };
}

/** LF, CR, and the two that JavaScript's expressions take for the end of a line. */
function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d || code === 0x2028 || code === 0x2029;
}
