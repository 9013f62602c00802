/** Whether something can be stopped without breaking anything that works now. */
import type { AffectedRow, SafeToStop } from "../model/impact.ts";
import type { ImpactRows } from "./impact-rows.ts";

/** Ids named in the sentence. */
const NAMED = 3;

/** The verdict on what would be hit; `newlyAffected` are the ids that would fail and do not fail now. */
export function safeToStop({ affected, unknownBeyond }: ImpactRows, newlyAffected: ReadonlySet<string>): SafeToStop {
  const failing = affected.filter(({ id }) => newlyAffected.has(id));
  if (failing.length > 0) {
    return { verdict: "no", text: `not safe to stop: ${named(failing)} would fail` };
  }
  if (unknownBeyond.length > 0) {
    const hosts = unknownBeyond.slice(0, NAMED).join(", ");
    return { verdict: "unknown", text: `not known to be safe to stop: no fresh agent tells who depends on ${hosts}` };
  }
  const weakened = affected.filter(({ degree }) => degree !== "affected");
  if (weakened.length > 0) {
    return { verdict: "reduced", text: `safe to stop, but ${named(weakened)} would have less to fall back on` };
  }
  return { verdict: "yes", text: "safe to stop: nothing that works now is known to need it" };
}

function named(rows: readonly AffectedRow[]): string {
  const shown = rows.slice(0, NAMED).map(({ id }) => id);
  const more = rows.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
