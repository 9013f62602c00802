/** `dotm get RESOURCE [HOST…]`: lists of everything in the picture. */
import type { StoreFlags } from "../../config/store-hint.ts";
import { EXIT } from "../exit-code.ts";
import { type ListFormat, type Listing, printListing } from "../listing.ts";
import type { OpenReader } from "../open-store.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import type { ListRequest } from "../resources/hosts-of.ts";
import type { MembersRequest } from "../resources/members.ts";
import type { Resource } from "../resources/resource.ts";
import { withOpenStore } from "../store-access.ts";
import type { Terminal } from "../terminal.ts";

/** Options of the command. */
export interface GetOptions extends StoreFlags {
  readonly output: ListFormat;
  readonly headers: boolean;
  readonly color: ColorChoice;
}

/** Prints a list. */
export async function get(
  resource: Resource,
  hosts: readonly string[],
  options: GetOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const lister = await listerOf(resource);
  const listing = await withOpenStore(options, terminal, open, ({ reader, team }) =>
    lister({ reader, team, hosts, now: terminal.now(), program: terminal.program }),
  );
  const { output: format, headers } = options;
  await printListing(listing, { format, headers, paint: paintFor(terminal, options.color) }, terminal);
  return EXIT.done;
}

async function listerOf(resource: Resource): Promise<(request: ListRequest & MembersRequest) => Promise<Listing>> {
  switch (resource) {
    case "nodes":
      return (await import("../resources/nodes.ts")).listNodes;
    case "services":
      return (await import("../resources/services.ts")).listServices;
    case "connections":
      return (await import("../resources/services.ts")).listConnections;
    case "alerts":
      return (await import("../resources/problems.ts")).listAlerts;
    case "impacts":
      return (await import("../resources/problems.ts")).listImpacts;
    case "mappings":
      return (await import("../resources/checks.ts")).listMappings;
    case "comments":
      return (await import("../resources/notes.ts")).listComments;
    case "downtimes":
      return (await import("../resources/notes.ts")).listDowntimes;
    case "suggestions":
      return (await import("../resources/suggestions.ts")).listSuggestions;
    case "members":
      return (await import("../resources/members.ts")).listMembers;
    case "sources":
      return (await import("../resources/sources.ts")).listSources;
  }
}
