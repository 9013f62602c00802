/** Needs as `Dependency` objects of Icinga 2; services that stand in for each other share a redundancy group. */
import type { CheckedService, ServiceNeed, SiteNeeds } from "../model/site-needs.ts";
import { exportHead } from "./export-notes.ts";
import { quoted } from "./icinga2-text.ts";

const HOW = [
  "Include it in icinga2.conf, check with: icinga2 daemon -C",
  "A check whose dependency fails is unreachable: Icinga notifies of what it depends on instead. Before version 2.14 all",
  "that a check depends on must fail for that, and there are no redundancy groups.",
];

/** Before 2.14 Icinga refuses the attribute. */
const VERSION = String.raw`
const DotmRedundancyGroups = regex("^[rv]?(2\\.(1[4-9]|[2-9][0-9])|[3-9])", ApplicationVersion)
`;

/** The file. */
export function icinga2Dependencies({ services, needs, notes }: SiteNeeds): string {
  const weaker = needs.filter(({ atLeast }) => atLeast > 1).map(weakerNote);
  const objects = needs.flatMap((need) => ofNeed(services, need));
  const grouping = needs.some(({ to }) => to.length > 1) ? VERSION : "";
  return `${exportHead("icinga2-dependencies", HOW, [...notes, ...weaker], "//")}${grouping}${objects.join("")}`;
}

function weakerNote({ from, to, atLeast }: ServiceNeed): string {
  return `${from} needs ${atLeast} of ${to.join(", ")}; Icinga can only be told that it needs one`;
}

/** One object for each check of the dependent and each service it needs. */
function ofNeed(services: ReadonlyMap<string, CheckedService>, { from, to }: ServiceNeed): string[] {
  const child = services.get(from);
  const group = to.length > 1 ? `one of ${to.join(", ")}` : null;
  return (child?.checks ?? []).flatMap((check) =>
    to.flatMap((id) => {
      const parent = services.get(id);
      return child === undefined || parent === undefined ? [] : [dependency(child.host, check, parent, group)];
    }),
  );
}

function dependency(host: string, check: string, parent: CheckedService, group: string | null): string {
  const [name = ""] = parent.checks;
  const attributes = [
    ["parent_host_name", parent.host],
    ["parent_service_name", name],
    ["child_host_name", host],
    ["child_service_name", check],
  ] as const;
  const lines = attributes.map(([key, value]) => `  ${key} = ${quoted(value)}\n`).join("");
  const grouped = group === null ? "" : `  if (DotmRedundancyGroups) { redundancy_group = ${quoted(group)} }\n`;
  // Icinga takes "!" in the name of an object for the end of a host's name.
  const title = `dotm ${parent.host} ${name}${group === null ? "" : ` ${group}`}`.replaceAll("!", " ");
  return `\nobject Dependency ${quoted(title)} {\n${lines}${grouped}}\n`;
}
