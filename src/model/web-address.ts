/** Addresses as URLs. */

/**
 * Reads a URL; undefined where the text is none. `URL.canParse` is not asked before: once V8 has compiled a caller of it, Node 20
 * takes the bytes of a text in Latin-1 for UTF-8 there, and says yes to what `new URL` throws at.
 */
export function readUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
