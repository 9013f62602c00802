/** What one report showed, and is called otherwise where other rules read it: an address that was outside is ours by now. */
import type { EdgeRecord } from "../model/changes.ts";
import type { FoldedWhole } from "./fold-report.ts";

/**
 * Forgets the connections that a host's last report showed and the same report, read anew, does not. `before` are the keys it
 * showed, where they are known; what is open was shown by it in any case.
 */
export function forgetFormerNames(
  edges: Map<string, EdgeRecord>,
  before: readonly string[],
  { edges: now, keys }: Pick<FoldedWhole, "edges" | "keys">,
): void {
  const shown = new Set(keys);
  const isFormer = (key: string) => !now.has(key) && !shown.has(key);
  for (const key of before) {
    if (isFormer(key)) {
      edges.delete(key);
    }
  }
  for (const [key, { count, direction }] of edges) {
    if (count > 0 && direction !== "unix" && isFormer(key)) {
      edges.delete(key);
    }
  }
}
