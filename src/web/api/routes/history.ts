/** Routes that look back: which snapshots there are, and what changed between two times. */
import { z } from "zod";
import { pictureDifference } from "../../../impact/picture-difference.ts";
import type { Past } from "../../../store/history-reader.ts";
import { inSlices } from "../../../store/time-slices.ts";
import { isoOf } from "../../ages.ts";
import { comparedTimes } from "../../history-page.ts";
import { documentWith } from "../answers.ts";
import { ApiProblem } from "../api-problem.ts";
import { type ApiRoute, reading } from "../api-route.ts";
import { differenceAnswer, snapshotsAnswer } from "../schemas/history.ts";

const snapshots = reading({
  path: "/api/v1/history",
  summary: "The snapshots; every route that reads takes `at=TIME` and answers as it was then",
  tag: "history",
  query: z.object({}),
  answer: snapshotsAnswer,
  ask: async ({ history }) => {
    const items = (await history.list()).map((snapshot) => ({ ...snapshot, time: isoOf(snapshot.at) }));
    return documentWith("SnapshotList", { items, next: null });
  },
});

const difference = reading({
  path: "/api/v1/history/diff",
  summary: "What changed between two times: problems, states, hosts, services, dependencies",
  tag: "history",
  query: z.object({
    from: z.string().describe("Needed. ISO 8601, Unix seconds, `03:00`, `yesterday 03:00`, `-2h`").optional(),
    to: z.string().optional().describe("The same; now unless it is given"),
  }),
  answer: differenceAnswer,
  example: "from=now",
  ask: async (deps, { raw }) => {
    const times = await comparedTimes(deps, new URLSearchParams(raw));
    if (times === undefined) {
      throw new ApiProblem(400, "Say from when: from=TIME.");
    }
    const { from, to } = times;
    const items = await pictureDifference(from.reader, to.reader, inSlices);
    return documentWith("PictureDifference", { from: told(from), to: told(to), items });
  },
});

/** All of them. */
export const historyRoutes: readonly ApiRoute[] = [snapshots, difference];

function told({ at, asOf, exact }: Past) {
  return { at: isoOf(at), asOf: isoOf(asOf), exact };
}
