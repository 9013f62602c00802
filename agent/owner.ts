/** Whose a socket is, as rows of a report carry it. */
import type { Namespace } from "./namespaces.ts";
import type { SocketOwner } from "./report.ts";
import type { Holder } from "./socket-groups.ts";

/** A process, or what is known of it, as owner of a socket in a network namespace. */
export function socketOwner({ name, unit, container }: Holder, netns: string | null): SocketOwner {
  return { process: name, unit, container, netns };
}

/** Owner of sockets whose process is not known: the namespace may still tell the container. */
export function nobodyIn({ container, label }: Namespace): SocketOwner {
  return { process: null, unit: null, container, netns: label };
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
