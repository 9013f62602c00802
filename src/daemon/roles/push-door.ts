/** The door for pushes of a process: straight to its own engine where that leads, else by journal and Redis to the one that does. */
import { join } from "node:path";
import type { PushConfig } from "../../config/config-value.ts";
import type { PushAnswer } from "../../ingest/push-answer.ts";
import { pushRefusal } from "../../ingest/push-source.ts";
import { PushList } from "../../store/push-list.ts";
import type { Lifecycle } from "../lifecycle.ts";
import { type AddressedPush, PushIntake } from "../push-intake.ts";
import { PushRelay } from "../push-relay.ts";
import type { LeadingEngine } from "./leading-engine.ts";
import type { Surroundings } from "./surroundings.ts";

/** What it needs beside the surroundings. */
export interface PushDoorDeps extends Surroundings {
  /** The engine of this process, while it leads. */
  readonly leading: () => LeadingEngine | undefined;
}

/** The door for pushes. */
export interface PushDoor {
  readonly acceptPush: (push: AddressedPush) => Promise<PushAnswer>;
  /** Whether any source takes pushes of this sender. */
  readonly mayPush: (sender: Pick<AddressedPush, "authorization" | "isLocal">) => boolean;
}

/** Opens the door; what it gives takes a push and never rejects: what is wrong is in the answer. */
export async function openPushDoor(
  { config, client, logger, now, leading }: PushDoorDeps,
  lifecycle: Lifecycle,
): Promise<PushDoor> {
  const sources = config.sources.filter((source): source is PushConfig => source.type === "push");
  // Knows the names, and has none that has begun: it answers whoever asks for another.
  const names = new PushIntake(sources.map(({ name }) => name));
  if (sources.length === 0) {
    return { acceptPush: (push) => names.accept(push), mayPush: () => false };
  }
  const folder = join(config.dataDir, "pushes");
  const relay = new PushRelay({ folder, sources, list: new PushList(client), logger, now });
  await relay.start();
  lifecycle.onStop("pushes", () => relay.stop());
  const acceptPush: PushDoor["acceptPush"] = (push) => {
    const pushes = leading()?.pushes ?? names;
    const source = names.addressed(push.source);
    return source === undefined || pushes.find(source) !== undefined
      ? pushes.accept(push)
      : relay.accept({ ...push, source });
  };
  return { acceptPush, mayPush: (sender) => sources.some((source) => pushRefusal(source, sender) === undefined) };
}
