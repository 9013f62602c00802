/** What `check_dotm` can be told. One table makes the parser, `--help` and the manual page. */
import { parseArgs } from "node:util";
import { ALARM_KINDS, type AlarmKind } from "../model/alarm.ts";
import { readUrl } from "../model/web-address.ts";
import { parseRange, type Range } from "./range.ts";
import type { Thresholds } from "./status.ts";

/** What is asked, and how it is told. */
export const MODES = {
  impact: "services of the host, or of the check, that problems of others hit now; without a host those of all hosts",
  "source-age": "age of what each monitoring source said last, in seconds",
  "agent-age": "age of the oldest report of an agent, in seconds",
  coverage: "share of service checks of which DOTM knows what they speak of, in percent",
  unused: "number of services that nobody has used for long",
  disconnected: "number of connections that are suddenly gone",
  alarms: "number of alarms of DOTM's own, also of one kind, host or object alone",
} as const;
export type Mode = keyof typeof MODES;

interface Described {
  readonly short?: string;
  /** Name of its value; absent for a switch. */
  readonly value?: string;
  readonly text: string;
}

/** All options, by their long names. */
export const OPTIONS = {
  mode: { short: "m", value: "MODE", text: "what to look at; impact where absent" },
  hostname: { short: "H", value: "HOST", text: "host, as the monitoring names it" },
  service: { short: "s", value: "CHECK", text: "service check of the host, as the monitoring names it" },
  kind: { value: "KIND", text: `mode alarms: only of this kind: ${ALARM_KINDS.join(", ")}` },
  object: { value: "OBJECT", text: "mode alarms: only about this, as dotm get alarms names it" },
  source: { value: "NAME", text: "mode source-age: only this source" },
  warning: { short: "w", value: "RANGE", text: "WARNING where the number lies outside of this range" },
  critical: { short: "c", value: "RANGE", text: "CRITICAL where the number lies outside of this range" },
  url: { short: "U", value: "URL", text: "where DOTM serves; http://127.0.0.1:4880/ where absent" },
  socket: { short: "S", value: "PATH", text: "Unix socket through which it is reached, instead of its address" },
  "token-file": { value: "FILE", text: "file with a token of dotm token add, where not everybody may look" },
  "ca-file": { value: "FILE", text: "certificate authority of an https:// address, PEM" },
  timeout: { short: "t", value: "SECONDS", text: "UNKNOWN after so long; 5 where absent" },
  verbose: { short: "v", text: "name everything, in further lines; -vvv also what was asked" },
  version: { short: "V", text: "print the version" },
  help: { short: "h", text: "print this" },
} as const satisfies Record<string, Described>;

/** What was asked for. */
export interface Options {
  readonly mode: Mode;
  readonly host: string | null;
  readonly check: string | null;
  readonly kind: AlarmKind | null;
  readonly object: string | null;
  readonly source: string | null;
  readonly thresholds: Thresholds;
  readonly url: URL;
  readonly socket: string | null;
  readonly tokenFile: string | null;
  readonly caFile: string | null;
  /** Seconds. */
  readonly timeout: number;
  readonly verbose: number;
}

/** Options that were not understood, for people. */
class UsageError extends Error {}

/** Reads the command line (`argv` without node and script). @throws UsageError */
export function parseOptions(argv: readonly string[]): Options | "help" | "version" {
  const { values, verbose } = parsed(argv);
  if (values["help"] === true || values["version"] === true) {
    return values["help"] === true ? "help" : "version";
  }
  const text = (name: string) => {
    const value = values[name];
    return typeof value === "string" && value !== "" ? value : null;
  };
  const [host, check] = [text("hostname"), text("service")];
  if (check !== null && host === null) {
    throw new UsageError("-s needs -H, the host of the check");
  }
  return {
    mode: oneOf("--mode", text("mode") ?? "impact", Object.keys(MODES) as Mode[]),
    host,
    check: check === "_HOST_" ? null : check,
    kind: text("kind") === null ? null : oneOf("--kind", text("kind") ?? "", ALARM_KINDS),
    object: text("object"),
    source: text("source"),
    thresholds: { warning: range("-w", text("warning")), critical: range("-c", text("critical")) },
    url: address(text("url") ?? "http://127.0.0.1:4880/"),
    socket: text("socket"),
    tokenFile: text("token-file"),
    caFile: text("ca-file"),
    timeout: seconds(text("timeout") ?? "5"),
    verbose,
  };
}

/** What `--help` prints. */
export function helpText(): string {
  const row = (head: string, text: string) => `  ${head.padEnd(24)} ${text}\n`;
  const modes = Object.entries(MODES).map(([name, text]) => row(name, text));
  const options = Object.entries<Described>(OPTIONS).map(([name, each]) => row(optionHead(name, each), each.text));
  return (
    "check_dotm asks DOTM and answers as a plugin of Nagios and Icinga.\n\n" +
    "Usage: check_dotm [-m MODE] [-H HOST [-s CHECK]] [-w RANGE] [-c RANGE] [-U URL] [-t SECONDS] [-v]\n\n" +
    `Modes:\n${modes.join("")}\nOptions:\n${options.join("")}\n` +
    "Ranges: 10 alerts outside of 0 to 10, 10: below 10, ~:10 above 10, 10:20 outside of it, @10:20 within it.\n" +
    "Without -w and -c DOTM's own judgement decides. Exit: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN and all else.\n"
  );
}

/** `-w, --warning=RANGE`. */
export function optionHead(name: string, { short, value }: Described): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : `=${value}`}`;
}

function parsed(argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries<Described>(OPTIONS).map(([name, { short, value }]) => [
      name,
      {
        type: value === undefined ? ("boolean" as const) : ("string" as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  try {
    const { values, tokens } = parseArgs({ args: [...argv], options, strict: true, tokens: true });
    const verbose = tokens.filter((token) => token.kind === "option" && token.name === "verbose").length;
    return { values: values as Readonly<Record<string, unknown>>, verbose };
  } catch (error) {
    const [sentence = ""] = (error as Error).message.split("\n");
    throw new UsageError(sentence);
  }
}

function oneOf<Value extends string>(option: string, value: string, choices: readonly Value[]): Value {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) {
    throw new UsageError(`${option} is one of ${choices.join(", ")}, not ${value}`);
  }
  return found;
}

function range(option: string, text: string | null): Range | null {
  const read = text === null ? null : parseRange(text);
  if (read === undefined) {
    throw new UsageError(`${option} is a range such as 10, 10:, ~:10, 10:20 or @10:20, not ${text}`);
  }
  return read;
}

function address(text: string): URL {
  const url = readUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(`-U is an address such as http://127.0.0.1:4880/, not ${text}`);
  }
  return url;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || value <= 0 || value > 3600) {
    throw new UsageError(`-t is a number of seconds, not ${text}`);
  }
  return value;
}
