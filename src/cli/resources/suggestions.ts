/** `dotm get suggestions`: hosts worth adding, as they are talked to, or as this machine knows them, and have no agent. */
import { type NamedAddress, suggestHosts } from "../../impact/host-suggestions.ts";
import { getentHosts } from "../../ingest/getent-hosts.ts";
import type { Listing } from "../listing.ts";
import { ageText, cell, isoTime } from "../words.ts";
import { hostBites, type ListRequest } from "./hosts-of.ts";

/** Lists suggestions: those seen in connections first, most connections in front. */
export async function listSuggestions(
  request: ListRequest,
  namedHosts: () => Promise<readonly NamedAddress[]> = getentHosts,
): Promise<Listing> {
  const hosts = (await hostBites(request, "suggestions")).flat();
  const items = await suggestHosts(request.reader, hosts, await namedHosts());
  return {
    kind: "SuggestionList",
    items: items.map((item) => ({ ...item, lastSeen: isoTime(item.lastSeen) })),
    columns: [
      ...[{ head: "NAME" }, { head: "ADDRESS" }, { head: "CONNECTIONS" }, { head: "LAST SEEN" }, { head: "SEEN BY" }],
      { head: "PORTS", wide: true },
    ],
    rows: items.map(({ name, address, seenBy, ports, connections, lastSeen }) => [
      ...[name, address, `${connections}`, ageText(lastSeen, request.now), cell(some(seenBy))],
      cell(ports.join(",")),
    ]),
    names: items.map(({ name }) => name),
  };
}

function some(hosts: readonly string[]): string {
  const first = hosts.slice(0, 3).join(",");
  return hosts.length > 3 ? `${first} +${hosts.length - 3}` : first;
}
