/** What a process counts of itself, for `/metrics`. */
import type { ProcessFigures } from "../web/app-deps.ts";
import { type IntakeCounts, newIntakeCounts } from "./intake-counts.ts";
import { type LoopWatch, openFiles } from "./process-load.ts";
import type { LeadingEngine } from "./roles/leading-engine.ts";
import type { SocketLimit } from "./socket-limit.ts";
import type { UnreadAnswers } from "./unread-answers.ts";

/** What the figures are of. */
export interface FiguresOf {
  readonly roles: readonly string[];
  /** Whether the store can be reached. */
  readonly connected: boolean;
  /** Undefined where the process takes no reports. */
  readonly counts: IntakeCounts | undefined;
  /** Undefined where the engine does not lead. */
  readonly leading: Pick<LeadingEngine, "engine" | "publisher" | "wheel" | "notifier"> | undefined;
  readonly loop: Pick<LoopWatch, "take">;
  readonly sockets: Pick<SocketLimit, "refused">;
  readonly unread: Pick<UnreadAnswers, "dropped">;
}

/** The figures as they are now. */
export function processFigures({
  roles,
  connected,
  counts = newIntakeCounts(),
  leading,
  loop,
  sockets,
  unread,
}: FiguresOf): ProcessFigures {
  const { accepted, repeated, refused } = counts;
  return {
    ...{ reportsAccepted: accepted, reportsRepeated: repeated, reportsRefused: refused },
    ...{ roles, leads: leading !== undefined },
    storeConnected: connected,
    storePendingKeys: leading?.publisher.status().pendingKeys ?? 0,
    connectionsForgotten: leading?.engine.forgotten ?? 0,
    lastTurn: leading?.wheel.lastTurn ?? 0,
    targets: leading?.notifier.states ?? [],
    socketsRefused: sockets.refused,
    answersDropped: unread.dropped,
    loopLag: loop.take(),
    openFiles: openFiles(),
  };
}
