/** The head of an exported file: who made it, and what is not in it. The same data makes the same text: no time, no version. */

/** The first words of every exported file, by which it is known again. */
export const MADE_BY = "Made by dotm export";

/** The head as comments; `mark` begins a comment of the language. */
export function exportHead(kind: string, how: readonly string[], notes: readonly string[], mark: string): string {
  const left = notes.length === 0 ? [] : ["", "Left out:", ...notes.map((note) => `  ${note}`)];
  const lines = [`${MADE_BY} ${kind}; what is changed here is lost.`, ...how, ...left];
  return lines.map((line) => `${`${mark} ${oneLine(line)}`.trimEnd()}\n`).join("");
}

/** A foreign text that stays on its line, and in its comment. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").replace(/\\+$/, "");
}
