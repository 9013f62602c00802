/**
 * Texts for the original's front end, which puts them into its page as they are: what the outside world wrote goes
 * through `escapeMarkup`, and a host whose name could end a script's string is left out (the monitoring allows no such name).
 */

/** Whether the front end can link a host of this name. */
export function hasPlainName(host: string): boolean {
  return !/["'\\<>&]/.test(host);
}
