/** Schemas of what is told of the past. */
import { z } from "zod";
import { DIFFERENCE_KINDS } from "../../../impact/picture-difference.ts";
import { documentOf, listOf, time } from "./common.ts";

const snapshotItem = z
  .object({
    at: z.number().describe("Unix seconds; the value of `at` or `history` that leads there"),
    time,
    bytes: z.number().describe("In Redis"),
    hosts: z.number(),
    problems: z.number(),
    fault: z.string().nullable().describe("Why it cannot be read; null where it can"),
  })
  .meta({ id: "Snapshot" });

const moment = z
  .object({
    at: time,
    asOf: time.describe("What is shown: `at` where it is exact, else the last that is known before"),
    exact: z.boolean().describe("Whether it is what was stored then, to the last value"),
  })
  .meta({ id: "Moment" });

const changeItem = z
  .object({
    kind: z.enum(DIFFERENCE_KINDS),
    change: z.enum(["added", "removed", "changed"]),
    host: z.string(),
    subject: z.string().nullable().describe("A check, a service's id, `FROM -> TO`; null for the host itself"),
    from: z.string().nullable(),
    to: z.string().nullable(),
    nearProblem: z.boolean().describe("About a host with a problem in the later picture, or what its services need"),
  })
  .meta({ id: "PictureChange" });

export const snapshotsAnswer = documentOf("SnapshotList", { items: listOf(snapshotItem), next: z.null() });

export const differenceAnswer = documentOf("PictureDifference", {
  from: moment,
  to: moment,
  items: listOf(changeItem),
});
