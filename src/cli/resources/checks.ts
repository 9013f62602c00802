/** `dotm get mappings`: which services each check speaks of. */
import { coverageOf, coveredCheck } from "../../mapping/coverage.ts";
import type { ServiceCheckRecord } from "../../model/changes.ts";
import { coverageText } from "../coverage-text.ts";
import type { Listing } from "../listing.ts";
import { cell, isoTime } from "../words.ts";
import { hostBites, type ListRequest } from "./hosts-of.ts";

/** Lists all checks with what they are mapped to. */
export async function listMappings(request: ListRequest): Promise<Listing> {
  const checks: ServiceCheckRecord[] = [];
  for (const bite of await hostBites(request, "mappings")) {
    const loaded = await request.reader.checksOf(bite);
    checks.push(...bite.flatMap((host) => loaded.get(host) ?? []));
  }
  const columns = [
    ...[{ head: "HOST" }, { head: "CHECK" }, { head: "STATE" }, { head: "PROCESS" }, { head: "SERVICES" }],
    { head: "BY" },
    { head: "OUTPUT", wide: true },
  ];
  return {
    kind: "MappingList",
    items: checks.map(mappingItem),
    columns,
    rows: checks.map((check) => [
      ...[check.node, check.service, check.status, cell(check.mapping), cell(check.services.join(","))],
      `${cell(check.mappedBy)}${check.ambiguous ? ", ambiguous" : ""}`,
      check.statusInformation,
    ]),
    names: checks.map(({ node, service }) => `${node}/${service}`),
    ...(checks.length === 0 ? {} : { summary: summaryOf(checks) }),
  };
}

function summaryOf(checks: readonly ServiceCheckRecord[]): Required<Listing>["summary"] {
  const coverage = coverageOf(checks.map(coveredCheck));
  return { text: coverageText(coverage), fields: { coverage } };
}

function mappingItem(check: ServiceCheckRecord) {
  const { node, service, status, mapping, services, mappedBy, ambiguous, handled, soft, statusInformation } = check;
  const times = { lastCheck: isoTime(check.lastCheck), lastStatusChange: isoTime(check.lastStatusChange) };
  return {
    host: node,
    check: service,
    state: status,
    process: mapping,
    services,
    mappedBy,
    ambiguous,
    handled,
    soft,
    ...times,
    output: statusInformation,
  };
}
