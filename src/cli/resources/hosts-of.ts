/** Which hosts a list is about. */
import { bitesOf } from "../../model/bites.ts";
import type { MapReader } from "../../store/map-reader.ts";
import { unknownHost } from "../not-found.ts";
import { shellWord } from "../words.ts";

/** What a list may need. */
export interface ListRequest {
  readonly reader: MapReader;
  /** Hosts named on the command line; empty for all. */
  readonly hosts: readonly string[];
  /** Unix seconds. */
  readonly now: number;
  readonly program: string;
}

/**
 * The hosts of a list in bites.
 * @throws DotmError DOTM_NOT_FOUND for a named host that is not there
 */
export async function hostBites(
  { reader, hosts, program }: ListRequest,
  resource: string,
  command = `get ${resource}`,
): Promise<(readonly string[])[]> {
  const known = await reader.nodes();
  const all = new Set(known);
  for (const host of hosts) {
    if (!all.has(host)) {
      throw unknownHost(host, known, program, (name) => `${command} ${shellWord(name)}`);
    }
  }
  const wanted = hosts.length > 0 ? [...new Set(hosts)] : known;
  return [...bitesOf(wanted)];
}
