/** Schemas that all answers share. */
import { z } from "zod";
import { CERTAINTIES } from "../../../model/impact.ts";
import { CHECK_STATES, HOST_STATES } from "../../../model/state.ts";

/** A list nobody changes. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.array(item).readonly();
}

/** Time of day and date, ISO 8601, UTC. */
export const time = z.string().describe("ISO 8601, UTC");

export const checkState = z.enum([...CHECK_STATES, "PENDING"]).meta({ id: "CheckState" });
export const hostState = z.enum([...HOST_STATES, "PENDING"]).meta({ id: "HostState" });
export const state = z.enum([...CHECK_STATES, ...HOST_STATES, "PENDING"]).meta({ id: "State" });
export const stateType = z.enum(["SOFT", "HARD"]).describe("SOFT while the monitoring still retries");
export const degree = z
  .enum(["affected", "degraded", "potential"])
  .describe("How hard it is hit: by CRITICAL or DOWN; by WARNING or lost redundancy; by what is not sure");
export const certainty = z.enum(CERTAINTIES).describe("How sure the edge is, best first");

export const handling = z
  .object({
    acknowledged: z.boolean(),
    inDowntime: z.boolean(),
    flapping: z.boolean(),
    soft: z.boolean(),
    stale: z.boolean(),
  })
  .meta({ id: "Handling", description: "What people or the monitoring say of a problem; never changes its state" });

/** One page of a list. */
export function pageOf<Kind extends string, Item extends z.ZodType>(kind: Kind, item: Item) {
  return z
    .object({
      apiVersion: z.literal("dotm/v1"),
      kind: z.literal(kind),
      revision: z.string().describe("Grows with every change that is stored"),
      items: listOf(item),
      next: z.string().nullable().describe("The cursor of the next page; null where this is the last"),
    })
    .meta({ id: kind });
}

/** One thing alone. */
export function documentOf<Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) {
  return z.object({ apiVersion: z.literal("dotm/v1"), kind: z.literal(kind), ...shape }).meta({ id: kind });
}

/** How a page is asked for. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe("Items in one answer at most"),
  cursor: z.string().max(2000).optional().describe("Where to go on: what `next` said"),
  fields: z.string().max(1000).optional().describe("Only these members of each item, separated by commas"),
};

/** A host, and a check of it, however links of the monitoring spell them. */
export const target = {
  host: z.string().optional().describe("Needed. Host as the monitoring names it; small differences are forgiven"),
  srv: z.string().optional().describe("Service check; without it, or with `_HOST_`, the host itself"),
};
