/** Which names Nagios' object files can hold: they have neither quotes nor escapes. */

/**
 * Whether a name stands for itself where names are listed: `;` begins a comment, `,` the next name, `!` and `*` mean
 * others, a backslash at the end joins the next line, and blanks at the ends are cut off.
 */
export function isNagiosName(name: string): boolean {
  return /^[^;,\p{Cc}]+$/u.test(name) && name === name.trim() && !/^[!*]|\\$/.test(name);
}
