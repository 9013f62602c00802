/** What the exit code of a command says. */
import type { DotmError, ErrorCode } from "../errors.ts";
import { badness, type State } from "../model/state.ts";

/** All codes there are. `--exit-code` uses the numbers of Nagios instead. */
export const EXIT = Object.freeze({ done: 0, failed: 1, usage: 2, notFound: 3, unreachable: 4, interrupted: 130 });

/** Nagios' UNKNOWN: with `--exit-code`, every failure of ours. */
export const PLUGIN_UNKNOWN = 3;

const BY_ERROR: Partial<Record<ErrorCode, number>> = {
  DOTM_USAGE: EXIT.usage,
  DOTM_NOT_FOUND: EXIT.notFound,
  DOTM_STORE_UNREACHABLE: EXIT.unreachable,
};

/** The exit code of a command that ended with an error. */
export function exitCodeOf(error: unknown): number {
  const told = toldError(error);
  return told === undefined ? EXIT.failed : (BY_ERROR[told.code] ?? EXIT.failed);
}

/**
 * An error that was meant for people, undefined for anything else. Told by its code: the command line is bundled, so
 * that errors of the daemon are of another class, and kinds of them have names of their own.
 */
export function toldError(error: unknown): Pick<DotmError, "code" | "next"> | undefined {
  return error instanceof Error && "code" in error && String(error.code).startsWith("DOTM_") && "next" in error
    ? (error as DotmError)
    : undefined;
}

/** Exit codes of plugins by how bad a state is: OK and PENDING 0, WARNING 1, UNKNOWN 3, CRITICAL 2. */
const PLUGIN_CODES = [0, 0, 1, PLUGIN_UNKNOWN, 2];

/** The worst of the states as a plugin's exit code; 0 where there is none. */
export function pluginCode(states: Iterable<State>): number {
  let worst = 0;
  for (const state of states) {
    worst = Math.max(worst, badness(state));
  }
  return PLUGIN_CODES[worst] ?? PLUGIN_UNKNOWN;
}
