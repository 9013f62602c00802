/**
 * Records to the values of their Redis keys and back. Writing is exact (times are whole Unix seconds, text is bounded);
 * reading believes nothing: what is not what it should be is undefined.
 */
import type {
  ConnectionRecord,
  EdgeRecord,
  HostCheckRecord,
  ListenerRecord,
  NodeRecord,
  ServiceCheckRecord,
  ServiceRecord,
} from "../model/changes.ts";
import type { HostGraph } from "../model/host-graph.ts";
import type { HostNotes } from "../model/host-notes.ts";
import type { Impact } from "../model/impact.ts";
import { EVIDENCE_KINDS } from "../model/mapping.ts";
import type { SourceHealth } from "../model/monitoring.ts";
import { newRhythm } from "../model/rhythm.ts";
import { CHECK_STATES, type CheckState, HOST_STATES, type HostState } from "../model/state.ts";
import { isGraph, isImpact, isNotes, isSource } from "./stored-shapes.ts";

/** Field names and values of a hash; a null value means that the field is not there. */
export type Fields = readonly (readonly [field: string, value: string | number | null])[];

/** Characters of a plugin's output or an error kept in Redis. */
const LONGEST_TEXT = 4_096;

/** Fields of `dotm::nodes::<node>`. */
export function nodeFields(record: NodeRecord): Fields {
  return [
    ["last_fetch", seconds(record.lastFetch)],
    ["fetch_status", bounded(record.fetchStatus)],
    ["ips", record.ips.join(",")],
    ["service_alerts", JSON.stringify(record.serviceAlerts)],
  ];
}

/** The fields of `dotm::nodes::<node>` that are ours. */
export const NODE_FIELDS = ["last_fetch", "fetch_status", "ips", "service_alerts"] as const;

/** Reads a hash `dotm::nodes::<node>`. */
export function nodeFromFields(hash: Readonly<Record<string, string>>): NodeRecord | undefined {
  const lastFetch = hash["last_fetch"];
  if (lastFetch === undefined) {
    return undefined;
  }
  return {
    lastFetch: Number(lastFetch) || 0,
    fetchStatus: hash["fetch_status"] ?? "",
    ips: (hash["ips"] ?? "").split(",").filter((ip) => ip !== ""),
    serviceAlerts: checkStates(parseObject(hash["service_alerts"] ?? "")),
  };
}

/** Reads the fields of `dotm::nodes::<node>` as one JSON object, as a snapshot has them. */
export function nodeFromJson(json: string): NodeRecord | undefined {
  const fields = Object.entries(parseObject(json) ?? {}).map(([field, value]) => [field, text(value)]);
  return nodeFromFields(Object.fromEntries(fields));
}

/** Fields of `dotm::services::<node>::<port>`. */
export function serviceFields(record: ServiceRecord): Fields {
  return [
    ["process", bounded(record.process)],
    ["last_seen", seconds(record.lastSeen)],
    ["age", record.age],
    ["last_connection", record.lastConnection > 0 ? seconds(record.lastConnection) : null],
    ["alert_status", record.alertStatus],
  ];
}

/** Fields of `dotm::connections::<node>::<port>::<remote>`. */
export function connectionFields(record: ConnectionRecord): Fields {
  return [
    ["process", bounded(record.process)],
    ["connections", seconds(record.connections)],
    ["last_connection", seconds(record.lastConnection)],
    ["last_seen", seconds(record.lastSeen)],
    ["direction", record.direction],
    ["remote_host", record.remote],
    ["remote_port", record.remotePort],
    ["local_port", record.localPort],
  ];
}

/** JSON of `dotm::checks::nodes::<node>`. */
export function hostCheckJson(record: HostCheckRecord): string {
  return JSON.stringify({
    node: record.node,
    status: record.status,
    last_check: seconds(record.lastCheck),
    last_status_change: seconds(record.lastStatusChange),
    status_information: bounded(record.statusInformation),
    services_alerts: record.servicesAlerts,
    other_alerts: record.otherAlerts,
  });
}

/** Reads the JSON of `dotm::checks::nodes::<node>`. */
export function hostCheckFromJson(json: string): HostCheckRecord | undefined {
  const value = parseObject(json);
  const node = value?.["node"];
  const status = value?.["status"];
  if (value === undefined || typeof node !== "string" || !isHostState(status)) {
    return undefined;
  }
  return {
    node,
    status,
    lastCheck: number(value["last_check"]),
    lastStatusChange: number(value["last_status_change"]),
    statusInformation: text(value["status_information"]),
    servicesAlerts: checkStates(asObject(value["services_alerts"])),
    otherAlerts: checkStates(asObject(value["other_alerts"])),
  };
}

/** JSON of one element of `dotm::checks::services::<node>`. */
export function serviceCheckJson(record: ServiceCheckRecord): string {
  return JSON.stringify({
    node: record.node,
    service: record.service,
    status: record.status,
    last_check: seconds(record.lastCheck),
    last_status_change: seconds(record.lastStatusChange),
    status_information: bounded(record.statusInformation),
    ...(record.mapping === null ? {} : { mapping: record.mapping }),
    services: record.services,
    ...(record.mappedBy === null ? {} : { mapped_by: record.mappedBy }),
    ambiguous: record.ambiguous,
    handled: record.handled,
    soft: record.soft,
  });
}

/** Reads one element of `dotm::checks::services::<node>`. */
export function serviceCheckFromJson(json: string): ServiceCheckRecord | undefined {
  return checkFrom(parseObject(json));
}

function checkFrom(value: Foreign | undefined): ServiceCheckRecord | undefined {
  const node = value?.["node"];
  const service = value?.["service"];
  const status = value?.["status"];
  if (value === undefined || typeof node !== "string" || typeof service !== "string" || !isCheckState(status)) {
    return undefined;
  }
  const { mapping, services } = value;
  return {
    node,
    service,
    status,
    lastCheck: number(value["last_check"]),
    lastStatusChange: number(value["last_status_change"]),
    statusInformation: text(value["status_information"]),
    mapping: typeof mapping === "string" ? mapping : null,
    services: Array.isArray(services) ? services.filter((id) => typeof id === "string") : [],
    mappedBy: EVIDENCE_KINDS.find((kind) => kind === value["mapped_by"]) ?? null,
    ambiguous: value["ambiguous"] === true,
    handled: value["handled"] === true,
    soft: value["soft"] === true,
  };
}

/** Reads the elements of `dotm::checks::services::<node>` as one JSON list, as a snapshot has them. */
export function checksFromJson(json: string): ServiceCheckRecord[] | undefined {
  const checks = parseValue(json);
  return Array.isArray(checks) ? checks.flatMap((check) => checkFrom(asObject(check)) ?? []) : undefined;
}

/** Reads the JSON of one field of `dotm::edges::<node>`. */
export function edgeFromJson(json: string): EdgeRecord | undefined {
  const value = parseObject(json);
  const valid =
    value !== undefined &&
    ["in", "out", "unix"].includes(text(value["direction"])) &&
    ["tcp", "udp", "unix"].includes(text(value["protocol"])) &&
    ["process", "owner", "path"].every((name) => value[name] === null || typeof value[name] === "string") &&
    ["port", "firstSeen", "lastSeen", "count"].every((name) => Number.isFinite(value[name])) &&
    typeof value["remote"] === "string";
  return valid ? withRhythm(value as unknown as EdgeRecord) : undefined;
}

/** What was written by a version that learned no rhythms yet, or by somebody else, begins to learn. */
function withRhythm(edge: EdgeRecord): EdgeRecord {
  const rhythm = asObject(edge.rhythm);
  const known = rhythm !== undefined && ["run", "gaps", "longest"].every((name) => Number.isFinite(rhythm[name]));
  return known ? edge : { ...edge, rhythm: newRhythm(edge.firstSeen) };
}

/** Reads the JSON of one field of `dotm::listeners::<node>`. */
export function listenerFromJson(json: string): ListenerRecord | undefined {
  const value = parseObject(json);
  const valid =
    value !== undefined &&
    ["tcp", "udp"].includes(text(value["protocol"])) &&
    ["process", "owner"].every((name) => value[name] === null || typeof value[name] === "string") &&
    ["port", "firstSeen", "lastSeen"].every((name) => Number.isFinite(value[name])) &&
    isTexts(value["addresses"]);
  return valid ? (value as unknown as ListenerRecord) : undefined;
}

/** Reads the JSON of `dotm::graph::<node>`. */
export function graphFromJson(json: string): HostGraph | undefined {
  const value = parseObject(json);
  return isGraph(value) ? (value as unknown as HostGraph) : undefined;
}

/** Reads the JSON of `dotm::notes::<node>`. */
export function notesFromJson(json: string): HostNotes | undefined {
  const value = parseObject(json);
  return isNotes(value) ? (value as unknown as HostNotes) : undefined;
}

/** Reads the JSON of `dotm::impact::<node>::<check>`. */
export function impactFromJson(json: string): Impact | undefined {
  const value = parseObject(json);
  return isImpact(value) ? (value as unknown as Impact) : undefined;
}

/** Reads the JSON of one field of `dotm::sources`. */
export function sourceFromJson(json: string): SourceHealth | undefined {
  const value = parseObject(json);
  return isSource(value) ? (value as unknown as SourceHealth) : undefined;
}

type Foreign = Readonly<Record<string, unknown>>;

function parseObject(json: string): Foreign | undefined {
  return asObject(parseValue(json));
}

function parseValue(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Foreign | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Foreign) : undefined;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isCheckState(value: unknown): value is CheckState {
  return value === "PENDING" || CHECK_STATES.some((state) => state === value);
}

function isHostState(value: unknown): value is HostState {
  return value === "PENDING" || HOST_STATES.some((state) => state === value);
}

function checkStates(value: Foreign | undefined): Readonly<Record<string, CheckState>> {
  const entries = Object.entries(value ?? {}).filter((entry): entry is [string, CheckState] => isCheckState(entry[1]));
  return Object.fromEntries(entries);
}

function seconds(time: number): number {
  return Number.isFinite(time) ? Math.trunc(time) : 0;
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function bounded(value: string): string {
  return value.length > LONGEST_TEXT ? `${value.slice(0, LONGEST_TEXT - 1)}…` : value;
}
