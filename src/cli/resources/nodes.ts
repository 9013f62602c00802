/** `dotm get nodes`: all hosts, their state and how fresh what we know of them is. */
import type { Listing } from "../listing.ts";
import { ageText, cell, isoTime } from "../words.ts";
import { hostBites, type ListRequest } from "./hosts-of.ts";

interface NodeItem {
  readonly name: string;
  readonly state: string | null;
  readonly agent: string;
  readonly lastReport: string | null;
  readonly fetchStatus: string;
  readonly ips: readonly string[];
  readonly groups: readonly string[];
  readonly services: number;
  readonly alerts: number;
}

/** Lists hosts. */
export async function listNodes(request: ListRequest): Promise<Listing> {
  const items: NodeItem[] = [];
  const rows: string[][] = [];
  for (const bite of await hostBites(request, "nodes")) {
    for (const { item, row } of await nodesOf(bite, request)) {
      items.push(item);
      rows.push(row);
    }
  }
  const columns = [
    ...[{ head: "NAME" }, { head: "STATE" }, { head: "AGENT" }, { head: "LAST REPORT" }, { head: "SERVICES" }],
    ...[
      { head: "ALERTS" },
      { head: "GROUPS", wide: true },
      { head: "ADDRESSES", wide: true },
      { head: "REPORT STATUS", wide: true },
    ],
  ];
  return { kind: "NodeList", items, columns, rows, names: items.map(({ name }) => name) };
}

async function nodesOf(hosts: readonly string[], { reader, now }: ListRequest) {
  const [graphs, checks, records, states] = await Promise.all([
    reader.graphs(hosts),
    reader.checksOf(hosts),
    reader.nodesOf(hosts),
    reader.hostChecksOf(hosts),
  ]);
  return hosts.map((name) => {
    const graph = graphs.get(name);
    const record = records.get(name);
    const lastReport = record?.lastFetch ?? graph?.lastReport ?? 0;
    const item: NodeItem = {
      name,
      state: states.get(name)?.status ?? graph?.state ?? null,
      agent: graph?.agent ?? "none",
      lastReport: isoTime(lastReport),
      fetchStatus: record?.fetchStatus ?? "",
      ips: record?.ips ?? [],
      groups: graph?.groups ?? [],
      services: (graph?.nodes ?? []).filter(({ kind }) => kind === "service").length,
      alerts: (checks.get(name) ?? []).filter(({ status }) => status !== "OK" && status !== "PENDING").length,
    };
    const seen = ageText(lastReport, now);
    const wide = [cell(item.groups.join(",")), cell(item.ips.join(",")), cell(item.fetchStatus)];
    return { item, row: [name, cell(item.state), item.agent, seen, `${item.services}`, `${item.alerts}`, ...wide] };
  });
}
