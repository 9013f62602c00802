/** `/host/<name>`: everything known of one host: its alerts with the services they speak of, its services, its connections. */

import type { ServiceCheckRecord } from "../model/changes.ts";
import { compareIds } from "../model/compare.ts";
import type { GraphNode, HostGraph, Need } from "../model/host-graph.ts";
import { INTERNET, parseId } from "../model/ids.ts";
import { badness, isProblem, type State, worse } from "../model/state.ts";
import { labelOf } from "../render/labels.ts";
import { toneOf } from "../render/palette.ts";
import { CERTAINTY_WORDS, handlingWords } from "../render/row-text.ts";
import { momentOf } from "./ages.ts";
import { pathOf } from "./base-path.ts";
import { drawTarget, pictureOn } from "./draw-target.ts";
import { hostLink, linkTo } from "./links.ts";
import { matchName } from "./match-name.ts";
import { noteRows } from "./note-rows.ts";
import { type Asking, type Fresh, frameOf, freshPage, type PageDeps } from "./page-frame.ts";
import { decodeLenient } from "./url-contract.ts";
import { viewQuery } from "./view-parameters.ts";

/** Connections, and services and processes listed; the rest is counted. */
const MOST_CONNECTIONS = 300;
const MOST_SERVICES = 500;

/** The handler of `/host/<name>`. */
export function hostPage(deps: PageDeps) {
  return freshPage(deps, async (asking, fresh, response, request) => {
    // The raw path: names in it may be encoded in ways that Express refuses to decode.
    const raw = pathOf(request.url).slice("/host/".length);
    const asked = decodeLenient(raw);
    const match = matchName([asked, raw], await deps.reader.nodes());
    if (match.kind === "found") {
      response.send(deps.render("host", await hostData(deps, asking, fresh, match.name)));
      return;
    }
    const suggestions = match.suggestions.map((name) => ({
      name,
      href: hostLink(asking.root, name, viewQuery(asking.view)),
    }));
    response.send(
      deps.render("message", {
        frame: frameOf(deps, asking, { title: "Did you mean", fresh }),
        search: asked,
        heading: `No host is called “${asked.slice(0, 120)}”.`,
        lead: suggestions.length > 0 ? "Did you mean:" : "No name is much like it.",
        suggestions,
      }),
    );
  });
}

async function hostData(deps: PageDeps, asking: Asking, fresh: Fresh, host: string) {
  const { view, root, now } = asking;
  const { reader } = deps;
  const around = { ...view, dependents: 1, dependencies: 1 };
  const [checks, hostCheck, node, noted, drawn] = await Promise.all([
    reader.serviceChecks(host),
    reader.hostCheck(host),
    reader.node(host),
    reader.notes([host]),
    drawTarget({ reader, impactOf: async () => undefined }, { host, check: null }, around),
  ]);
  const graph = drawn.graphs.get(host);
  const suffix = viewQuery(view);
  const state = hostCheck?.status ?? graph?.state ?? null;
  const verdict = { sentence: `${host} and what it talks to`, tone: "pending", notes: [] } as const;
  return {
    frame: frameOf(deps, asking, { title: host, page: "hosts", fresh, graphs: drawn.graphs.values() }),
    search: host,
    host,
    impactHref: linkTo(root, { host, check: null }, suffix),
    state: state ?? "not monitored",
    tone: toneOf(state),
    worst: toneOf(worstOf(state, checks)),
    wrong: wrongWords(checks),
    output: hostCheck?.statusInformation,
    since: momentOf(hostCheck?.lastStatusChange ?? 0, now),
    agent: agentWords(graph),
    lastReport: momentOf(node?.lastFetch ?? 0, now),
    fetchError:
      node === undefined || node.fetchStatus === "OK" || node.fetchStatus === "" ? undefined : node.fetchStatus,
    ips: (node?.ips ?? []).join(", "),
    alerts: checks.toSorted(byBadness).map((check) => alertRow(check, root, suffix, now)),
    ...serviceRows(ownServices(graph), now),
    notes: noteRows(noted.get(host), now),
    ...connectionRows(graph, drawn.graphs, { root, suffix, now }),
    picture: await pictureOn(deps.layouts, drawn.picture, { view, root, verdict }),
  };
}

/** The worst of the host and its checks: a host is not well because it answers pings. */
function worstOf(state: State | null, checks: readonly ServiceCheckRecord[]): State | null {
  return checks.reduce<State | null>((worst, { status }) => worse(worst ?? status, status), state);
}

function wrongWords(checks: readonly ServiceCheckRecord[]): string | undefined {
  const wrong = checks.filter(({ status }) => isProblem(status)).sort(byBadness);
  const named = wrong.slice(0, 3).map(({ service, status }) => `${service} ${status}`);
  const more = wrong.length > named.length ? ` and ${wrong.length - named.length} more` : "";
  return wrong.length === 0 ? undefined : `${named.join(", ")}${more}`;
}

function agentWords(graph: HostGraph | undefined): string {
  if (graph === undefined || graph.agent === "none") {
    return "no agent has reported";
  }
  return graph.agent === "fresh" ? "agent fresh" : "agent silent";
}

function alertRow(check: ServiceCheckRecord, root: string, suffix: string, now: number) {
  return {
    check: check.service,
    href: linkTo(root, { host: check.node, check: check.service }, suffix),
    mapped: check.services.length === 0 ? undefined : `${check.services.join(", ")} ${check.mapping ?? ""}`.trimEnd(),
    state: check.status,
    tone: toneOf(check.status),
    words: [...(check.soft ? ["soft"] : []), ...(check.handled ? ["handled"] : [])].join(", "),
    since: momentOf(check.lastStatusChange, now),
    output: check.statusInformation,
  };
}

/** Services, and the processes that hold none. */
function ownServices(graph: HostGraph | undefined): GraphNode[] {
  const nodes = graph?.nodes ?? [];
  const holders = new Set(
    nodes.filter(({ kind }) => kind === "service").flatMap(({ needs }) => needs.map(({ to }) => to)),
  );
  return nodes.filter(({ id, kind }) => kind === "service" || !holders.has(id));
}

/** The first of them, those with a problem before the others. */
function serviceRows(all: readonly GraphNode[], now: number) {
  const isWrong = ({ ownState, degree }: GraphNode) => degree !== null || (ownState !== null && isProblem(ownState));
  const shown = all.length <= MOST_SERVICES ? all : all.toSorted((a, b) => Number(isWrong(b)) - Number(isWrong(a)));
  return {
    services: shown.slice(0, MOST_SERVICES).map((node) => serviceRow(node, now)),
    moreServices: Math.max(0, all.length - MOST_SERVICES),
  };
}

function serviceRow(node: GraphNode, now: number) {
  return {
    service: labelOf(node),
    state: node.ownState ?? "no check",
    tone: toneOf(node.ownState),
    words: handlingWords(node.handling).join(", "),
    degree: node.degree,
    checks: node.checks.join(", "),
    seen: momentOf(node.lastSeen, now),
    old: node.age === "old",
  };
}

/** What this host needs and who needs it, the youngest first. */
function connectionRows(
  graph: HostGraph | undefined,
  graphs: ReadonlyMap<string, HostGraph>,
  { root, suffix, now }: { readonly root: string; readonly suffix: string; readonly now: number },
) {
  const nodes = new Map([...graphs.values()].flatMap((each) => each.nodes.map((node) => [node.id, node] as const)));
  const row = (direction: string, own: string, other: string, need: Need | undefined) => ({
    direction,
    own,
    other,
    href: otherHref(other, root, suffix),
    count: need?.count,
    certainty: need === undefined ? undefined : CERTAINTY_WORDS[need.certainty],
    seen: momentOf(need?.lastSeen ?? 0, now),
    at: need?.lastSeen ?? 0,
  });
  // A client may need thousands of services here.
  const known = new Map<string, ReadonlyMap<string, Need>>();
  const needsOf = (client: string): ReadonlyMap<string, Need> => {
    const needs = known.get(client) ?? new Map(nodes.get(client)?.needs.map((need) => [need.to, need]));
    known.set(client, needs);
    return needs;
  };
  const foreign = (id: string) => hostOf(id) !== graph?.host;
  const rows = (graph?.nodes ?? []).flatMap((node) => [
    ...node.needs.filter(({ to }) => foreign(to)).map((need) => row("needs", node.id, need.to, need)),
    ...node.neededBy.filter(foreign).map((from) => row("is needed by", node.id, from, needsOf(from).get(node.id))),
  ]);
  const sorted = rows.sort((a, b) => b.at - a.at);
  const connections = sorted.slice(0, MOST_CONNECTIONS);
  return { connections, moreConnections: sorted.length - connections.length };
}

function otherHref(id: string, root: string, suffix: string): string | undefined {
  const host = hostOf(id);
  return host === INTERNET ? undefined : hostLink(root, host, suffix);
}

function hostOf(id: string): string {
  return parseId(id)?.host ?? id;
}

function byBadness(a: ServiceCheckRecord, b: ServiceCheckRecord): number {
  return badness(b.status) - badness(a.status) || compareIds(a.service, b.service);
}
