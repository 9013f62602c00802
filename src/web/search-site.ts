/** Finds hosts, checks, services and processes by a piece of their name. */
import type { z } from "zod";
import { bitesOf } from "../model/bites.ts";
import { compareIds } from "../model/compare.ts";
import type { MapReader } from "../store/map-reader.ts";
import { eachInSlices } from "../store/time-slices.ts";
import type { searchHit } from "./api/schemas/things.ts";
import { hostLink, linkTo } from "./links.ts";

type Hit = z.input<typeof searchHit>;

/** Hits looked at before the nearest are chosen. */
const ENOUGH = 5_000;

/** The hits nearest to the text: equal, then beginning with it, then holding it; hosts before checks before services. */
export async function searchSite(reader: MapReader, text: string, limit: number): Promise<Hit[]> {
  const wanted = text.trim().toLowerCase();
  const hosts = await reader.nodes();
  const hits: Hit[] = hosts
    .filter((name) => name.toLowerCase().includes(wanted))
    .map((name) => ({ kind: "host", name, host: name, state: null, link: hostLink("", name, "") }));
  for (const bite of bitesOf(hosts)) {
    if (hits.length >= ENOUGH) {
      break;
    }
    hits.push(...(await hitsOn(reader, bite, wanted)));
  }
  const ranked = await eachInSlices(hits, (hit) => ({ hit, rank: rank(hit, wanted) }));
  const sorted = ranked.sort((a, b) => a.rank - b.rank || compareIds(a.hit.name, b.hit.name));
  return sorted.slice(0, limit).map(({ hit }) => hit);
}

async function hitsOn(reader: MapReader, hosts: readonly string[], wanted: string): Promise<Hit[]> {
  const [graphs, checks] = await Promise.all([reader.graphs(hosts), reader.checksOf(hosts)]);
  const ofChecks = await eachInSlices(checks.values(), (all) =>
    all
      .filter(({ service }) => holds(service, wanted))
      .map(({ node, service, status }): Hit => {
        const link = linkTo("", { host: node, check: service }, "");
        return { kind: "check", name: service, host: node, state: status, link };
      }),
  );
  const ofNodes = await eachInSlices(graphs.values(), ({ host, nodes }) =>
    nodes
      .filter(({ id, process }) => holds(id.slice(host.length), wanted) || holds(process ?? "", wanted))
      .map(({ id, kind, ownState, checks: mapped }): Hit => {
        const link = linkTo("", { host, check: mapped[0] ?? null }, "");
        return { kind, name: id, host, state: ownState, link };
      }),
  );
  return [...ofChecks.flat(), ...ofNodes.flat()];
}

function holds(name: string, wanted: string): boolean {
  return name.toLowerCase().includes(wanted);
}

const KINDS: readonly Hit["kind"][] = ["host", "check", "service", "process"];

function rank({ kind, name }: Hit, wanted: string): number {
  const own = name.toLowerCase();
  const begins = own.startsWith(wanted) ? 1 : 2;
  return (own === wanted ? 0 : begins) * KINDS.length + KINDS.indexOf(kind);
}
