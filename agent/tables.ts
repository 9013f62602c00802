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

/** Reads them all; one that cannot be read is left out. */
export function readTables(files: ProcFiles, namespaces: readonly Namespace[], decode: AddressDecoder): Tables {
  const sockets: Socket[] = [];
  const missing: string[] = [];
  let skipped = 0;
  for (const { label, folder, name, proto } of namespaces.flatMap(tablesOf)) {
    const text = attempt(() => files.read(`${folder}/${name}`));
    if (text === undefined) {
      missing.push(...(label === null ? [`${folder}/${name}`] : []));
      continue;
    }
    const table = parseProcNet(text, proto, decode, label);
    skipped += table.skipped;
    // Not spread into push: a table may have more rows than a call may have arguments.
    for (const socket of table.sockets) {
      sockets.push(socket);
    }
  }
  return { sockets, skipped, missing };
}

function tablesOf({ label, folder }: Namespace) {
  return TABLES.map(([name, proto]) => ({ label, folder, name, proto }));
}
