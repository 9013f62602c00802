/**
 * How wide text is drawn, without a font at hand: advance widths of DejaVu Sans, the widest of the fonts our pictures
 * ask for, so that text measured here fits whatever font is there.
 */

/** Hundredths of the font size, from U+0020 to U+007E. */
const ASCII = [
  32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84,
  84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61,
  69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59,
  82, 59, 59, 52, 64, 34, 64, 84,
];

/** Letters of East Asian scripts and pictographs take a full square. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;

/** Letters that add no width. */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}\p{Cc}]/u;

const BOLD = 1.12;

/** Width of a text in pixels at a font size, at most. */
export function textWidth(text: string, size: number, bold = false): number {
  let hundredths = 0;
  for (const letter of text) {
    hundredths += letterWidth(letter);
  }
  return (hundredths / 100) * size * (bold ? BOLD : 1);
}

/** The text, cut with `…` where it is wider than `width` pixels. */
export function clipText(text: string, width: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= width) {
    return text;
  }
  let kept = "";
  for (const letter of text) {
    if (textWidth(`${kept}${letter}…`, size, bold) > width) {
      break;
    }
    kept += letter;
  }
  return `${kept.trimEnd()}…`;
}

/** Lines of at most `width` pixels, broken at spaces; the last of `most` lines is cut. Words wider than a line are cut. */
export function wrapText(text: string, width: number, size: number, most: number, bold = false): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, size, bold) > width && lines.length < most - 1) {
      lines.push(clipText(line, width, size, bold));
      line = word;
    } else {
      line = longer;
    }
  }
  return line === "" ? lines : [...lines, clipText(line, width, size, bold)];
}

function letterWidth(letter: string): number {
  const code = letter.codePointAt(0) ?? 0;
  if (code >= 0x20 && code <= 0x7e) {
    return ASCII[code - 0x20] ?? 64;
  }
  if (ZERO.test(letter)) {
    return 0;
  }
  return code > 0xffff || WIDE.test(letter) ? 105 : 80;
}
