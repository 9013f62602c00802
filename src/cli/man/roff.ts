/** Text in the language of man pages (man(7), as groff and mandoc read it). */

/** A text that stands for itself: nothing in it is taken for a request, an escape or an end of a sentence's hyphen. */
export function roffText(text: string): string {
  const escaped = text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("`", "\\(ga").replaceAll("^", "\\(ha");
  return breakable(escaped)
    .replaceAll("~", "\\(ti")
    .replaceAll(/^(?=[.'])/gm, "\\&");
}

/** Places where a long word may be broken without a hyphen. */
function breakable(text: string): string {
  return text.replaceAll(/[/,](?=\S)/g, "$&\\:");
}

/** The text in bold. */
export function bold(text: string): string {
  return `\\fB${roffText(text)}\\fR`;
}

/** A tagged paragraph: a term and what it means. */
export function term(name: string, text: string): string {
  return `.TP\n${name}\n${roffText(text)}\n`;
}

/** A section. */
export function section(title: string, body: string): string {
  return `.SH ${title.toUpperCase()}\n${body}`;
}

/** Lines as they stand, such as a command or a file. */
export function verbatim(text: string): string {
  return `.PP\n.nf\n${text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "\\&" : roffText(line)))
    .join("\n")}\n.fi\n`;
}

/** The title line; `day` as 2026-11-25. */
export function titleLine(name: string, chapter: number, version: string): string {
  return `.TH ${name.toUpperCase()} ${chapter} "" "dotm ${version}" "DevOps Trouble Map"\n.hy 0\n.ad l\n`;
}
