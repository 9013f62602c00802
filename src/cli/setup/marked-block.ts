/** Our lines in a file of somebody else: put in between two marks, found again by them, taken out without a trace. */

/** How the language of the file writes comments. */
export interface CommentMarks {
  readonly open: string;
  readonly close: string;
}

export const HASH: CommentMarks = { open: "# ", close: "" };
export const HTML: CommentMarks = { open: "<!-- ", close: " -->" };

const BEGIN = "BEGIN dotm (made by dotm nagios install, removed by dotm nagios install --uninstall)";
/** Says that the line before had no end, so that taking the block out gives the very same text. */
const BEGIN_AFTER_OPEN_LINE = `${BEGIN} (after a line without end)`;
const END = "END dotm";

/** The text with the block as `body` (lines with their ends): in the place of the one there is, else at its end. */
export function withBlock(text: string, body: string, marks: CommentMarks): string {
  const place = placeOf(text, marks);
  const open = place === undefined ? text !== "" && !text.endsWith("\n") : place.openLine;
  const begin = line(open ? BEGIN_AFTER_OPEN_LINE : BEGIN, marks);
  const block = `${open ? "\n" : ""}${begin}${body}${line(END, marks)}`;
  return place === undefined ? `${text}${block}` : `${text.slice(0, place.from)}${block}${text.slice(place.to)}`;
}

/** The text without the block. */
export function withoutBlock(text: string, marks: CommentMarks): string {
  const place = placeOf(text, marks);
  return place === undefined ? text : `${text.slice(0, place.from)}${text.slice(place.to)}`;
}

function placeOf(text: string, marks: CommentMarks) {
  for (const openLine of [true, false]) {
    const begin = lineAt(text, mark(openLine ? BEGIN_AFTER_OPEN_LINE : BEGIN, marks), 0);
    const end = begin === undefined ? undefined : lineAt(text, mark(END, marks), begin.to);
    if (begin !== undefined && end !== undefined) {
      return { from: openLine ? begin.from - begin.end.length : begin.from, to: end.to, openLine };
    }
  }
  return undefined;
}

/** A line of these words; editors may have changed all ends of lines to CR LF. */
function lineAt(text: string, words: string, start: number) {
  const from = text.indexOf(words, start);
  const [end] = from < 0 ? [] : (/^\r?\n/.exec(text.slice(from + words.length, from + words.length + 2)) ?? []);
  return end === undefined ? undefined : { from, to: from + words.length + end.length, end };
}

function line(text: string, marks: CommentMarks): string {
  return `${mark(text, marks)}\n`;
}

function mark(text: string, { open, close }: CommentMarks): string {
  return `${open}${text}${close}`;
}
