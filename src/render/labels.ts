/** What services and processes are called where their host is named already. */
import { INTERNET, parseId } from "../model/ids.ts";
import { UNKNOWN_PROCESS } from "../model/topology.ts";

/** `:3306 mysqld`, `php-fpm`; a service whose process nobody sees is its port alone. */
export function labelOf(node: {
  readonly id: string;
  readonly port: string | number | null;
  readonly process: string | null;
}): string {
  const { id, port, process } = node;
  const unknown = process === null || process === UNKNOWN_PROCESS || process === "";
  if (port !== null) {
    return unknown ? `:${port}` : `:${port} ${process}`;
  }
  const parsed = parseId(id);
  if (unknown) {
    return parsed?.host === INTERNET ? "clients" : "unknown process";
  }
  // The id has the owner too where two processes of one name exist.
  return parsed?.kind === "process" ? parsed.name : process;
}
