/** Schemas of pictures as data: our own, and the one Grafana's node graph panel takes. */
import { z } from "zod";
import { certainty, degree, documentOf, handling, hostState, listOf, state, stateType } from "./common.ts";
import { impactAnswer } from "./impact.ts";

const row = z
  .object({
    id: z.string(),
    host: z.string(),
    label: z.string(),
    ownState: state.nullable(),
    stateType: stateType.nullable(),
    handling,
    degree: degree.nullable(),
    propagatedState: state.nullable(),
    failed: z.boolean(),
    focus: z.boolean(),
    old: z.boolean(),
    checks: listOf(z.string()),
    times: z.number().int().describe("Number of equal ones it stands for"),
  })
  .meta({ id: "PictureRow" });

const box = z
  .object({
    id: z.string(),
    kind: z.enum(["host", "outside", "internet", "fold"]),
    title: z.string(),
    hosts: listOf(z.string()),
    state: hostState.nullable(),
    handling,
    agent: z.enum(["fresh", "stale", "none"]),
    units: listOf(z.object({ id: z.string(), rows: listOf(row) })),
    hidden: z.number().int(),
    focus: z.boolean(),
  })
  .meta({ id: "PictureBox" });

const edge = z
  .object({
    from: z.string(),
    to: z.string(),
    certainty,
    count: z.number().int(),
    lastSeen: z.number().describe("Unix seconds"),
    hit: degree.nullable(),
    over: z.string().nullable(),
  })
  .meta({ id: "PictureEdge" });

/** The picture a page would draw, as data. */
export const graphAnswer = documentOf("Graph", {
  revision: z.string(),
  boxes: listOf(box),
  edges: listOf(edge),
  notes: listOf(z.string()).describe("What is not drawn, and why"),
  impact: impactAnswer.nullable(),
});

const grafanaField = z.object({
  field_name: z.string(),
  type: z.enum(["string", "number"]),
  displayName: z.string().optional(),
  color: z.string().optional(),
});

/** Names and kinds of the columns. */
export const grafanaFields = z.object({ nodes_fields: listOf(grafanaField), edges_fields: listOf(grafanaField) });

export const grafanaNode = z
  .object({
    id: z.string(),
    title: z.string(),
    subtitle: z.string(),
    mainstat: z.string().describe("Own state"),
    secondarystat: z.string().describe("What its dependencies do to it"),
    arc__ok: z.number(),
    arc__warning: z.number(),
    arc__critical: z.number(),
    arc__unknown: z.number(),
    detail__host: z.string(),
    detail__checks: z.string(),
  })
  .meta({ id: "GrafanaNode" });

export const grafanaEdge = z
  .object({
    id: z.string(),
    source: z.string(),
    target: z.string(),
    mainstat: z.number().describe("Connections now"),
    secondarystat: z.string().describe("How sure it is"),
  })
  .meta({ id: "GrafanaEdge" });
