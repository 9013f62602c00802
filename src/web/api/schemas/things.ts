/** Schemas of what lists hold: hosts, services, connections, checks, alarms, sources, agents. */
import { z } from "zod";
import { ALARM_KINDS, SEVERITIES } from "../../../model/alarm.ts";
import { EVIDENCE_KINDS } from "../../../model/mapping.ts";
import { certainty, checkState, degree, handling, hostState, listOf, stateType, time } from "./common.ts";

const age = z.number().nullable().describe("Seconds ago; null where it never was");

export const hostItem = z
  .object({
    name: z.string(),
    state: hostState.nullable().describe("Null where the monitoring does not know the host"),
    stateType: stateType.nullable(),
    handling,
    agent: z.enum(["fresh", "stale", "none"]).describe("Whether its agent still reports"),
    lastReport: time.nullable(),
    ageSeconds: age,
    reportStatus: z.string().describe("`OK`, or why no report comes"),
    addresses: listOf(z.string()),
    groups: listOf(z.string()),
    services: z.number().int(),
    problems: z.number().int().describe("Checks that are not OK"),
    links: z.object({ page: z.string(), graph: z.string() }).describe("Relative to the root of the site"),
  })
  .meta({ id: "Host" });

export const serviceItem = z
  .object({
    id: z.string().describe("`HOST:PORT`, or `HOST:PORT/udp`"),
    host: z.string(),
    port: z.string(),
    process: z.string().nullable(),
    ownState: z.union([checkState, hostState]).nullable().describe("Worst state of the checks mapped to it"),
    stateType: stateType.nullable(),
    handling,
    degree: degree.nullable().describe("What its dependencies do to it now"),
    checks: listOf(z.string()),
    age: z.enum(["fresh", "old"]),
    lastSeen: time.nullable(),
    ageSeconds: age,
    neededBy: listOf(z.string()).describe("Ids of those who need it directly"),
  })
  .meta({ id: "Service" });

export const connectionItem = z
  .object({
    from: z.string().describe("Id of who needs"),
    to: z.string().describe("Id of what is needed"),
    certainty,
    count: z.number().int().describe("Connections now"),
    firstSeen: time.nullable(),
    lastSeen: time.nullable(),
    ageSeconds: age,
    over: z.string().nullable().describe("Path of the Unix socket, where it runs over one"),
  })
  .meta({ id: "Connection" });

export const checkItem = z
  .object({
    host: z.string(),
    check: z.string(),
    state: checkState,
    soft: z.boolean(),
    handled: z.boolean().describe("Acknowledged or in downtime"),
    since: time.nullable(),
    lastCheck: time.nullable(),
    ageSeconds: age,
    output: z.string(),
    services: listOf(z.string()).describe("Ids of the services it speaks of"),
    process: z.string().nullable(),
    mappedBy: z.enum(EVIDENCE_KINDS).nullable().describe("The evidence that decided"),
    ambiguous: z.boolean(),
  })
  .meta({ id: "Check" });

export const alarmItem = z
  .object({
    kind: z.enum(ALARM_KINDS),
    severity: z.enum(SEVERITIES),
    host: z.string().nullable(),
    object: z.string().describe("What it is about: a service, a check, `FROM -> TO`, a host, a source"),
    peer: z.string().nullable().describe("The host at the other end of a connection"),
    since: time.nullable(),
    ageSeconds: age,
    text: z.string(),
    details: z.record(z.string(), z.union([z.string(), z.number()])),
  })
  .meta({ id: "Alarm" });

export const sourceItem = z
  .object({
    name: z.string(),
    type: z.string(),
    ok: z.boolean(),
    stale: z.boolean(),
    error: z.string().nullable(),
    warning: z.string().nullable(),
    asOf: time.nullable().describe("When it last wrote what we hold"),
    ageSeconds: age,
    staleAfter: z.number().describe("Seconds after which it counts as stale"),
    hosts: z.number().int(),
    checks: z.number().int(),
    lag: z.number(),
    errors: z.number().int(),
    reasons: z.record(z.string(), z.number().int()).describe("How often what was wrong, since DOTM was started"),
  })
  .meta({ id: "Source" });

export const agentItem = z
  .object({
    host: z.string(),
    agent: z.enum(["fresh", "stale", "none"]),
    lastReport: time.nullable(),
    ageSeconds: age,
    reportStatus: z.string(),
    addresses: listOf(z.string()),
  })
  .meta({ id: "Agent" });

export const searchHit = z
  .object({
    kind: z.enum(["host", "check", "service", "process"]),
    name: z.string(),
    host: z.string(),
    state: z.string().nullable(),
    link: z.string().describe("Page of it, relative to the root of the site"),
  })
  .meta({ id: "SearchHit" });

export const hostSuggestion = z
  .object({
    name: z.string().describe("Its name where this machine knows it, else its address"),
    address: z.string(),
    seenBy: listOf(z.string()).describe("Hosts that talk with it"),
    ports: listOf(z.string()),
    connections: z.number().int(),
    lastSeen: time.nullable(),
  })
  .meta({ id: "HostSuggestion" });
