/** Numbers that look random and are the same for the same seed and place of use. */

/** A whole number from `low` to `high`, both included, for a seed and any words. */
export function seededBetween(low: number, high: number, seed: number, ...words: readonly (string | number)[]): number {
  return low + (hash(`${seed} ${words.join(" ")}`) % (high - low + 1));
}

/** Fills `{20-60}` in a text with numbers for a seed and any words. */
export function filled(text: string, seed: number, ...words: readonly (string | number)[]): string {
  let place = 0;
  return text.replace(/\{(\d+)-(\d+)\}/g, (_, low: string, high: string) => {
    place += 1;
    return String(seededBetween(Number(low), Number(high), seed, ...words, place)).padStart(low.length, "0");
  });
}

/** FNV-1a with a final mix, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x45d9f3b);
  return (value ^ (value >>> 16)) >>> 0;
}
