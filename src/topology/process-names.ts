/** Names of a host's processes: the owner is told only where two of one name exist (DESIGN, ids). */
import type { EdgeRecord, ListenerRecord } from "../model/changes.ts";
import { UNKNOWN_PROCESS } from "../model/topology.ts";

/** Gives the display name of a process: `NAME`, or `NAME@OWNER` where the host has two of that name. */
export type ProcessNamer = (process: string | null, owner: string | null) => string;

/** Makes the namer of one host from everything remembered of it. */
export function nameProcesses(edges: Iterable<EdgeRecord>, listeners: Iterable<ListenerRecord>): ProcessNamer {
  const owners = new Map<string, Set<string>>();
  for (const record of [...edges, ...listeners]) {
    note(owners, record.process, record.owner);
    if ("remote" in record && record.direction === "unix") {
      const { process, owner } = unixServer(record.remote);
      note(owners, process, owner);
    }
  }
  return (process, owner) => {
    if (process === null) {
      return UNKNOWN_PROCESS;
    }
    return owner !== null && (owners.get(process)?.size ?? 0) > 1 ? `${process}@${owner}` : process;
  };
}

/** Takes the remote of a Unix edge apart. */
export function unixServer(remote: string): { process: string | null; owner: string | null } {
  const at = remote.indexOf("@");
  return { process: remote.slice(0, at) || null, owner: remote.slice(at + 1) || null };
}

function note(owners: Map<string, Set<string>>, process: string | null, owner: string | null): void {
  if (process === null) {
    return;
  }
  const known = owners.get(process) ?? new Set();
  owners.set(process, known.add(owner ?? ""));
}
