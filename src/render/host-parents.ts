/** Needs between hosts as templates that give `parents` to hosts of Nagios: a host alone may be told them, and only in its own definition. */
import { compareIds } from "../model/compare.ts";
import { grouped } from "../model/grouped.ts";
import type { SiteNeeds } from "../model/site-needs.ts";
import { exportHead } from "./export-notes.ts";
import { isNagiosName } from "./nagios-names.ts";

const HOW = [
  "Name it as cfg_file in nagios.cfg, and put the template of a host first in its `use`: use dotm-parents-web01,generic-host",
  "Nagios calls a host UNREACHABLE, not DOWN, while all of its parents are down. So take only those that are meant:",
  "a machine below its hypervisor, a host behind its gateway.",
];

/** The file. Cycles between hosts are broken at the edge whose names come last. */
export function hostParents({ services, needs, notes }: SiteNeeds): string {
  const hostOf = (id: string) => services.get(id)?.host ?? "";
  const pairs = needs.flatMap(({ from, to }) => to.map((id) => [hostOf(from), hostOf(id)] as const));
  const { parents, left } = acyclic(pairs);
  const templates = [...parents].map(([host, names]) => template(host, names));
  return `${exportHead("parents", HOW, [...notes, ...left], "#")}${templates.join("")}`;
}

function acyclic(pairs: readonly (readonly [host: string, parent: string])[]) {
  const parents = new Map<string, string[]>();
  const left: string[] = [];
  for (const [host, parent] of ordered(pairs)) {
    if (!isNagiosName(host) || !isNagiosName(parent)) {
      left.push(`${parent} as parent of ${host}, as Nagios cannot read the name`);
    } else if (above(parents, parent, host)) {
      left.push(`to break a cycle: ${parent} as parent of ${host}`);
    } else {
      parents.set(host, [...(parents.get(host) ?? []), parent]);
    }
  }
  return { parents, left };
}

/** Each pair of different hosts once, in the order of names. */
function ordered(pairs: readonly (readonly [host: string, parent: string])[]) {
  const hosts = [...grouped(pairs, ([host]) => host)].sort(([a], [b]) => compareIds(a, b));
  return hosts.flatMap(([host, own]) =>
    [...new Set(own.map(([, parent]) => parent))]
      .filter((parent) => parent !== host)
      .sort(compareIds)
      .map((parent) => [host, parent] as const),
  );
}

/** Whether `wanted` is among the parents of `host`, over any number of steps. */
function above(parents: ReadonlyMap<string, readonly string[]>, host: string, wanted: string): boolean {
  const seen = new Set([host]);
  const open = [host];
  for (const at of open) {
    if (at === wanted) {
      return true;
    }
    for (const parent of parents.get(at) ?? []) {
      if (!seen.has(parent)) {
        seen.add(parent);
        open.push(parent);
      }
    }
  }
  return false;
}

function template(host: string, parents: readonly string[]): string {
  return `
define host {
    name      dotm-parents-${host}
    parents   ${parents.join(",")}
    register  0
}
`;
}
