/** Owners of sockets as rows carry them: one object for each process and namespace, so that they group quickly. */
import type { Namespace } from "./namespaces.ts";
import { socketOwner } from "./owner.ts";
import type { KnownProcess, Process } from "./process.ts";
import type { SocketOwner } from "./report.ts";

/** What one look found of owners. */
export class OwnerBook {
  readonly #byInode: ReadonlyMap<number, Process>;
  readonly #labels: ReadonlyMap<number | undefined, string | null>;
  readonly #owners = new Map<KnownProcess, SocketOwner[]>();

  constructor(byInode: ReadonlyMap<number, Process>, namespaces: readonly Namespace[]) {
    this.#byInode = byInode;
    this.#labels = new Map(namespaces.map(({ inode, label }) => [inode, label]));
  }

  /** Owner of a socket of a network namespace; its process may live in another one. */
  ofSocket(inode: number, netns: string | null): SocketOwner | undefined {
    const process = this.#byInode.get(inode);
    return process && this.#ownerOf(process, netns);
  }

  /** Owner of a file, such as a Unix socket, which belongs to no network. */
  ofFile(inode: number): SocketOwner | undefined {
    const process = this.#byInode.get(inode);
    return process && this.ofProcess(process);
  }

  /** A process in its own namespace. */
  ofProcess(process: KnownProcess): SocketOwner {
    return this.#ownerOf(process, this.#labelOf(process.netns));
  }

  /** A namespace that is gone by now is still another one. */
  #labelOf(netns: number | null): string | null {
    if (netns === null) {
      return null;
    }
    const label = this.#labels.get(netns);
    return label === undefined ? `net:${netns}` : label;
  }

  #ownerOf(process: KnownProcess, netns: string | null): SocketOwner {
    const known = this.#owners.get(process) ?? [];
    const same = known.find((owner) => owner.netns === netns);
    if (same !== undefined) {
      return same;
    }
    const owner = socketOwner(process, netns);
    this.#owners.set(process, [...known, owner]);
    return owner;
  }
}
