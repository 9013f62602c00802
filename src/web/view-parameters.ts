/** Everything of a URL that says how to look, not at what. What is not understood falls back to the default. */

import { type Assumption, parseAssumption } from "../model/assumption.ts";
import { encodePart } from "../render/graph-link.ts";
import { PALETTES, type PaletteName, THEMES, type ThemeName } from "../render/palette.ts";
import { DEFAULT_DEPTHS } from "../render/select-picture.ts";
import { otherParameters, timeAsked } from "./url-contract.ts";

/** How to look. */
export interface View {
  readonly theme: ThemeName;
  readonly palette: PaletteName;
  readonly dependents: number;
  readonly dependencies: number;
  /** What is assumed to be otherwise than it is. */
  readonly assumed: readonly Assumption[];
  /** What-ifs we do not know how to answer. */
  readonly refused: readonly string[];
  readonly fold: boolean;
  /** Monitoring site the host belongs to, or null. */
  readonly site: string | null;
  /** The time that is looked at, as it was asked for; null for now. */
  readonly at: string | null;
}

/** Hops drawn at most; more is the whole site anyway. */
const DEEPEST = 12;

/** What-ifs in one question at most. */
const MOST_ASSUMED = 50;

/** The view a query string asks for. */
export function parseView(query: string): View {
  const parameters = otherParameters(query);
  const whatIfs = parameters.getAll("whatif").slice(0, MOST_ASSUMED);
  return {
    theme: oneOf(THEMES, parameters.get("theme")) ?? "auto",
    palette: oneOf(PALETTES, parameters.get("palette")) ?? "dotm",
    dependents: depth(parameters, ["dependents", "down", "childLayers"], DEFAULT_DEPTHS.dependents),
    dependencies: depth(parameters, ["dependencies", "up", "parentLayers"], DEFAULT_DEPTHS.dependencies),
    assumed: whatIfs.map(parseAssumption).filter((each) => each !== undefined),
    refused: whatIfs.filter((each) => parseAssumption(each) === undefined),
    fold: parameters.get("fold") !== "0",
    site: parameters.get("site") ?? parameters.get("source") ?? parameters.get("backend"),
    at: timeAsked(parameters),
  };
}

/** The view as parameters, defaults left out: `&theme=dark&dependents=5`. Changes replace what the view says. */
export function viewQuery(view: View, change: Partial<View> = {}): string {
  const { theme, palette, dependents, dependencies, assumed, fold, at } = { ...view, ...change };
  return [
    ...assumed.map(({ verb, id }) => `whatif=${verb}:${encodePart(id)}`),
    ...(theme === "auto" ? [] : [`theme=${theme}`]),
    ...(palette === "dotm" ? [] : [`palette=${palette}`]),
    ...(dependents === DEFAULT_DEPTHS.dependents ? [] : [`dependents=${dependents}`]),
    ...(dependencies === DEFAULT_DEPTHS.dependencies ? [] : [`dependencies=${dependencies}`]),
    ...(fold ? [] : ["fold=0"]),
  ]
    .map((part) => `&${part}`)
    .join("")
    .concat(timeQuery(at));
}

/** Of the view only when and in which theme: what goes along from page to page. */
export function lastingQuery({ theme, at }: View): string {
  return `${theme === "auto" ? "" : `&theme=${theme}`}${timeQuery(at)}`;
}

/** Of the view only when: what programs are asked for the same moment by. */
export function timeQuery(at: View["at"]): string {
  return at === null ? "" : `&at=${encodePart(at)}`;
}

function oneOf<T extends string>(values: readonly T[], asked: string | null): T | undefined {
  return values.find((value) => value === asked);
}

function depth(parameters: URLSearchParams, names: readonly string[], otherwise: number): number {
  const asked = names.flatMap((name) => parameters.getAll(name)).find((value) => /^\d{1,4}$/.test(value));
  return asked === undefined ? otherwise : Math.min(DEEPEST, Number(asked));
}
