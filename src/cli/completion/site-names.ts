/** Names of the site for completion: asked of the stored picture, for a moment at most. */
import type { MapReader } from "../../store/map-reader.ts";
import { SETTING_NAMES } from "../../store/setting-rules.ts";
import type { Wanted } from "./candidates.ts";

/** Most names offered. */
const MOST = 2_000;

/** The names that are wanted and begin as `current` does. */
export async function siteNames(reader: MapReader, wanted: Wanted, current: string): Promise<string[]> {
  switch (wanted.kind) {
    case "setting":
      return [...SETTING_NAMES];
    case "host":
      return beginning(await reader.nodes(), current);
    case "check": {
      const checks = await reader.serviceChecks(wanted.host);
      return beginning(
        checks.map(({ service }) => service),
        current,
      );
    }
    case "id":
      return await ids(reader, wanted.verbs, current);
  }
}

/** Hosts; once the cursor is within an id of one, its services and processes. */
async function ids(reader: MapReader, verbs: readonly string[], current: string): Promise<string[]> {
  const verb = verbs.find((each) => current.startsWith(each)) ?? "";
  if (verb === "" && verbs.length > 0) {
    return [];
  }
  const typed = current.slice(verb.length);
  const hosts = beginning(await reader.nodes(), /^[^:/]*/.exec(typed)?.[0] ?? "");
  const near = hosts.filter((host) => typed.startsWith(host)).concat(hosts.length === 1 ? hosts : []);
  const graphs = near.length === 0 ? [] : [...(await reader.graphs([...new Set(near)])).values()];
  const nodes = graphs.flatMap((graph) => graph.nodes.map(({ id }) => id));
  return beginning([...hosts, ...nodes], typed).map((id) => `${verb}${id}`);
}

function beginning(names: readonly string[], start: string): string[] {
  return names.filter((name) => name.startsWith(start)).slice(0, MOST);
}
