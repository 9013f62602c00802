/** Sockets of the agent's own network namespace with their processes, as a listing and not grouped. */
import type { Machine } from "./collect.ts";
import { OWN_NAMESPACE } from "./namespaces.ts";
import type { ListedSocket } from "./original-text.ts";
import { ProcessTable } from "./process.ts";
import { SocketOwners } from "./socket-owner.ts";
import { TableReader } from "./tables.ts";

/** Lists again and again; what it learned of processes makes the next time cheap. */
export class SocketLister {
  readonly #processes: ProcessTable;
  readonly #tables: TableReader;
  readonly #owners: SocketOwners;

  constructor(machine: Machine) {
    this.#processes = new ProcessTable(machine.files);
    this.#tables = new TableReader(machine.files, machine.decodeAddress);
    this.#owners = new SocketOwners(machine.files, this.#processes);
  }

  list(): ListedSocket[] {
    this.#processes.refresh();
    const { sockets } = this.#tables.read([OWN_NAMESPACE]);
    const inodes = new Set(sockets.map(({ inode }) => inode).filter((inode) => inode !== 0));
    const { byInode } = this.#owners.find(inodes);
    return sockets.map((socket) => ({ socket, process: byInode.get(socket.inode) }));
  }
}
