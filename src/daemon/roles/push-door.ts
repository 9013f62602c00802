/** Pushed states on their way to the engine that leads. */
import type { PushAnswer } from "../../ingest/push-source.ts";
import type { AddressedPush } from "../push-intake.ts";
import type { LeadingEngine } from "./leading-engine.ts";

/** Hands a push to the source it is meant for. Never rejects: what is wrong is in the answer. */
export async function acceptPush(push: AddressedPush, leading: LeadingEngine | undefined): Promise<PushAnswer> {
  if (leading === undefined) {
    const next = "Send it again in some seconds, or to the process that leads (dotm get members).";
    return { status: 503, body: { error: "The engine of this process does not lead.", next } };
  }
  return leading.pushes.accept(push);
}
