/** A drawn sentence: what an `<img>` shows where there is no picture to show. */
import { type PaletteName, paintOf, type ThemeName, type Tone } from "./palette.ts";
import { svgDocument } from "./svg.ts";
import { svgVerdict } from "./svg-header.ts";

/** What is said, and how it looks. */
export interface SentenceOptions {
  readonly palette: PaletteName;
  readonly theme: ThemeName;
  readonly tone: Tone;
  /** Short sentences below the first: the next step. */
  readonly notes: readonly string[];
}

const WIDTH = 560;

/** The SVG document of a sentence. */
export function renderSentence(sentence: string, options: SentenceOptions): string {
  const paint = paintOf(options.palette, options.theme);
  const { tone, notes } = options;
  const drawn = [svgVerdict({ sentence, tone, notes }, WIDTH, paint)];
  return svgDocument({ drawn, width: WIDTH, paint, title: "DOTM", description: sentence });
}
