/** What the overview shows: problems by what they take with them, and the hosts worth drawing. */
import { withSummaryAt } from "../impact/summary.ts";
import { compareIds } from "../model/compare.ts";
import type { HostGraph } from "../model/host-graph.ts";
import { checkKey } from "../model/ids.ts";
import { affectedServices, type Impact } from "../model/impact.ts";
import { badness } from "../model/state.ts";
import type { Picture } from "../render/picture.ts";
import { overviewPieces } from "../render/select-picture.ts";
import { type Verdict, verdictOf } from "../render/verdict.ts";
import type { MapReader } from "../store/map-reader.ts";
import { inSlices } from "../store/time-slices.ts";
import { loadAround } from "./load-graphs.ts";
import type { Fresh } from "./page-frame.ts";

/** Problems listed; the rest is counted. */
const LISTED = 100;

/** Sites up to this many hosts are loaded whole. */
const WHOLE_SITE = 150;

/** The site as the overview needs it. */
export interface Site {
  readonly hosts: readonly string[];
  readonly problems: number;
  /** By number of affected services, largest first; of equals those nobody deals with, the worst state, then by name. */
  readonly impacts: readonly Impact[];
  readonly graphs: ReadonlyMap<string, HostGraph>;
  /** Hosts whose graphs were not read, as too many have nothing to do with a problem. */
  readonly notLoaded: number;
  readonly verdict: Verdict;
}

/** The picture of the site; others have their turn while it is chosen. `fold` false draws equal hosts one by one. */
export async function overviewPicture(
  { graphs, notLoaded }: Pick<Site, "graphs" | "notLoaded">,
  { fold }: { readonly fold: boolean },
): Promise<Picture> {
  return await inSlices(overviewPieces(graphs, { fold, notGiven: notLoaded }));
}

/** Reads the site. */
export async function layOutOverview(
  deps: { readonly reader: MapReader },
  fresh: Pick<Fresh, "sources">,
  now: number,
): Promise<Site> {
  const { reader } = deps;
  const [hosts, problems, ranking] = await Promise.all([reader.nodes(), reader.problems(), reader.ranking(0, LISTED)]);
  const stored = await Promise.all(ranking.map(({ host, check }) => reader.impact(host, check)));
  const impacts = stored
    .filter((impact) => impact !== undefined)
    .map((impact) => withSummaryAt(impact, now))
    .sort(byUrgency);
  // A large site in which all is well is shown in groups; a look at many of its hosts is enough for them.
  const drawn = hosts.length <= WHOLE_SITE || impacts.length === 0 ? hosts : troubled(impacts);
  const graphs = await loadAround(reader, drawn);
  const notLoaded = hosts.filter((host) => !graphs.has(host)).length;
  const checks = fresh.sources.reduce((sum, source) => sum + source.checks, 0);
  return { hosts, problems, impacts, graphs, notLoaded, verdict: siteVerdict(impacts, problems, checks, hosts.length) };
}

function byUrgency(a: Impact, b: Impact): number {
  const services = affectedServices;
  return (
    services(b) - services(a) ||
    Number(a.problem.handled) - Number(b.problem.handled) ||
    badness(b.problem.state) - badness(a.problem.state) ||
    compareIds(checkKey(a.problem.host, a.problem.check), checkKey(b.problem.host, b.problem.check))
  );
}

/** Hosts with problems first, then those hit, as many as can be drawn. */
function troubled(impacts: readonly Impact[]): string[] {
  const own = impacts.map(({ problem }) => problem.host);
  const hit = impacts.flatMap(({ hosts }) => hosts);
  return [...new Set([...own, ...hit])].slice(0, WHOLE_SITE);
}

/** The verdict of the worst problem: of those nobody deals with, the root that takes most with it. */
function siteVerdict(impacts: readonly Impact[], problems: number, checks: number, hosts: number): Verdict {
  const open = impacts.filter(({ problem }) => !problem.handled);
  const worst = open.find(({ rootProblem }) => rootProblem) ?? open[0] ?? impacts[0];
  if (worst === undefined) {
    const all = `${checks} ${checks === 1 ? "check" : "checks"} on ${hosts} ${hosts === 1 ? "host" : "hosts"}`;
    return { sentence: `No open problems. ${all}.`, tone: checks === 0 ? "pending" : "ok", notes: [] };
  }
  const verdict = verdictOf(worst);
  const others = problems - 1;
  const note = others > 0 ? [`${others} more ${others === 1 ? "problem" : "problems"}.`] : [];
  return { ...verdict, notes: [...verdict.notes, ...note] };
}
