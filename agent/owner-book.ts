/** Owners of sockets as rows carry them: one object for each process and namespace, so that they group quickly. */
import type { Namespace } from "./namespaces.ts";
import { socketOwner } from "./owner.ts";
import type { KnownProcess, Process } from "./process.ts";
import type { SocketOwner } from "./report.ts";
import type { Holder } from "./socket-groups.ts";

/** What one look found of owners. */
export class OwnerBook {
  readonly #byInode: ReadonlyMap<number, Process>;
  readonly #labels: ReadonlyMap<number | undefined, string | null>;
  readonly #holders: ReadonlyMap<number, Holder>;
  readonly #owners = new Map<Holder, SocketOwner[]>();

  /** `holders` are those of sockets of which no process was found. */
  constructor(
    byInode: ReadonlyMap<number, Process>,
    holders: ReadonlyMap<number, Holder>,
    namespaces: readonly Namespace[],
  ) {
    this.#byInode = byInode;
    this.#holders = holders;
    this.#labels = new Map(namespaces.map(({ inode, label }) => [inode, label]));
  }

  /** Owner of a socket of a network namespace; its process may live in another one. */
  ofSocket(inode: number, netns: string | null): SocketOwner | undefined {
    const holder = this.#byInode.get(inode) ?? this.#holders.get(inode);
    return holder && this.#ownerOf(holder, netns);
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

  #ownerOf(holder: Holder, netns: string | null): SocketOwner {
    const known = this.#owners.get(holder) ?? [];
    const same = known.find((owner) => owner.netns === netns);
    if (same !== undefined) {
      return same;
    }
    const owner = socketOwner(holder, netns);
    this.#owners.set(holder, [...known, owner]);
    return owner;
  }
}
