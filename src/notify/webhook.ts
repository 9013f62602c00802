/** Webhooks: one POST for each root problem and its end, with the sentence, the link, and the whole impact. */

import type { Secret } from "../config/secret.ts";
import { DotmError } from "../errors.ts";
import { titleOf } from "../model/ids.ts";
import type { Announcement } from "./announced-problems.ts";
import { type HttpPlace, post } from "./post.ts";
import type { Sent, Target } from "./target.ts";

/** What sending there needs. */
export interface WebhookOptions extends HttpPlace {
  readonly name: string;
  readonly token: Secret | null;
  /** Address of the pages, empty for none. */
  readonly base: string;
}

/** Sends them one by one, in order. */
export function webhook(options: WebhookOptions): Target<Announcement> {
  return { name: options.name, atOnce: 1, send: ([announcement], signal) => send(options, announcement, signal) };
}

/** The body; `text` is what chats show. */
export function webhookBody({ event, impact }: Announcement, base: string): object {
  const { problem, summary, graph } = impact;
  const name = titleOf(problem);
  const said = event === "recovery" ? `${name} has recovered` : summary;
  const link = base === "" ? null : `${base}${graph.replace(/^\//, "")}`;
  return {
    ...{ apiVersion: "dotm/v1", kind: "Notification", event, summary: said, link },
    text: link === null ? said : `${said} ${link}`,
    impact,
  };
}

async function send(
  options: WebhookOptions,
  announcement: Announcement | undefined,
  signal: AbortSignal,
): Promise<Sent> {
  if (announcement === undefined) {
    return { refused: 0 };
  }
  const { base, token, url } = options;
  const login = token === null ? {} : { authorization: `Bearer ${token.reveal()}` };
  const headers = { "content-type": "application/json", ...login };
  const { status } = await post(options, JSON.stringify(webhookBody(announcement, base)), headers, signal);
  const { origin } = new URL(url);
  if (status >= 200 && status < 300) {
    return { refused: 0 };
  }
  // Asked again it would say the same, but for "too many" and "too slow".
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
    return { refused: 1, reason: `${origin} refuses notifications with ${status}` };
  }
  throw new DotmError("DOTM_NOTIFY_FAILED", `${origin} answers ${status}.`, "Look at its own log.");
}
