/** Who listens at each port of a host, containers' own ports told apart from the host's. */
import { isLoopback, isWildcard } from "../model/address.ts";
import type { ListenerRecord } from "../model/changes.ts";
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import type { Connection, HostReport, Listener } from "../model/host-report.ts";
import { portName } from "../model/ids.ts";
import { type Folding, ignored, nameOwner } from "./folding.ts";

/**
 * Whose each port is, by port name, best first: the host's own listeners, ignored ones too; else those of one network
 * namespace, as a container's port that is not published is reached by nobody at the host's address.
 */
export function listenersByPort(
  { listeners }: Pick<HostReport, "listeners">,
  folding: Folding,
): Map<string, readonly Listener[]> {
  const ports = new Map<string, readonly Listener[]>();
  for (const [port, there] of grouped(listeners, portOf)) {
    const own = there.filter(({ netns }) => netns === null);
    const ranked = (own.length > 0 ? own : there.filter((each) => !ignored(each, folding))).sort(byRank);
    ports.set(
      port,
      ranked.filter(({ netns }) => netns === ranked[0]?.netns),
    );
  }
  return ports;
}

/** One service per port. */
export function foldListeners(
  ports: ReadonlyMap<string, readonly Listener[]>,
  seenAt: number,
  folding: Folding,
): Map<string, ListenerRecord> {
  const listeners = new Map<string, ListenerRecord>();
  for (const [port, there] of ports) {
    const [first, ...others] = there.filter((each) => !ignored(each, folding));
    if (first !== undefined && !folding.ignoresPort(first.port)) {
      listeners.set(port, listenerRecord(first, others, seenAt));
    }
  }
  return listeners;
}

/** Whether a container took a connection at a port that is another's here; a published port is told as the host's. */
export function isElsewhere(
  { netns, container, proto, localPort }: Connection,
  ports: ReadonlyMap<string, readonly Listener[]>,
): boolean {
  const there = netns === null || localPort === null ? undefined : ports.get(portName(proto, localPort));
  return there?.every((each) => each.netns !== netns && (container === null || each.container !== container)) === true;
}

function portOf({ proto, port }: Listener): string {
  return portName(proto, port);
}

/** Listeners on any address before those on one, those before loopback, then by name: the same in every report. */
function byRank(a: Listener, b: Listener): number {
  return breadth(a) - breadth(b) || compareIds(rankName(a), rankName(b));
}

function rankName({ process, container, unit, netns }: Listener): string {
  return [process ?? "~", container ?? "", unit ?? "", netns ?? ""].join("\0");
}

/** Other listeners at the port only tell more addresses of it. */
function listenerRecord(first: Listener, others: readonly Listener[], seenAt: number): ListenerRecord {
  return {
    protocol: first.proto,
    port: first.port,
    addresses: [...new Set([first, ...others].map(({ address }) => address))].sort(),
    ...nameOwner(first),
    firstSeen: seenAt,
    lastSeen: seenAt,
  };
}

function breadth(listener: Listener): number {
  if (isWildcard(listener.address)) {
    return 0;
  }
  return isLoopback(listener.address) ? 2 : 1;
}
