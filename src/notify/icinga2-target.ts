/** The API of Icinga 2: `process-check-result`, with the time after which a result is stale. */
import { icinga2Result, type PassiveResult } from "../../nagios/passive-result.ts";
import type { Secret } from "../config/secret.ts";
import { DotmError } from "../errors.ts";
import { basicLogin, type HttpPlace, type Posted, post } from "./post.ts";
import type { Sent, Target } from "./target.ts";

/** What sending there needs. */
export interface Icinga2TargetOptions extends HttpPlace {
  readonly name: string;
  readonly user: string | null;
  readonly password: Secret | null;
  /** Seconds. */
  readonly ttl: number;
}

/** Results sent at the same time. */
const SIDE_BY_SIDE = 4;

/** One result a request: that is what Icinga 2 takes without filters, which need a permission of their own. */
export function icinga2Target(options: Icinga2TargetOptions): Target<PassiveResult> {
  return { name: options.name, atOnce: 20, send: (results, signal) => sendAll(options, results, signal) };
}

async function sendAll(
  options: Icinga2TargetOptions,
  results: readonly PassiveResult[],
  signal: AbortSignal,
): Promise<Sent> {
  const rest = results.values();
  const refusals: string[] = [];
  const worker = async () => {
    for (const result of rest) {
      const refusal = await sendOne(options, result, signal);
      refusals.push(...(refusal === undefined ? [] : [refusal]));
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  const [reason] = refusals;
  return { refused: refusals.length, ...(reason === undefined ? {} : { reason }) };
}

async function sendOne(
  options: Icinga2TargetOptions,
  result: PassiveResult,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { user, password, ttl } = options;
  const url = `${options.url.replace(/\/+$/, "")}/v1/actions/process-check-result`;
  const login = user === null ? {} : basicLogin(user, password);
  const headers = { accept: "application/json", "content-type": "application/json", ...login };
  const answer = await post({ ...options, url }, JSON.stringify(icinga2Result(result, ttl, "dotm")), headers, signal);
  return refusalOf(answer, result, options.url);
}

/** Undefined where it was taken. @throws DotmError where nothing would be taken */
function refusalOf({ status }: Posted, { host, check }: PassiveResult, url: string): string | undefined {
  if (status === 200) {
    return undefined;
  }
  if (status === 401) {
    throw new DotmError("DOTM_NOTIFY_FAILED", `${url} refuses the login (401).`, "Look at user and password_file.");
  }
  // Icinga 2 answers so for an object that is not there, and where the permission is missing.
  if (status === 404) {
    return `${url} has no ${host}!${check}, or the user lacks the permission actions/process-check-result`;
  }
  throw new DotmError("DOTM_NOTIFY_FAILED", `${url} answers ${status}.`, "Look at Icinga 2's own log.");
}
