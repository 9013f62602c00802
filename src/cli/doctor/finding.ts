/** What the doctor finds: one line for each part of the chain. */
import { messageOf } from "../../errors.ts";
import { toldError } from "../exit-code.ts";

/** How a part is: a WARNING does its work, but not all of it. */
export type FindingVerdict = "OK" | "WARNING" | "FAIL";

/** One part of the chain. */
export interface Finding {
  readonly part: string;
  readonly verdict: FindingVerdict;
  readonly text: string;
  /** The next step, null where there is nothing to do or the text tells it. */
  readonly fix: string | null;
}

/** A part that is well. */
export function fine(part: string, text: string): Finding {
  return { part, verdict: "OK", text, fix: null };
}

/** A part that does its work, but not all of it. */
export function doubtful(part: string, text: string, fix: string | null): Finding {
  return { part, verdict: "WARNING", text, fix };
}

/** A part that does not do its work. */
export function broken(part: string, text: string, fix: string | null): Finding {
  return { part, verdict: "FAIL", text, fix };
}

/** A part that ended with an error; errors meant for people bring their fix along. */
export function failed(part: string, error: unknown): Finding {
  // Most errors lead here.
  const next = (toldError(error)?.next ?? "").replace(/\s*See: dotm doctor$/, "");
  return broken(part, messageOf(error), next === "" ? null : next);
}

/** The first few names, and how many more there are. */
export function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(", ");
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}
