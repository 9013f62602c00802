/** Schemas of impacts, causes and paths: the shapes the command line prints and Redis holds. */
import { z } from "zod";
import { ASSUMED_VERBS } from "../../../model/assumption.ts";
import { certainty, degree, documentOf, handling, listOf, state, stateType, time } from "./common.ts";

const port = z.union([z.number(), z.string()]).nullable().describe("Null for a process");

const problemRef = z.object({ host: z.string(), check: z.string().nullable() }).meta({ id: "ProblemRef" });

const failedRow = z
  .object({ id: z.string(), host: z.string(), port, process: z.string().nullable() })
  .meta({ id: "FailedRow" });

const affectedRow = z
  .object({
    ...failedRow.shape,
    degree,
    hops: z.number().int().describe("Dependencies between different processes on the path"),
    certainty,
    ownState: state.nullable(),
    propagatedState: state,
    handling: handling.partial(),
    path: listOf(z.string()).describe("Ids from this row to what failed"),
  })
  .meta({ id: "AffectedRow" });

const pastChange = z
  .object({
    kind: z.enum(["process-restarted", "listener-new", "listener-gone", "connection-new", "connection-gone"]),
    host: z.string(),
    subject: z.string(),
    at: time,
    secondsBefore: z.number(),
  })
  .meta({ id: "PastChange" });

const problem = z
  .object({
    host: z.string(),
    check: z.string().nullable().describe("Null for the host itself"),
    state,
    stateType,
    since: time.nullable(),
    source: z.string().nullable(),
    handled: z.boolean(),
    acknowledged: z.boolean(),
    inDowntime: z.boolean(),
    flapping: z.boolean(),
    stale: z.boolean(),
    output: z.string(),
  })
  .meta({ id: "Problem" });

/** The answer to "what else is hit". */
export const impactAnswer = documentOf("Impact", {
  problem,
  failed: listOf(failedRow),
  affected: listOf(affectedRow).describe("Nearest first, then by name"),
  hosts: listOf(z.string()),
  hypothetical: z.boolean().describe("True where no such problem is there now"),
  rootProblem: z.boolean(),
  explainedBy: listOf(problemRef),
  explains: listOf(problemRef),
  unknownBeyond: listOf(z.string()).describe("Hosts reached that have no fresh agent"),
  internetFacing: listOf(z.string()).optional(),
  summary: z.string(),
  computedAt: time,
  graph: z.string(),
  leftOut: z.object({ services: z.number().int(), processes: z.number().int() }).optional(),
  changesBefore: listOf(pastChange).optional(),
  assumed: listOf(z.object({ verb: z.enum(ASSUMED_VERBS), id: z.string() })).optional(),
  relieved: listOf(z.object({ ...failedRow.shape, from: degree, to: degree.nullable() })).optional(),
  safeToStop: z
    .object({ verdict: z.enum(["yes", "reduced", "unknown", "no"]), text: z.string() })
    .optional()
    .describe("Whether what is assumed down can be stopped"),
});

/** How much each current problem takes with it; those that take nothing are left out. */
export const badgeList = documentOf("BadgeList", {
  items: listOf(
    z.object({ host: z.string(), check: z.string().nullable(), services: z.number().int().describe("Affected ones") }),
  ).describe("Those that take most first"),
});

const causePart = z
  .object({ name: z.string(), weight: z.number(), value: z.number(), points: z.number(), text: z.string() })
  .meta({ id: "CausePart", description: "One line of the sum that ranks a cause" });

const causeCandidate = z
  .object({
    host: z.string(),
    check: z.string().nullable(),
    state,
    since: time.nullable(),
    score: z.number(),
    parts: listOf(causePart),
    path: listOf(z.string()),
    rootProblem: z.boolean(),
    changesBefore: listOf(pastChange),
  })
  .meta({ id: "CauseCandidate" });

/** What most likely broke first, for each problem asked about. */
export const causesAnswer = documentOf("CauseRankingList", {
  items: listOf(documentOf("CauseRanking", { problem, candidates: listOf(causeCandidate) })),
});

/** Whether one thing depends on another, and over what. */
export const pathAnswer = documentOf("Path", {
  from: z.string(),
  to: z.string(),
  path: listOf(z.string()).nullable().describe("Null where neither depends on the other"),
  hops: z.number().int().nullable(),
  certainty: z.union([certainty, z.literal("guessed")]).nullable(),
});
