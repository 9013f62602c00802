/** Answers to pushes, whichever door they came through. */
import type { Pushed } from "../../nagios/pushed-json.ts";

/** The answer to a push. */
export interface PushAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Refused items named in an answer; the rest is counted. */
const MOST_NAMED = 20;

/** Why a push is not taken, and what would help. */
export function pushProblem(status: number, error: string, next: string): PushAnswer {
  return { status, body: { error, next } };
}

/** What is said of a body that is none. */
export function unreadablePush(format: string): PushAnswer {
  return pushProblem(400, `The body is no JSON of ${format}.`, "See docs/sources.md for its shape.");
}

/** How many items were taken, how many were not, and why. */
export function countedPush(
  accepted: number,
  refused: number,
  reasons: readonly Partial<Pushed<unknown>["refused"][number]>[],
): PushAnswer {
  const body = { accepted, refused, reasons: reasons.slice(0, MOST_NAMED) };
  return { status: accepted === 0 && refused > 0 ? 422 : 200, body };
}
