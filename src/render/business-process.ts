/** Needs as a configuration of Icinga's module Business Process: each service with all it needs, groups by their operator. */
import { grouped } from "../model/grouped.ts";
import type { CheckedService, ServiceNeed, SiteNeeds } from "../model/site-needs.ts";
import { exportHead } from "./export-notes.ts";

const HOW = [
  "Put it into the module's configuration, as /etc/icingaweb2/modules/businessprocess/processes/dotm.conf",
  "",
  "Title       : Dependencies",
  "Description : Services with what they need",
  "Statetype   : hard",
];

/** One process: what it is called, and what it is made of as the file writes it. */
interface Process {
  readonly name: string;
  readonly value: string;
  readonly title: string;
  /** Whether it stands at the top, as nobody needs it. */
  readonly top: boolean;
}

/** The file. */
export function businessProcess({ services, needs, notes }: SiteNeeds): string {
  const names = uniqueNames(services.keys());
  const byService = grouped(needs, ({ from }) => from);
  const needed = new Set(needs.flatMap(({ to }) => to));
  const processes = [...services.values()].flatMap((service) =>
    ofService(service, byService.get(service.id) ?? [], names, !needed.has(service.id)),
  );
  const lines = processes.map(({ name, value }) => `${name} = ${value}\n`).join("");
  const shown = processes.map(({ name, title, top }) => `display ${top ? 1 : 0};${name};${title}\n`).join("");
  return `${exportHead("businessprocess", HOW, notes, "#")}\n${lines}\n${shown}`;
}

/** The process of a service, and one for each group of which it needs some. */
function ofService(
  service: CheckedService,
  needs: readonly ServiceNeed[],
  names: ReadonlyMap<string, string>,
  top: boolean,
): Process[] {
  const nameOf = (id: string) => names.get(id) ?? "";
  const own = service.checks.map((check) => part(`${service.host};${check}`));
  const groups = needs
    .filter(({ to }) => to.length > 1)
    .map(({ to, atLeast }, at) => ({
      name: `${nameOf(service.id)}-needs-${at + 1}`,
      value: atLeast === 1 ? to.map(nameOf).join(" | ") : `${atLeast} of: ${to.map(nameOf).join(" + ")}`,
      title: titled(`${atLeast} of ${to.join(", ")}`),
      top: false,
    }));
  const single = needs.filter(({ to }) => to.length === 1).map(({ to }) => nameOf(to[0] ?? ""));
  const value = [...own, ...single, ...groups.map(({ name }) => name)].join(" & ");
  const title = titled(service.process === null ? service.id : `${service.id} ${service.process}`);
  return [{ name: nameOf(service.id), value, title, top }, ...groups];
}

/** Names without what means something to the module, each once. */
function uniqueNames(ids: Iterable<string>): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const id of ids) {
    const plain = id.replaceAll(/[^\w.:-]/g, "_");
    let name = plain;
    for (let other = 2; taken.has(name); other += 1) {
      name = `${plain}_${other}`;
    }
    taken.add(name);
    names.set(id, name);
  }
  return names;
}

/** A host and a check with the operators in them escaped. */
function part(text: string): string {
  return titled(text).replaceAll(/[|+&!%]/g, "\\$&");
}

function titled(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
