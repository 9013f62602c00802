import { allGraphs } from "../impact/ask-survey.ts";
import { badness } from "../model/state.ts";
import { toneOf } from "../render/palette.ts";
import type { Picture } from "../render/picture.ts";
import { selectProcessMap } from "../render/process-map.ts";
import { inSlices } from "../store/time-slices.ts";
import { pictureOn } from "./draw-target.ts";
import { emptySite, nothingMapped } from "./empty-state.ts";
import { hostLink } from "./links.ts";
import { layOutOverview, overviewPicture } from "./overview-data.ts";
import { type Asking, frameOf, freshPage, type PageDeps } from "./page-frame.ts";
import { serviceRows } from "./service-rows.ts";
import { otherParameters } from "./url-contract.ts";
import { timeQuery, viewQuery } from "./view-parameters.ts";

/** Hosts of a process that are named; the rest is counted. */
const NAMED = 6;

/** The handler of `/map`. */
export function mapPage(deps: PageDeps) {
  return freshPage(deps, async (asking, fresh, response) => {
    const { view, root, now } = asking;
    const site = await layOutOverview(deps, fresh, now);
    const { verdict, hosts, graphs: near } = site;
    const isByHost = otherParameters(asking.query).get("by") === "host";
    const picture = isByHost
      ? await overviewPicture(site, view)
      : await inSlices(selectProcessMap(await allGraphs(deps.reader)));
    const facts = { sources: fresh.sources, hosts: hosts.length, graphs: near };
    const suffix = viewQuery(view);
    response.send(
      deps.render("map", {
        frame: frameOf(deps, asking, { title: "Map", page: "map", fresh, graphs: near.values() }),
        search: "",
        verdict,
        ways: ["process", "host"].map((way) => ({
          name: `by ${way}`,
          href: `?by=${way}${suffix}`,
          current: (way === "host") === isByHost,
        })),
        empty: emptySite(facts) ?? nothingMapped(facts),
        notes: picture.notes,
        picture: await pictureOn(deps.layouts, picture, { view, root, verdict }),
        ...tableOf(picture, isByHost, asking),
        exports: ["dot", "graphml", "mermaid", "csv"].map((format) => ({
          name: format.toUpperCase(),
          href: `${root}api/v1/graph?format=${format}${timeQuery(view.at)}`,
        })),
      }),
    );
  });
}

function tableOf(picture: Picture, isByHost: boolean, { root, view }: Asking) {
  const suffix = viewQuery(view);
  return isByHost
    ? { table: serviceRows(picture, undefined, root, suffix) }
    : { processes: processRows(picture, root, suffix) };
}

/** The boxes of the picture as a table, those in trouble first. */
function processRows(picture: Picture, root: string, suffix: string) {
  const named = picture.boxes.filter(({ kind }) => kind !== "internet");
  const rows = named.map(({ title, hosts, units }) => {
    const own = units.flatMap((unit) => unit.rows);
    const worst = [...own].sort((a, b) => badness(b.ownState ?? "OK") - badness(a.ownState ?? "OK"))[0];
    const ids = new Set(units.map(({ id }) => id));
    return {
      name: title,
      state: worst?.ownState ?? "no check",
      tone: toneOf(worst?.ownState ?? null),
      worst: badness(worst?.ownState ?? "OK"),
      degree: own.find(({ degree }) => degree !== null)?.degree,
      hosts: hosts.slice(0, NAMED).map((name) => ({ name, href: hostLink(root, name, suffix) })),
      more: Math.max(0, hosts.length - NAMED),
      needs: namesAt(picture, ids, "from"),
      neededBy: namesAt(picture, ids, "to"),
    };
  });
  return rows.sort((a, b) => b.worst - a.worst || Number(b.degree !== undefined) - Number(a.degree !== undefined));
}

/** Titles of the boxes at the other end of the edges that leave from, or lead to, the units. */
function namesAt({ boxes, edges }: Picture, units: ReadonlySet<string>, end: "from" | "to"): string {
  const titles = new Map(boxes.flatMap(({ title, units: own }) => own.map(({ id }) => [id, title] as const)));
  const others = edges.filter((edge) => units.has(edge[end])).map((edge) => (end === "from" ? edge.to : edge.from));
  return [...new Set(others.map((id) => titles.get(id) ?? id))].join(", ");
}
