/** Pictures as text: SVG, DOT and Mermaid. */
import type { HostGraph } from "../model/host-graph.ts";
import { HOST_CHECK } from "../model/ids.ts";
import type { Impact } from "../model/impact.ts";
import { renderDot } from "../render/dot.ts";
import { layeredLayout } from "../render/layered-layout.ts";
import { renderMermaid } from "../render/mermaid.ts";
import type { Picture } from "../render/picture.ts";
import { selectOverview, selectPicture } from "../render/select-picture.ts";
import { type PictureTarget, renderSvg } from "../render/svg.ts";
import { type Verdict, verdictOf } from "../render/verdict.ts";

/** Kinds of pictures. */
export const PICTURE_FORMATS = ["svg", "dot", "mermaid"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/** What to draw: a problem, a host, or the site where neither is given. */
export interface Subject {
  readonly impact?: Impact | undefined;
  readonly host?: string | undefined;
  readonly dependents?: number | undefined;
  readonly dependencies?: number | undefined;
}

/** The picture of a subject in a format; ends with a line feed. */
export function drawing(graphs: ReadonlyMap<string, HostGraph>, subject: Subject, format: PictureFormat): string {
  const picture = pictureOf(graphs, subject);
  switch (format) {
    case "dot":
      return ended(renderDot(picture));
    case "mermaid":
      return ended(renderMermaid(picture));
    case "svg":
      return ended(svg(picture, subject));
  }
}

function pictureOf(graphs: ReadonlyMap<string, HostGraph>, subject: Subject): Picture {
  const { impact, host, dependents, dependencies } = subject;
  if (impact === undefined && host === undefined) {
    return selectOverview(graphs);
  }
  return selectPicture(graphs, {
    impact,
    host: host ?? impact?.problem.host,
    ...(dependents === undefined ? {} : { dependents }),
    ...(dependencies === undefined ? {} : { dependencies }),
  });
}

function svg(picture: Picture, { impact, host }: Subject): string {
  const verdict = impact === undefined ? headline(host) : verdictOf(impact);
  const options = { palette: "dotm", theme: "light", withVerdict: true, freshness: "" } as const;
  return renderSvg(picture, layeredLayout(picture), { ...options, verdict, impact, hrefOf });
}

function headline(host: string | undefined): Verdict {
  const sentence = host === undefined ? "The whole site" : `${host} and what is next to it`;
  return { sentence, tone: "pending", notes: [] };
}

/** The page of the same thing (ECOSYSTEM, URL contract). */
function hrefOf({ host, check }: PictureTarget): string {
  return `/graph?host=${encodeURIComponent(host)}&srv=${encodeURIComponent(check ?? HOST_CHECK)}`;
}

function ended(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}
