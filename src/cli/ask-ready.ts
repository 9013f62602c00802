/** Asks a daemon whether it is ready. */
import { readFileSync } from "node:fs";
import { messageOf } from "../errors.ts";

/** Milliseconds for one answer at most. */
const ANSWER_WITHIN = 2_000;

/** What came back. */
export type ReadyAnswer =
  | { readonly kind: "ready" }
  | { readonly kind: "unready"; readonly url: string; readonly status: number; readonly text: string }
  | { readonly kind: "silent"; readonly url: string; readonly reason: string };

/**
 * Asks `readyz` below the address of the pages, once; never rejects for an address nobody answers at. `certFile` is the
 * daemon's own certificate: whoever answers with that one is it, whatever name the address has.
 */
export async function askReady(base: string, certFile?: string): Promise<ReadyAnswer> {
  const url = new URL("readyz", base.endsWith("/") ? base : `${base}/`);
  try {
    const { status, text } = certFile === undefined ? await byFetch(url) : await byCertificate(url, certFile);
    const told = text.slice(0, 500);
    return status === 200 ? { kind: "ready" } : { kind: "unready", url: url.href, status, text: told };
  } catch (error) {
    return { kind: "silent", url: url.href, reason: reasonOf(error) };
  }
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function byFetch(url: URL): Promise<Answer> {
  const answer = await fetch(url, { headers: { connection: "close" }, signal: AbortSignal.timeout(ANSWER_WITHIN) });
  return { status: answer.status, text: await answer.text() };
}

async function byCertificate(url: URL, certFile: string): Promise<Answer> {
  const { request } = await import("node:https");
  const trust = { ca: readFileSync(certFile), allowPartialTrustChain: true, checkServerIdentity: () => undefined };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(ANSWER_WITHIN);
    const asked = request(url, { ...trust, agent: false, signal }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text })).on("error", reject);
    });
    asked.on("error", reject).end();
  });
}

/** fetch hides what happened in the cause. */
function reasonOf(error: unknown): string {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
}
