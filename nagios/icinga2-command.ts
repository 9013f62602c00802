/**
 * The check command of a host or service check as other monitorings write it, `NAME!ARGUMENT!ARGUMENT`. Icinga 2 has
 * no `!`: what a command is told stands in custom variables such as `http_port` or `nrpe_command`. Those that say
 * where a check goes become arguments `http_port=8080`; whatever may be a secret does not.
 */

import { looksSecret } from "../src/model/secret-name.ts";
import { shownText } from "./icinga2-attrs.ts";

type Vars = ReadonlyMap<string, unknown>;

/** Endings of variables that tell where a check goes or what it asks for. */
const TELLING =
  /(?:^|_)(?:port|address6?|host|hostname|server|ip|url|uri|ssl|tls|socket|database|service|unit|process|command|arguments?|mode|query)$/i;

/** Variables that tell something whatever the command is called, where the check itself has them. */
const TELLING_ALONE = /(?:^|_)port$|^(?:address|host|hostname|server|url|ssl|tls|socket|unit|process)$/i;

/** Commands that have another one run on the host; then its name tells, and not where the runner listens. */
const RUNNER = /^(?:check_)?(?:nrpe|by_ssh)/i;
const RUN = /_(?:command|arguments?)$/i;

/** Templates taken over from Nagios number their arguments. */
const NUMBERED = /^arg(\d{1,2})$/i;

/** The command of what only waits for results that others send. */
const NO_COMMAND = "passive";

const LONGEST_VALUE = 300;

/**
 * The command of an object with these variables of its own, behind those of its host; null where it has none.
 * Variables with a macro in them are left out: nearly all of them name the host itself.
 */
export function commandText(command: string, own: Vars, ofHost: Vars): string | null {
  if (command === "" || command === NO_COMMAND) {
    return null;
  }
  const words = new Set(command.toLowerCase().split(/[^a-z\d]+/));
  const isMeant = (name: string) => words.has(name.toLowerCase().split("_", 1)[0] ?? "");
  const inherited = [...ofHost].filter(([name]) => isMeant(name) || NUMBERED.test(name));
  const all = new Map([...inherited, ...own]);
  const numbered: [number, string][] = [];
  const named: string[] = [];
  for (const [name, value] of all) {
    const number = NUMBERED.exec(name)?.[1];
    const text = valueText(value);
    if (number !== undefined) {
      numbered.push([Number(number), text ?? ""]);
    } else if (text !== undefined && tells(name, RUNNER.test(command), isMeant(name))) {
      named.push(`${name}=${text}`);
    }
  }
  const positional = numbered.sort(([a], [b]) => a - b).map(([, text]) => text);
  return [shownText(command), ...positional, ...named.sort()].map((part) => part.replaceAll("!", "\\!")).join("!");
}

function tells(name: string, isRunner: boolean, isMeant: boolean): boolean {
  if (looksSecret(name) || !/^[a-z]\w*$/i.test(name)) {
    return false;
  }
  if (isRunner) {
    return isMeant || name.startsWith("by_ssh_") ? RUN.test(name) : false;
  }
  return isMeant ? TELLING.test(name) : TELLING_ALONE.test(name);
}

/** A value as one argument; undefined where it has none that is fit. */
function valueText(value: unknown): string | undefined {
  if (typeof value === "number" || value === true) {
    return `${value}`;
  }
  const parts = Array.isArray(value) ? value : [value];
  if (!parts.every((part) => typeof part === "string") || parts.length === 0) {
    return;
  }
  const text = withoutSecrets(parts.join(" "));
  return text === "" || text.length > LONGEST_VALUE || text.includes("$") || /\p{Cc}/u.test(text) ? undefined : text;
}

/** Passwords in URLs and behind the options that carry them; digits behind `-p` are a port. */
function withoutSecrets(text: string): string {
  return text
    .replace(/(\w:\/\/)[^\s/@]*@/g, "$1")
    .replace(/(:\/\/[^\s?]*)\?\S*/g, "$1")
    .replace(/(^|\s)(--?(?:pass\w*|pwd|secret|token|auth\w*|community|\w*key))[= ]\S+/gi, "$1$2=***")
    .replace(/(^|\s)(-[pPk])[= ](?!\d{1,5}(?:\s|$))\S+/g, "$1$2 ***");
}
