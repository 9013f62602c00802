import { parseId, titleOf } from "../model/ids.ts";
import { encodePart, targetQuery } from "../render/graph-link.ts";
import { verdictOf } from "../render/verdict.ts";
import { momentOfIso } from "./ages.ts";
import { didYouMean } from "./did-you-mean.ts";
import { type DrawnTarget, drawTarget, pictureOn } from "./draw-target.ts";
import { findTarget, type Target } from "./find-target.ts";
import { hostLink, linkTo } from "./links.ts";
import { noteRows } from "./note-rows.ts";
import { type Asking, type Fresh, frameOf, freshPage, headlineOf, type PageDeps } from "./page-frame.ts";
import { problemLink } from "./problem-rows.ts";
import { serviceRows } from "./service-rows.ts";
import { timeQuery, type View, viewQuery } from "./view-parameters.ts";

type Found = Extract<Target, { kind: "found" }>;

/** The handler of `/graph`. */
export function graphPage(deps: PageDeps) {
  return freshPage(deps, async (asking, fresh, response) => {
    const target = await findTarget(deps.reader, asking.query, asking.view.site);
    if (target.kind === "nothing asked") {
      response.redirect(302, asking.root);
      return;
    }
    if (target.kind !== "found") {
      deps.logger.info({ asked: target.asked.slice(0, 200), kind: target.kind }, "a link names something unknown");
      response.send(deps.render("message", didYouMean(deps, asking, fresh, target)));
      return;
    }
    const [drawn, noted] = await Promise.all([drawTarget(deps, target, asking.view), deps.reader.notes([target.host])]);
    const notes = noteRows(noted.get(target.host), asking.now, target.check ?? undefined);
    const doubts = await doubtsOf(deps.reader, asking.view);
    response.send(deps.render("graph", { ...(await graphData(deps, asking, fresh, target, drawn)), notes, doubts }));
  });
}

/** What of the assumptions means nothing: what they say of it would sound like good news. */
async function doubtsOf(reader: PageDeps["reader"], { assumed, refused }: View): Promise<string[]> {
  const doubts = refused.map(
    (text) => `“${text.slice(0, 120)}” is not understood: whatif takes down:ID, up:ID or maintenance:ID.`,
  );
  for (const { id } of assumed) {
    const host = parseId(id)?.host ?? id;
    const graph = (await reader.graphs([host])).get(host);
    const isKnown = host === id ? graph !== undefined : graph?.nodes.some((node) => node.id === id) === true;
    if (!isKnown) {
      doubts.push(`Nothing is known of “${id.slice(0, 120)}”, so nothing follows from it.`);
    }
  }
  return doubts;
}

async function graphData(deps: PageDeps, asking: Asking, fresh: Fresh, target: Found, drawn: DrawnTarget) {
  const { view, root, now } = asking;
  const { picture, impact, graphs, verdict } = drawn;
  const suffix = viewQuery({ ...view, assumed: [] });
  const name = titleOf(target);
  const query = `${targetQuery(target)}${viewQuery(view)}`;
  return {
    frame: frameOf(deps, asking, { title: name, fresh, graphs: graphs.values() }),
    search: target.host,
    name,
    host: target.host,
    hostHref: hostLink(root, target.host, suffix),
    wholeHost: target.check === null ? undefined : linkTo(root, { host: target.host, check: null }, suffix),
    headline: headlineOf(verdict.sentence),
    verdict: impact === undefined ? verdict : verdictOf(impact, false),
    output: impact?.problem.output,
    since: momentOfIso(impact?.problem.since ?? null, now),
    hypothetical: impact?.hypothetical === true,
    empty: picture.boxes.length === 0 ? noPicture(target) : undefined,
    picture: await pictureOn(deps.layouts, picture, { view, root, verdict, impact }),
    depths: depthLinks(view, (change) => `?${targetQuery(target)}${viewQuery(view, change)}`),
    table: serviceRows(picture, impact, root, suffix),
    explainedBy: impact?.explainedBy.map((ref) => problemLink(ref, root, suffix)),
    explains: impact?.explains.map((ref) => problemLink(ref, root, suffix)),
    exports: [
      { name: "SVG", href: `${root}image?${query}` },
      { name: "for print", href: `${root}image?${targetQuery(target)}${viewQuery(view, { theme: "print" })}` },
      {
        name: "JSON",
        href: `${root}api/v1/impact?${targetQuery(target)}${view.assumed.map(({ verb, id }) => `&whatif=${verb}:${encodePart(id)}`).join("")}${timeQuery(view.at)}`,
      },
    ],
  };
}

/** Why there is nothing to draw, and the command that shows it. */
export function noPicture({ host, check }: Found) {
  return check === null
    ? {
        reason: `No service and no connection of ${host} is known.`,
        remedy: "Run dotm-agent on it; it needs a token:",
        command: `dotm agent token ${host}`,
      }
    : {
        reason: `This check is mapped to no service, and no service of ${host} is known.`,
        remedy: "See which rule it would match, and why not the others:",
        command: `dotm map test "${check}" ${host}`,
      };
}

/** Links to more or fewer hops. */
function depthLinks(view: View, href: (change: Partial<View>) => string) {
  const links = (key: "dependents" | "dependencies", values: readonly number[]) =>
    values.map((hops) => ({ hops, href: href({ [key]: hops }), current: view[key] === hops }));
  return { dependents: links("dependents", [1, 2, 3, 5, 8]), dependencies: links("dependencies", [0, 1, 2, 4]) };
}
