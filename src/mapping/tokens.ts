/** Names taken apart into words: of checks, plugins and processes, in any of the languages people name them in. */

/** Longest text that is looked at; what follows says nothing new. */
const LONGEST_TEXT = 512;
const MARKS = /[\u0300-\u036f]/g;
const CAMEL = /(\p{Ll}|\d)(\p{Lu})/gu;
const ABBREVIATION = /(\p{Lu})(\p{Lu}\p{Ll})/gu;
const NOT_WORD = /[^\p{L}\p{N}]+/u;
const ASCII_PLAIN = /^[\x20-\x7e]*$/;

/** The words of a text in lower case without accents: `MySQL-Replikation (db)` gives `my sql replikation db`. */
export function tokens(text: string): readonly string[] {
  const cut = text.slice(0, LONGEST_TEXT).replace(CAMEL, "$1 $2").replace(ABBREVIATION, "$1 $2").toLowerCase();
  return plain(cut)
    .split(NOT_WORD)
    .filter((word) => word !== "");
}

/** A name as the dictionary spells it: lower case letters and digits only. */
export function compact(text: string): string {
  return plain(text.slice(0, LONGEST_TEXT).toLowerCase()).split(NOT_WORD).join("");
}

function plain(text: string): string {
  if (ASCII_PLAIN.test(text)) {
    return text;
  }
  return text.normalize("NFD").replace(MARKS, "").replaceAll("ß", "ss").replaceAll("ł", "l").replaceAll("ø", "o");
}

/** Whether two words differ by at most one typing error: one letter more, less, other, or two swapped. */
export function oneTypingError(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) {
    return false;
  }
  let start = 0;
  while (start < a.length && a.charCodeAt(start) === b.charCodeAt(start)) {
    start += 1;
  }
  const restA = a.slice(start);
  const restB = b.slice(start);
  if (restA.slice(1) === restB || restB.slice(1) === restA || restA.slice(1) === restB.slice(1)) {
    return true;
  }
  return (
    restA.charAt(0) === restB.charAt(1) && restA.charAt(1) === restB.charAt(0) && restA.slice(2) === restB.slice(2)
  );
}
