/** How the facts of a row look: own state by fill, what reaches it by outline, handled lighter, soft hatched, stale dashed. */
import type { Degree } from "../model/impact.ts";
import { isProblem } from "../model/state.ts";
import { type Paint, type Tone, toneOf } from "./palette.ts";
import type { PictureRow } from "./picture.ts";

/** The tone in which each degree is outlined. */
export const DEGREE_TONE: Readonly<Record<Degree, Tone>> = {
  affected: "critical",
  degraded: "warning",
  potential: "unknown",
};

/** Colours and strokes of one row. */
export interface RowLook {
  readonly tone: Tone | undefined;
  readonly fill: string;
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly dash: string | undefined;
  readonly ink: string;
  /** Whether the fill is the full colour of the state, so that its shape is drawn reversed. */
  readonly reversed: boolean;
  /** Whether it is hatched: the monitoring is not sure yet. */
  readonly hatched: boolean;
}

/** The look of a row. */
export function rowLook(row: PictureRow, paint: Paint): RowLook {
  const tone = toneOf(row.ownState);
  const problem = row.ownState !== null && isProblem(row.ownState);
  const stale = row.handling.stale || row.old;
  const loud = problem && !stale && !row.handling.soft && !isHandled(row);
  const body = bodyOf(row, tone, loud, problem, paint);
  const { stroke, strokeWidth } = outlineOf(row, tone, problem, paint);
  const dotted = tone === "pending" ? "2 3" : undefined;
  return {
    tone,
    fill: body.fill,
    stroke,
    strokeWidth,
    dash: stale ? "6 4" : dotted,
    ink: stale ? body.stale : body.ink,
    reversed: loud,
    hatched: problem && row.handling.soft,
  };
}

function isHandled({ handling }: PictureRow): boolean {
  return handling.acknowledged || handling.inDowntime;
}

function bodyOf(row: PictureRow, tone: Tone | undefined, loud: boolean, problem: boolean, paint: Paint) {
  if (tone === undefined || tone === "pending" || (!problem && (row.degree !== null || row.failed))) {
    return { fill: paint.surface, ink: paint.text, stale: paint.muted };
  }
  const colours = paint.tone[tone];
  return loud
    ? { fill: colours.fill, ink: colours.on, stale: colours.on }
    : { fill: colours.tint, ink: colours.onTint, stale: colours.stale };
}

function outlineOf(row: PictureRow, tone: Tone | undefined, problem: boolean, paint: Paint) {
  if (row.failed && !problem) {
    return { stroke: paint.tone.critical.line, strokeWidth: 2.5 };
  }
  if (row.degree !== null) {
    const own = problem ? paint.text : paint.tone[DEGREE_TONE[row.degree]].line;
    return { stroke: own, strokeWidth: problem ? 1.5 : 2.5 };
  }
  if (problem && tone !== undefined) {
    return { stroke: isHandled(row) ? paint.tone[tone].line : paint.text, strokeWidth: 1.5 };
  }
  return { stroke: tone === "ok" ? paint.tone.ok.line : paint.outline, strokeWidth: 1 };
}
