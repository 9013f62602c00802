/**
 * Texts for the original's front end, which puts them into its page as they are: what the outside world wrote is escaped
 * here, and a host whose name could end a script's string is left out (the monitoring allows no such name).
 */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text that is no markup. */
export function plainText(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => ENTITIES[letter] ?? "");
}

/** Whether the front end can link a host of this name. */
export function hasPlainName(host: string): boolean {
  return !/["'\\<>&]/.test(host);
}
