/** Asks a daemon whether it is ready. */
import { messageOf } from "../errors.ts";

/** Milliseconds for one answer at most. */
const ANSWER_WITHIN = 2_000;

/** What came back. */
export type ReadyAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "unready"; readonly url: string; readonly status: number; readonly text: string }
  | { readonly kind: "silent"; readonly url: string; readonly reason: string };

/** Asks `readyz` below the address of the pages, once; never rejects for an address nobody answers at. */
export async function askReady(base: string): Promise<ReadyAnswer> {
  const url = new URL("readyz", base.endsWith("/") ? base : `${base}/`);
  try {
    const answer = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(ANSWER_WITHIN) });
    const text = (await answer.text()).slice(0, 500);
    return answer.ok ? { kind: "ready" } : { kind: "unready", url: url.href, status: answer.status, text };
  } catch (error) {
    return { kind: "silent", url: url.href, reason: reasonOf(error) };
  }
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
}
