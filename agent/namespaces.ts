/**
 * The network namespaces of this host, as their processes show them: /proc/<pid>/net is the view of that process, open
 * to everybody. Its inode tells namespaces apart and asks for no right, as the link /proc/<pid>/ns/net would.
 */
import { attempt, type ProcFiles } from "./proc-files.ts";
import type { Process } from "./process.ts";

/** A network namespace, and where its tables are. */
export interface Namespace {
  /** As reports name it; null for the agent's own. */
  readonly label: string | null;
  /** Inode of its table `tcp`; undefined where that cannot be seen. */
  readonly inode: number | undefined;
  /** Folder of its tables below /proc. */
  readonly folder: string;
  /** A process within it; undefined for the agent itself. */
  readonly pid: number | undefined;
  /** The container its processes are in; null where they are in none, or not all in the same. */
  readonly container: string | null;
}

/** The agent's own namespace. */
export const OWN_NAMESPACE: Namespace = Object.freeze({
  label: null,
  inode: undefined,
  folder: "net",
  pid: undefined,
  container: null,
});

/** The agent's own namespace first, then every other one that has a process. */
export function findNamespaces(files: ProcFiles, processes: readonly Process[]): Namespace[] {
  const own = attempt(() => files.inode("net/tcp"));
  const members = new Map<number, Process[]>();
  for (const process of processes) {
    if (process.netns === null || process.netns === own) {
      continue;
    }
    const others = members.get(process.netns);
    if (others === undefined) {
      members.set(process.netns, [process]);
    } else {
      others.push(process);
    }
  }
  const found = [...members].map(([inode, of]) => namespaceOf(files, inode, of));
  return [{ ...OWN_NAMESPACE, inode: own }, ...found.filter((namespace) => namespace !== undefined)];
}

function namespaceOf(files: ProcFiles, inode: number, members: readonly Process[]): Namespace | undefined {
  // A process may have ended, or moved into another namespace, since it was looked at.
  const speaker = members.find(({ pid }) => attempt(() => files.inode(`${pid}/net/tcp`)) === inode);
  if (speaker === undefined) {
    return undefined;
  }
  const label = attempt(() => files.link(`${speaker.pid}/ns/net`)) ?? `net:${inode}`;
  const containers = new Set(members.map(({ container }) => container));
  const container = containers.size === 1 ? speaker.container : null;
  return { label, inode, folder: `${speaker.pid}/net`, pid: speaker.pid, container };
}
