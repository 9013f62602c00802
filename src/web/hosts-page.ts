/** `/hosts`: all hosts, those asked for their report because somebody said so, and those worth adding. */
import type { Request, Response } from "express";
import { suggestHosts } from "../impact/host-suggestions.ts";
import { badness } from "../model/state.ts";
import { toneOf } from "../render/palette.ts";
import { ADDED_TYPES, type AddedHost } from "../store/added-hosts.ts";
import { inSlices } from "../store/time-slices.ts";
import { momentOf } from "./ages.ts";
import { allHostFacts } from "./api/host-facts.ts";
import { lastReportOf, toHost } from "./api/items.ts";
import { emptySite } from "./empty-state.ts";
import { type Flash, type FormPage, flashOf, formPage } from "./form-page.ts";
import { hostLink } from "./links.ts";
import { type Asking, askingOf, frameOf, type PageDeps, readFresh } from "./page-frame.ts";
import { otherParameters } from "./url-contract.ts";
import { viewQuery } from "./view-parameters.ts";

/** Hosts and suggestions listed; the rest is counted. */
const MOST = 1_000;
const MOST_SUGGESTIONS = 50;

/** How a host can be asked, in words. */
const TYPE_WORDS = {
  ssh: "over SSH, as fetch_parameters says",
  agent: "by dotm-agent serve, port 4849",
  original: "by the original's agent, port 4848",
} as const;

/** `/hosts`. */
export const HOSTS_PAGE: FormPage = {
  needed: () => "editor",
  act: async ({ hosts }, form) => {
    const host = (form.get("host") ?? "").trim();
    if (form.get("action") === "remove") {
      await hosts.remove(host);
      return "hosts?done=removed#added";
    }
    const type = ADDED_TYPES.find((each) => each === form.get("type")) ?? "ssh";
    const address = (form.get("address") ?? "").trim();
    await hosts.add({ host, type, address: address === "" ? null : address });
    return "hosts?done=added#added";
  },
  show,
};

const WORDS: Readonly<Record<string, string>> = {
  added: "The host is added; it is asked within a few seconds, and then as often as fetch_parameters says.",
  removed: "The host is no longer asked. What the monitoring or its agent tells of it stays in the map.",
};

async function show(deps: PageDeps, request: Request, response: Response, failed: Flash | undefined): Promise<void> {
  const may = await formPage(request, response, deps);
  const asking = askingOf(request, deps);
  const [fresh, hosts, added] = await Promise.all([readFresh(deps.reader), deps.reader.nodes(), deps.hosts.list()]);
  const suggestions = await suggestHosts(deps.reader, hosts, await deps.namedHosts(), inSlices);
  const known = new Set(added.map(({ host }) => host));
  const wanted = (otherParameters(asking.query).get("q") ?? "").slice(0, 200);
  const found = hosts.filter((name) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
  const facts = { sources: fresh.sources, hosts: hosts.length, graphs: new Map() };
  response.send(
    deps.render("hosts", {
      frame: frameOf(deps, asking, { title: "Hosts", page: "hosts", fresh, still: true }),
      search: "",
      flash: failed ?? flashOf(asking.query, (done) => WORDS[done]),
      may,
      text: wanted,
      of: hosts.length,
      rows: await rowsOf(deps, found.slice(0, MOST), asking),
      more: Math.max(0, found.length - MOST),
      added: added.map((each) => addedRow(each, asking, may.write)),
      types: ADDED_TYPES.map((type) => ({ type, words: TYPE_WORDS[type] })),
      suggestions: suggestions
        .filter(({ name }) => !known.has(name))
        .slice(0, MOST_SUGGESTIONS)
        .map(({ name, address, seenBy, ports, connections, lastSeen }) => ({
          ...{ name, address, connections, write: may.write, seen: momentOf(lastSeen, asking.now) },
          sameName: name === address,
          seenBy: seenBy.slice(0, 5).join(", "),
          ports: ports.slice(0, 8).join(", "),
        })),
      empty: hosts.length === 0 ? emptySite(facts) : undefined,
    }),
  );
}

async function rowsOf(deps: PageDeps, hosts: readonly string[], { root, now }: Asking) {
  const rows = [];
  for await (const facts of allHostFacts(deps.reader, hosts)) {
    const { name, state, agent, groups, services, problems, addresses } = toHost(facts, now);
    rows.push({
      addresses: addresses.join(", "),
      state: state ?? "not monitored",
      tone: toneOf(state),
      worst: badness(state ?? "UP"),
      seen: momentOf(lastReportOf(facts), now),
      ...{ name, href: hostLink(root, name), agent, services, problems, groups: groups.join(", ") },
    });
  }
  return rows.sort((a, b) => b.worst - a.worst || b.problems - a.problems);
}

function addedRow({ host, type, address }: AddedHost, { root, view }: Asking, write: boolean) {
  return { host, how: TYPE_WORDS[type], address, href: `${hostLink(root, host)}?${viewQuery(view).slice(1)}`, write };
}
