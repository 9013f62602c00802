/** The kernel's tables of sockets, of every network namespace that can be seen. */
import type { Namespace } from "./namespaces.ts";
import { attempt, type ProcFiles } from "./proc-files.ts";
import { type AddressDecoder, parseProcNet, type Socket } from "./proc-net.ts";

/** What the tables held. */
export interface Tables {
  readonly sockets: readonly Socket[];
  /** Lines that were not understood. */
  readonly skipped: number;
  /** Tables of the agent's own namespace that cannot be read. */
  readonly missing: readonly string[];
}

const TABLES = [
  ["tcp", "tcp"],
  ["tcp6", "tcp"],
  ["udp", "udp"],
  ["udp6", "udp"],
] as const;

/** Reads them again and again; sockets that have not changed are the same objects as at the look before. */
export class TableReader {
  readonly #files: ProcFiles;
  readonly #decode: AddressDecoder;
  #known: ReadonlyMap<number, Socket> = new Map();

  constructor(files: ProcFiles, decode: AddressDecoder) {
    this.#files = files;
    this.#decode = decode;
  }

  /** All sockets of these namespaces; a table that cannot be read is left out. */
  read(namespaces: readonly Namespace[]): Tables {
    const sockets: Socket[] = [];
    const known = new Map<number, Socket>();
    const missing: string[] = [];
    let skipped = 0;
    for (const { label, folder, name, proto } of namespaces.flatMap(tablesOf)) {
      const text = attempt(() => this.#files.read(`${folder}/${name}`));
      if (text === undefined) {
        missing.push(...(label === null ? [`${folder}/${name}`] : []));
        continue;
      }
      const table = parseProcNet(text, proto, this.#decode, label, this.#known);
      skipped += table.skipped;
      // Not spread into push: a table may have more rows than a call may have arguments.
      for (const socket of table.sockets) {
        sockets.push(socket);
        known.set(socket.inode, socket);
      }
    }
    known.delete(0);
    this.#known = known;
    return { sockets, skipped, missing };
  }
}

function tablesOf({ label, folder }: Namespace) {
  return TABLES.map(([name, proto]) => ({ label, folder, name, proto }));
}
