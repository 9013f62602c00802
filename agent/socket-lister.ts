/** Sockets of the agent's own network namespace with their processes, as a listing and not grouped. */
import type { Machine } from "./collect.ts";
import { OWN_NAMESPACE } from "./namespaces.ts";
import type { ListedSocket } from "./original-text.ts";
import { ProcessTable } from "./process.ts";
import { SocketOwners } from "./socket-owner.ts";
import { readTables } from "./tables.ts";

/** Lists again and again; what it learned of processes makes the next time cheap. */
export class SocketLister {
  readonly #machine: Machine;
  readonly #processes: ProcessTable;
  readonly #owners: SocketOwners;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.#processes = new ProcessTable(machine.files);
    this.#owners = new SocketOwners(machine.files, this.#processes);
  }

  list(): ListedSocket[] {
    this.#processes.refresh();
    const { sockets } = readTables(this.#machine.files, [OWN_NAMESPACE], this.#machine.decodeAddress);
    const inodes = new Set(sockets.map(({ inode }) => inode).filter((inode) => inode !== 0));
    const { byInode } = this.#owners.find(inodes);
    return sockets.map((socket) => ({ socket, process: byInode.get(socket.inode) }));
  }
}
