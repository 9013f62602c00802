/** Sends one report to the server by HTTP or HTTPS and tells what became of it. */
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { REPORT_PATH, SENT_HEADER } from "./report.ts";
import { timeLimit } from "./time-limit.ts";

/** Where reports go. */
export interface Server {
  /** Address of the server; REPORT_PATH is added to it. */
  readonly url: URL;
  /** Bearer token of this host, or undefined. */
  readonly token: string | undefined;
  /** Certificates (PEM) to trust in place of the system's, or undefined. */
  readonly ca: string | undefined;
  /** Certificate of this host and its key (PEM), which stand in place of a token. */
  readonly own?: { readonly cert: string; readonly key: string } | undefined;
}

/**
 * What became of a report. `accepted`: the server has it for good. `refused`: it will never take this one. `later`:
 * it could not take it now; `wait` are the seconds it asked for, undefined where it did not say.
 */
export type PushResult =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "later"; readonly reason: string; readonly wait: number | undefined };

/** Answers that say "this report never": malformed, too large, wrong version. */
const NEVER = new Set([400, 413, 415, 422, 426]);
const TIME_LIMIT_MS = 30_000;
const MAX_ANSWER = 64 * 1024;
const LONGEST_WAIT = 3_600;

/** Sends a gzipped report. Rejects never; `signal` gives the attempt up, `now` is the agent's clock in Unix seconds. */
export function pushReport(body: Buffer, server: Server, now: () => number, signal: AbortSignal): Promise<PushResult> {
  const url = new URL(server.url);
  url.pathname = url.pathname.replace(/\/*$/, REPORT_PATH);
  const limit = timeLimit(signal, TIME_LIMIT_MS);
  const options = {
    method: "POST",
    agent: false as const,
    signal: limit,
    headers: {
      "content-type": "application/json",
      "content-encoding": "gzip",
      "content-length": body.length,
      accept: "application/json",
      [SENT_HEADER]: new Date(now() * 1000).toISOString(),
      ...(server.token === undefined ? {} : { authorization: `Bearer ${server.token}` }),
    },
  };
  return new Promise<PushResult>((resolve) => {
    const answered = (answer: IncomingMessage) => {
      readAnswer(answer).then(resolve, (error) => resolve(failed(error)));
    };
    const request =
      url.protocol === "https:"
        ? requestHttps(
            url,
            { ...options, ...(server.ca === undefined ? {} : { ca: server.ca }), ...server.own },
            answered,
          )
        : requestHttp(url, options, answered);
    // An answer to a question that was never put: without a listener for it nobody would be told of its end.
    request.on("upgrade", (answer, socket) => {
      socket.destroy();
      resolve(failed(new Error(`the server answers ${answer.statusCode}`)));
    });
    request.on("error", (error) =>
      resolve(failed(limit.aborted && !signal.aborted ? new Error("no answer within 30 s") : error)),
    );
    request.end(body);
    // A certificate of ours that cannot be used is thrown at once.
  }).catch(failed);
}

async function readAnswer(answer: IncomingMessage): Promise<PushResult> {
  const status = answer.statusCode ?? 0;
  let text = "";
  answer.setEncoding("utf8");
  for await (const chunk of answer) {
    text += text.length < MAX_ANSWER ? chunk : "";
  }
  if (status >= 200 && status < 300) {
    return { kind: "accepted" };
  }
  const reason = reasonOf(status, text, answer.headers.location);
  if (NEVER.has(status)) {
    return { kind: "refused", reason };
  }
  return { kind: "later", reason, wait: secondsOf(answer.headers["retry-after"]) };
}

function reasonOf(status: number, text: string, location: string | undefined): string {
  if (status >= 300 && status < 400) {
    return `the server answers ${status}, it lives at ${location ?? "another address"}; correct --server`;
  }
  const said = messageIn(text);
  const hint = HINTS.get(status);
  return `the server answers ${status}${said === "" ? "" : `: ${said}`}${hint === undefined ? "" : `; ${hint}`}`;
}

const HINTS: ReadonlyMap<number, string> = new Map([
  [401, "check the token or the certificate"],
  [403, "the token does not speak for this host; check --host and the token"],
  [404, "nothing takes reports there; check --server"],
]);

/** The message of an error answer, on one line and short; the server is not trusted with the log. */
function messageIn(text: string): string {
  const parsed = parseJson(text);
  const error = field(parsed, "error") ?? parsed;
  const message = typeof error === "string" ? error : (field(error, "message") ?? field(error, "detail"));
  return typeof message === "string" ? message.replaceAll(/[^\x20-\x7e\xa0-\uffff]+/g, " ").slice(0, 300) : "";
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds of a Retry-After header; a date is not understood and counts as none. */
function secondsOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Math.min(Number(header), LONGEST_WAIT) : undefined;
}

function failed(error: unknown): PushResult {
  const { code, message } = error as NodeJS.ErrnoException;
  const hint = code === undefined ? undefined : CAUSES.get(code);
  return { kind: "later", reason: hint === undefined ? message || String(code) : `${hint} (${code})`, wait: undefined };
}

const CAUSES: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens at the address of the server"],
  ["ENOTFOUND", "the name of the server is not known"],
  ["EHOSTUNREACH", "the server cannot be reached"],
  ["ECONNRESET", "the connection was cut"],
  [
    "SELF_SIGNED_CERT_IN_CHAIN",
    "the certificate of the server is signed by an unknown authority; give it with --ca-file",
  ],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "the certificate of the server is self-signed; give it with --ca-file"],
  [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "the certificate of the server is signed by an unknown authority; give it with --ca-file",
  ],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the certificate of the server is for another name"],
  ["CERT_HAS_EXPIRED", "the certificate of the server has expired"],
]);
