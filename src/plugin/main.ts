/** `check_dotm`: asks DOTM one question and answers as a plugin of the monitoring does. */

import { agentVerdict, sourceVerdict } from "./age-modes.ts";
import { askDotm, type Dotm } from "./ask-dotm.ts";
import { alarmVerdict, coverageVerdict } from "./count-modes.ts";
import { impactVerdict } from "./impact-mode.ts";
import { helpText, type Mode, type Options, parseOptions } from "./options.ts";
import { exitCode, harmless, type Verdict, verdictText } from "./verdict.ts";

/** What is printed, and the exit code. */
export interface Answer {
  readonly text: string;
  readonly code: number;
}

const UNKNOWN = exitCode("UNKNOWN");

const MODES: Readonly<Record<Mode, (dotm: Dotm, options: Options) => Promise<Verdict>>> = {
  impact: impactVerdict,
  "source-age": sourceVerdict,
  "agent-age": agentVerdict,
  coverage: coverageVerdict,
  unused: (dotm, options) => alarmVerdict(dotm, options, "service-unused"),
  disconnected: (dotm, options) => alarmVerdict(dotm, options, "connection-gone"),
  alarms: (dotm, options) => alarmVerdict(dotm, options),
};

/** Runs the plugin (`argv` without node and script); never rejects, and never takes longer than asked for. */
export async function main(argv: readonly string[], version: string): Promise<Answer> {
  try {
    const options = parseOptions(argv);
    if (options === "help" || options === "version") {
      return { text: options === "help" ? helpText() : `check_dotm ${version}\n`, code: UNKNOWN };
    }
    return await Promise.race([answer(options), lateAnswer(options.timeout)]);
  } catch (error) {
    return unknown(error);
  }
}

/** What is told of anything that went wrong: one line. */
export function unknown(error: unknown): Answer {
  const said = error instanceof Error ? error.message : String(error);
  return { text: `DOTM UNKNOWN - ${harmless(said)}\n`, code: UNKNOWN };
}

async function answer(options: Options): Promise<Answer> {
  const asked: string[] = [];
  const dotm = askDotm(options, (line) => asked.push(line));
  const verdict = await MODES[options.mode](dotm, options);
  const details = options.verbose > 2 ? [...verdict.details, ...asked] : verdict.details;
  return { text: verdictText({ ...verdict, details }, options.verbose), code: exitCode(verdict.status) };
}

function lateAnswer(seconds: number): Promise<Answer> {
  return new Promise((resolve) => {
    const late = () => resolve(unknown(new Error(`no answer within ${seconds} s`)));
    setTimeout(late, seconds * 1000).unref();
  });
}
