/** NRDP: results by HTTP, many in one form. */
import { nrdpJson, type PassiveResult } from "../../nagios/passive-result.ts";
import type { Secret } from "../config/secret.ts";
import { DotmError } from "../errors.ts";
import { type HttpPlace, type Posted, post } from "./post.ts";
import type { Sent, Target } from "./target.ts";

/** What sending there needs. */
export interface NrdpOptions extends HttpPlace {
  readonly name: string;
  readonly token: Secret;
}

/** Sends forms. */
export function nrdp(options: NrdpOptions): Target<PassiveResult> {
  return { name: options.name, atOnce: 200, send: (results, signal) => send(options, results, signal) };
}

async function send(options: NrdpOptions, results: readonly PassiveResult[], signal: AbortSignal): Promise<Sent> {
  const json = nrdpJson(results);
  const form = new URLSearchParams({ token: options.token.reveal(), cmd: "submitcheck", json });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await post(options, form.toString(), headers, signal);
  const refusal = refusalOf(answer);
  if (refusal !== undefined) {
    const next = "Look at token_file, and at NRDP's own config.inc.php.";
    throw new DotmError(
      "DOTM_NOTIFY_FAILED",
      `${new URL(options.url).origin} does not take results (${refusal}).`,
      next,
    );
  }
  return { refused: 0 };
}

/** It says 200 to everything; how it went stands in the answer, as XML or as JSON. */
function refusalOf({ status, body }: Posted): string | undefined {
  if (status !== 200) {
    return `status ${status}`;
  }
  const said = /<status>\s*(-?\d+)|"status"\s*:\s*"?(-?\d+)/.exec(body);
  const code = said?.[1] ?? said?.[2];
  if (code === "0") {
    return undefined;
  }
  const message = /<message>([^<]*)|"message"\s*:\s*"([^"]*)/.exec(body);
  return code === undefined ? "no answer of NRDP" : (message?.[1] ?? message?.[2] ?? `status ${code}`).slice(0, 200);
}
