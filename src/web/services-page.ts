import { allGraphs } from "../impact/ask-survey.ts";
import { compareIds } from "../model/compare.ts";
import type { GraphNode, HostGraph } from "../model/host-graph.ts";
import { INTERNET } from "../model/ids.ts";
import type { Pieces } from "../model/pieces.ts";
import { badness, isProblem } from "../model/state.ts";
import { toneOf } from "../render/palette.ts";
import { handlingWords } from "../render/row-text.ts";
import { inSlices } from "../store/time-slices.ts";
import { momentOf } from "./ages.ts";
import { emptySite } from "./empty-state.ts";
import { hostLink, linkTo, withView } from "./links.ts";
import { type Asking, frameOf, freshPage, type PageDeps } from "./page-frame.ts";
import { otherParameters } from "./url-contract.ts";
import { timeQuery, viewQuery } from "./view-parameters.ts";

/** Services on one page. */
const PER_PAGE = 200;

interface Row {
  readonly host: string;
  readonly node: GraphNode;
}

/** Ways to sort, the first by default. */
const ORDERS: Readonly<Record<string, (a: Row, b: Row) => number>> = {
  state: (a, b) => badness(b.node.ownState ?? "OK") - badness(a.node.ownState ?? "OK"),
  service: () => 0,
  process: (a, b) => compareIds(a.node.process ?? "", b.node.process ?? ""),
  clients: (a, b) => b.node.neededBy.length - a.node.neededBy.length,
  seen: (a, b) => b.node.lastSeen - a.node.lastSeen,
};

/** What to show: every view has its address. */
interface Choice {
  readonly text: string;
  readonly only: string;
  readonly sort: string;
  readonly page: number;
}

/** What can be shown alone. */
const FILTERS: Readonly<Record<string, (node: GraphNode) => boolean>> = {
  all: () => true,
  problems: ({ ownState }) => ownState !== null && isProblem(ownState),
  hit: ({ degree }) => degree !== null,
  unchecked: ({ checks }) => checks.length === 0,
  old: ({ age }) => age === "old",
};

/** The handler of `/services`. */
export function servicesPage(deps: PageDeps) {
  return freshPage(deps, async (asking, fresh, response) => {
    const graphs = await allGraphs(deps.reader);
    const choice = choiceOf(asking.query);
    const { all, found } = await inSlices(chosenRows(graphs.values(), choice));
    const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
    const page = Math.min(choice.page, pages);
    const facts = { sources: fresh.sources, hosts: graphs.size, graphs };
    response.send(
      deps.render("services", {
        frame: frameOf(deps, asking, { title: "Services", page: "services", fresh, graphs: graphs.values() }),
        search: "",
        text: choice.text,
        only: choice.only,
        sort: choice.sort,
        count: found.length,
        of: all.length,
        filters: Object.keys(FILTERS).map((name) => ({
          name,
          href: hrefOf(asking, { ...choice, only: name, page: 1 }),
          current: name === choice.only,
          count: all.filter(({ node }) => FILTERS[name]?.(node)).length,
        })),
        heads: headsOf(asking, choice),
        rows: found.slice((page - 1) * PER_PAGE, page * PER_PAGE).map((row) => rowOf(row, asking)),
        earlier: page > 1 ? hrefOf(asking, { ...choice, page: page - 1 }) : undefined,
        later: page < pages ? hrefOf(asking, { ...choice, page: page + 1 }) : undefined,
        page,
        pages,
        empty: all.length === 0 ? (emptySite(facts) ?? undefined) : undefined,
        json: withView(`${asking.root}api/v1/services`, timeQuery(asking.view.at)),
      }),
    );
  });
}

function choiceOf(query: string): Choice {
  const parameters = otherParameters(query);
  const known = (name: string, among: object, otherwise: string) => {
    const value = parameters.get(name) ?? "";
    return Object.hasOwn(among, value) ? value : otherwise;
  };
  const page = Number(parameters.get("page") ?? 1);
  return {
    text: (parameters.get("q") ?? "").slice(0, 200),
    only: known("only", FILTERS, "all"),
    sort: known("sort", ORDERS, "state"),
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** All services, and in their order those that are wanted. */
function* chosenRows(
  graphs: Iterable<HostGraph>,
  choice: Choice,
): Pieces<{ readonly all: readonly Row[]; readonly found: readonly Row[] }> {
  const all: Row[] = [];
  for (const { host, nodes } of graphs) {
    const services = host === INTERNET ? [] : nodes.filter(({ kind }) => kind === "service");
    all.push(...services.map((node) => ({ host, node })));
    yield;
  }
  const found: Row[] = [];
  for (const row of all) {
    if (isWanted(row, choice)) {
      found.push(row);
    }
    yield;
  }
  found.sort(orderOf(choice));
  yield;
  return { all, found };
}

function isWanted({ host, node }: Row, { text, only }: Choice): boolean {
  const wanted = text.trim().toLowerCase();
  const says = () => `${node.id} ${node.process ?? ""} ${host} ${node.checks.join(" ")}`.toLowerCase();
  return (FILTERS[only]?.(node) ?? true) && (wanted === "" || says().includes(wanted));
}

function orderOf({ sort }: Choice) {
  const first = ORDERS[sort] ?? (() => 0);
  return (a: Row, b: Row) => first(a, b) || compareIds(a.node.id, b.node.id);
}

function hrefOf({ view }: Asking, { text, only, sort, page }: Choice): string {
  const parameters = new URLSearchParams({
    ...(text === "" ? {} : { q: text }),
    ...(only === "all" ? {} : { only }),
    ...(sort === "state" ? {} : { sort }),
    ...(page === 1 ? {} : { page: String(page) }),
  });
  return `?${parameters}${viewQuery(view)}`;
}

function headsOf(asking: Asking, choice: Choice) {
  const head = (name: string, sort?: string) => ({
    name,
    href: sort === undefined ? undefined : hrefOf(asking, { ...choice, sort, page: 1 }),
    current: sort === choice.sort,
  });
  return [
    head("Service", "service"),
    head("Process", "process"),
    head("Own state", "state"),
    head("Through dependencies"),
    head("Checks"),
    head("Needed by", "clients"),
    head("Seen", "seen"),
  ];
}

function rowOf({ host, node }: Row, { root, view, now }: Asking) {
  const suffix = viewQuery(view);
  return {
    id: node.id,
    href: linkTo(root, { host, check: node.checks[0] ?? null }, suffix),
    hostHref: hostLink(root, host, suffix),
    host,
    process: node.process,
    state: node.ownState ?? "no check",
    tone: toneOf(node.ownState),
    words: handlingWords(node.handling).join(", "),
    degree: node.degree,
    checks: node.checks.join(", "),
    clients: node.neededBy.length,
    seen: momentOf(node.lastSeen, now),
    old: node.age === "old",
  };
}
