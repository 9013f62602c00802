/** A check command cut into words as the monitoring and a shell would: `!` between arguments, quotes, backslashes. */

/** Longest command that is read; what follows is cut. */
const LONGEST_COMMAND = 4096;
const MOST_WORDS = 256;

/** One word, and the number of the `!` argument in which it stands (0: the command itself). */
export interface CommandWord {
  readonly text: string;
  readonly argument: number;
}

/** The words of a command line with its `!` arguments. */
export function commandWords(command: string): readonly CommandWord[] {
  const text = command.slice(0, LONGEST_COMMAND);
  const [, key, parameters = ""] = ITEM_KEY.exec(text) ?? [];
  return (key === undefined ? splitArguments(text) : [key, ...parameters.split(",")])
    .flatMap((part, argument) => shellWords(part).map((text) => ({ text, argument })))
    .slice(0, MOST_WORDS);
}

/** An item key of Zabbix, kept as command by what translates its checks: net.tcp.service[http,,8080]. */
const ITEM_KEY = /^([a-z]\w*(?:\.\w+)+)\[([^\]]*)\]$/i;

/** A word: plain characters, escaped ones, and quoted pieces; an open quote ends with the text. */
const WORD = /(?:[^\s"'\\]|\\[\s\S]?|"(?:[^"\\]|\\[\s\S]?)*"?|'[^']*'?)+/g;
const PIECE = /'([^']*)'?|"((?:[^"\\]|\\[\s\S]?)*)"?|\\(["'\\ ])/g;

/** The words of a text by a shell's quoting. A backslash before anything but a quote, a blank or itself stays. */
export function shellWords(text: string): readonly string[] {
  const words = text.match(WORD) ?? [];
  return words
    .map((word) =>
      word.replace(PIECE, (_, single?: string, double?: string, escaped?: string) => {
        return single ?? double?.replace(/\\(["\\])/g, "$1") ?? escaped ?? "";
      }),
    )
    .filter((word) => word !== "");
}

function splitArguments(command: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < command.length; at += 1) {
    const char = command.charAt(at);
    if (char === "\\" && command.charAt(at + 1) === "!") {
      part += "!";
      at += 1;
    } else if (char === "!") {
      parts.push(part);
      part = "";
    } else {
      part += char;
    }
  }
  parts.push(part);
  return parts;
}
