/**
 * What DOTM tells a monitoring of its own checks there, as each way in wants it. Texts of others are in it: what would
 * end a field, a line or a command is taken out, and bytes are counted.
 */

/** The result of one passive service check. */
export interface PassiveResult {
  /** As the monitoring calls it. */
  readonly host: string;
  readonly check: string;
  /** OK, WARNING, CRITICAL, UNKNOWN. */
  readonly state: 0 | 1 | 2 | 3;
  /** One line, without figures. */
  readonly output: string;
  /** Further lines. */
  readonly details: readonly string[];
  readonly figures: readonly (readonly [label: string, value: number])[];
  /** Unix seconds. */
  readonly at: number;
}

/** Bytes that a pipe takes at once or not at all. */
export const WHOLE_WRITE = 4_096;
/** Bytes of output that every version of NSCA takes. */
const NSCA_OUTPUT = 511;

/** Bytes of output of a result that is not bound to a line: Nagios keeps no more, and Icinga 2 takes bodies up to 1 MiB. */
const WHOLE_OUTPUT = 8_192;

/** One line for the command pipe of Nagios, Naemon or Icinga 1; undefined where a name cannot stand in one. */
export function commandLine(result: PassiveResult): Buffer | undefined {
  const { host, check, state, at } = result;
  if (/[;\p{Cc}]/u.test(host + check)) {
    return undefined;
  }
  const head = Buffer.from(`[${Math.trunc(at)}] PROCESS_SERVICE_CHECK_RESULT;${host};${check};${state};`);
  const room = WHOLE_WRITE - head.length - 1;
  const lines = [firstLine(result), ...result.details.map(bare)].map((line) => plain(line).replaceAll("\\", "\\\\"));
  return room < 1 ? undefined : Buffer.concat([head, fitting(lines, "\\n", room), Buffer.from("\n")]);
}

/** One entry for `send_nsca`, without what ends it; undefined where a name cannot stand in one. */
export function nscaLine(result: PassiveResult): Buffer | undefined {
  const { host, check, state } = result;
  if (/\p{Cc}/u.test(host + check)) {
    return undefined;
  }
  const output = fitting([plain(firstLine(result))], "", NSCA_OUTPUT);
  return Buffer.concat([Buffer.from(`${host}\t${check}\t${state}\t`), output]);
}

/** The JSON that NRDP takes. */
export function nrdpJson(results: readonly PassiveResult[]): string {
  const checkresults = results.map((result) => ({
    checkresult: { type: "service", checktype: "1" },
    hostname: result.host,
    servicename: result.check,
    state: `${result.state}`,
    output: wholeText(result, firstLine(result)),
    time: `${Math.trunc(result.at)}`,
  }));
  return JSON.stringify({ checkresults });
}

/** The order to Icinga 2; `ttl`: seconds after which it is to check by itself, and finds that nobody told more. */
export function icinga2Result(result: PassiveResult, ttl: number, from: string): object {
  const { host, check, state, figures, at } = result;
  return {
    type: "Service",
    service: `${host}!${check}`,
    exit_status: state,
    plugin_output: wholeText(result, result.output),
    performance_data: figures.map(figureText),
    check_source: from,
    execution_start: at,
    execution_end: at,
    ttl,
  };
}

function wholeText({ details }: PassiveResult, first: string): string {
  return fitting([first, ...details.map(bare)].map(plain), "\n", WHOLE_OUTPUT).toString("utf8");
}

function firstLine({ output, figures }: PassiveResult): string {
  const shown = figures.map(figureText).join(" ");
  return shown === "" ? bare(output) : `${bare(output)} | ${shown}`;
}

function figureText([label, value]: readonly [label: string, value: number]): string {
  return `${label}=${value}`;
}

/** A bar would begin the figures, in any line. */
function bare(text: string): string {
  return text.replaceAll("|", "/");
}

/** Without what ends a line or steers a terminal. */
function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

/** As many lines as fit, the last one of them cut, no letter and no escape in halves. */
function fitting(lines: readonly string[], between: string, room: number): Buffer {
  const all = Buffer.from(lines.join(between));
  if (all.length <= room) {
    return all;
  }
  let end = room;
  while (end > 0 && ((all[end] ?? 0) & 0xc0) === 0x80) {
    end -= 1;
  }
  const cut = all.subarray(0, end);
  let escapes = 0;
  while (cut[end - 1 - escapes] === 0x5c) {
    escapes += 1;
  }
  return escapes % 2 === 1 ? cut.subarray(0, end - 1) : cut;
}
