/** Host and check of a question to the API, found as pages find them. */
import { findTarget, unknownSentence } from "../find-target.ts";
import type { PageDeps } from "../page-frame.ts";
import { parseView, type View } from "../view-parameters.ts";
import { ApiProblem } from "./api-problem.ts";

/** Host and check; `check` null is the host itself. */
export interface ApiTarget {
  readonly host: string;
  readonly check: string | null;
}

/** The target of a raw query string. @throws ApiProblem where it names none that is known */
export async function apiTarget({ reader }: PageDeps, raw: string): Promise<ApiTarget> {
  const target = await findTarget(reader, raw, parseView(raw).site);
  if (target.kind === "nothing asked") {
    throw new ApiProblem(400, unknownSentence(target));
  }
  if (target.kind !== "found") {
    throw new ApiProblem(404, unknownSentence(target), { suggestions: target.suggestions });
  }
  return target;
}

/** How to look. @throws ApiProblem for a what-if that is none */
export function apiView(raw: string): View {
  const view = parseView(raw);
  if (view.refused.length > 0) {
    const detail = `whatif understands down:ID, up:ID and maintenance:ID of a service, process or host, not ${view.refused[0]}.`;
    throw new ApiProblem(400, detail);
  }
  return view;
}
