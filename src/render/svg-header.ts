/** The verdict above a picture as SVG: a bar in the state's colour, the sentence, the notes. */
import type { Paint } from "./palette.ts";
import { wrapText } from "./text-width.ts";
import type { Verdict } from "./verdict.ts";
import { element, escapeXml } from "./xml.ts";

/** Some SVG and the room it takes. */
export interface Drawn {
  readonly svg: string;
  readonly height: number;
}

const SENTENCE = 16;
const NOTE = 12.5;
const LINE = 1.4;
const LEFT = 14;

/** The verdict, wrapped to the width. */
export function svgVerdict(verdict: Verdict, width: number, paint: Paint): Drawn {
  const room = width - LEFT - 4;
  const sentence = wrapText(verdict.sentence, room, SENTENCE, 4, true);
  const notes = verdict.notes.flatMap((note) => wrapText(note, room, NOTE, 2));
  let y = 0;
  const texts: string[] = [];
  for (const line of sentence) {
    y += SENTENCE * LINE;
    texts.push(
      element(
        "text",
        { x: LEFT, y: y - 5, "font-size": SENTENCE, "font-weight": 700, fill: paint.text },
        escapeXml(line),
      ),
    );
  }
  for (const line of notes) {
    y += NOTE * LINE;
    texts.push(element("text", { x: LEFT, y: y - 3, "font-size": NOTE, fill: paint.muted }, escapeXml(line)));
  }
  const bar = element("rect", {
    x: 0,
    y: 2,
    width: 5,
    height: Math.max(8, y - 2),
    rx: 2.5,
    fill: paint.tone[verdict.tone].line,
  });
  return { svg: bar + texts.join(""), height: y + 14 };
}

/** Small lines of text, one below the other. */
export function svgLines(lines: readonly string[], width: number, paint: Paint): Drawn {
  const wrapped = lines.flatMap((line) => wrapText(line, width, 12, 2));
  const texts = wrapped.map((line, i) =>
    element("text", { x: 0, y: 12 + i * 17, "font-size": 12, fill: paint.muted }, escapeXml(line)),
  );
  return { svg: texts.join(""), height: wrapped.length === 0 ? 0 : wrapped.length * 17 + 6 };
}
