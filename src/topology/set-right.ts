/** What is remembered with times of a clock that was ahead and is set back: it was seen now, at the latest. */
import type { EdgeRecord } from "../model/changes.ts";
import { isFuture, notAfter } from "../model/set-back.ts";
import type { HostMemory } from "./host-memory.ts";

/** Sets the times of a host right; those of the present and the past stay as they are. */
export function setRight(memory: HostMemory, now: number): void {
  memory.lastReport = notAfter(memory.lastReport, now);
  memory.lastLook = notAfter(memory.lastLook, now);
  for (const [key, edge] of memory.edges) {
    if (isFuture(edge.lastSeen, now)) {
      memory.edges.set(key, edgeSeenBy(edge, now));
    }
  }
  for (const [port, listener] of memory.listeners) {
    if (isFuture(listener.lastSeen, now)) {
      const firstSeen = notAfter(listener.firstSeen, now);
      memory.listeners.set(port, { ...listener, firstSeen, lastSeen: now });
    }
  }
}

function edgeSeenBy(edge: EdgeRecord, now: number): EdgeRecord {
  const rhythm = { ...edge.rhythm, run: notAfter(edge.rhythm.run, now) };
  return { ...edge, firstSeen: notAfter(edge.firstSeen, now), lastSeen: now, rhythm };
}
