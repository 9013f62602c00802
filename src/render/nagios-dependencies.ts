/** Needs as `servicedependency` objects of Nagios, Naemon and Icinga 1, which know no redundancy: groups are left out. */
import type { CheckedService, ServiceNeed, SiteNeeds } from "../model/site-needs.ts";
import { exportHead } from "./export-notes.ts";
import { isNagiosName } from "./nagios-names.ts";

const HOW = [
  "Name it as cfg_file in nagios.cfg, check with: nagios4 -v nagios.cfg",
  "While a check is UNKNOWN or CRITICAL, nobody is notified of those that depend on it.",
];

/** The file. */
export function nagiosDependencies({ services, needs, notes }: SiteNeeds): string {
  const objects: string[] = [];
  const left: string[] = [];
  for (const need of needs) {
    const reason = refusal(services, need);
    if (reason === undefined) {
      objects.push(...ofNeed(services, need));
    } else {
      left.push(reason);
    }
  }
  return `${exportHead("nagios-dependencies", HOW, [...notes, ...left], "#")}${objects.join("")}`;
}

/** Why a need cannot be told to Nagios. */
function refusal(
  services: ReadonlyMap<string, CheckedService>,
  { from, to, atLeast }: ServiceNeed,
): string | undefined {
  if (to.length > 1) {
    return `${from} needs ${atLeast} of ${to.join(", ")}, which Nagios cannot be told`;
  }
  const names = [from, ...to].flatMap((id) => {
    const service = services.get(id);
    return service === undefined ? [] : [service.host, ...service.checks];
  });
  const odd = names.find((name) => !isNagiosName(name));
  return odd === undefined
    ? undefined
    : `${from} needs ${to[0]}, as Nagios cannot read the name ${JSON.stringify(odd)}`;
}

function ofNeed(services: ReadonlyMap<string, CheckedService>, { from, to }: ServiceNeed): string[] {
  const [child, parent] = [services.get(from), services.get(to[0] ?? "")];
  return child === undefined || parent === undefined
    ? []
    : child.checks.map(
        (check) => `
define servicedependency {
    host_name                      ${parent.host}
    service_description            ${parent.checks[0]}
    dependent_host_name            ${child.host}
    dependent_service_description  ${check}
    execution_failure_criteria     n
    notification_failure_criteria  u,c
}
`,
      );
}
