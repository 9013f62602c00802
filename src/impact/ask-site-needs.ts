/** Which checks need which, of the whole stored picture: what an export tells another monitoring. */
import { bitesOf } from "../model/bites.ts";
import type { ServiceCheckRecord } from "../model/changes.ts";
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import type { GraphNode, HostGraph } from "../model/host-graph.ts";
import { atSite, withoutSite } from "../model/ids.ts";
import { EVIDENCE_KINDS } from "../model/mapping.ts";
import type { CheckedService, ServiceNeed, SiteNeeds } from "../model/site-needs.ts";
import { nearestChecked } from "./nearest-checked.ts";
import { withoutCycles } from "./without-cycles.ts";

/** What is needed of the stored picture. */
export interface NeedsPicture {
  nodes(): Promise<string[]>;
  graphs(hosts: readonly string[]): Promise<Map<string, HostGraph>>;
  checksOf(hosts: readonly string[]): Promise<ReadonlyMap<string, readonly ServiceCheckRecord[]>>;
}

/** Reads all hosts; only those of `site` are told of, null for those that belong to none. */
export async function askSiteNeeds(picture: NeedsPicture, site: string | null): Promise<SiteNeeds> {
  const nodes = new Map<string, GraphNode>();
  const records: ServiceCheckRecord[] = [];
  for (const bite of bitesOf(await picture.nodes())) {
    const [graphs, checks] = await Promise.all([picture.graphs(bite), picture.checksOf(bite)]);
    for (const graph of graphs.values()) {
      for (const node of graph.nodes) {
        nodes.set(node.id, node);
      }
    }
    records.push(...[...checks.values()].flat().filter(({ node }) => isOf(site, node)));
  }
  return siteNeeds(nodes, records);
}

/** The same of nodes and checks that were read. */
function siteNeeds(nodes: ReadonlyMap<string, GraphNode>, records: readonly ServiceCheckRecord[]): SiteNeeds {
  const checked = checkedServices(nodes, records);
  const isChecked = (id: string) => checked.has(id);
  const found = [...checked.keys()].map((id) => nearestChecked(id, { nodes, isChecked }));
  const { kept, dropped } = withoutCycles(found.flatMap(({ needs }) => needs));
  const involved = new Set(kept.flatMap(({ from, to }) => [from, ...to]));
  const ambiguous = records.filter((record) => record.ambiguous);
  const notes = [
    ...dropped.map((need) => `to break a cycle: ${needText(need)}`),
    ...found.flatMap((each) => each.notes),
    ...ambiguous.map(({ node, service }) => `the check ${node} / ${service}, as it may speak of several services`),
  ];
  return {
    services: new Map([...checked].filter(([id]) => involved.has(id))),
    needs: kept,
    notes: notes.sort(compareIds),
  };
}

/** A need in words: `A needs B`, `A needs 1 of B, C`. */
function needText({ from, to, atLeast }: ServiceNeed): string {
  return to.length === 1 ? `${from} needs ${to[0]}` : `${from} needs ${atLeast} of ${to.join(", ")}`;
}

/** By id in the order of names. A check of several services stands for the first, so that each check has one place. */
function checkedServices(
  nodes: ReadonlyMap<string, GraphNode>,
  records: readonly ServiceCheckRecord[],
): Map<string, CheckedService> {
  const sure = records.filter((record) => !record.ambiguous && record.services.length > 0);
  const byService = grouped(sure, ({ services }) => [...services].sort(compareIds)[0] ?? "");
  const known = [...byService].flatMap(([id, checks]): [string, CheckedService][] => {
    const host = withoutSite(checks[0]?.node ?? "");
    const names = [...checks].sort(byEvidence).map(({ service }) => service);
    return nodes.has(id) ? [[id, { id, host, process: nodes.get(id)?.process ?? null, checks: names }]] : [];
  });
  return new Map(known.sort(([a], [b]) => compareIds(a, b)));
}

function byEvidence(a: ServiceCheckRecord, b: ServiceCheckRecord): number {
  const rank = ({ mappedBy }: ServiceCheckRecord) => EVIDENCE_KINDS.indexOf(mappedBy ?? "none");
  return rank(a) - rank(b) || compareIds(a.service, b.service);
}

function isOf(site: string | null, host: string): boolean {
  return site === null ? withoutSite(host) === host : host === atSite(site, withoutSite(host));
}
