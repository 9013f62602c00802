/** Whose a socket is, as rows of a report carry it. */
import type { Process } from "./process.ts";
import type { SocketOwner } from "./report.ts";

/** Nobody we may see. */
export const UNKNOWN_OWNER: SocketOwner = Object.freeze({ process: null, unit: null, container: null, netns: null });

/** A process as owner. */
export function socketOwner(process: Process): SocketOwner {
  return { process: process.name, unit: process.unit, container: process.container, netns: null };
}

/** The same for owners that are grouped together. */
export function ownerKey({ process, unit, container, netns }: SocketOwner): string {
  return [process, unit, container, netns].join("\0");
}

/** Order of texts by their code units: the same on every machine, whatever its language. */
export function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
