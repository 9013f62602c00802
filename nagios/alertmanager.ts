/**
 * The body of Prometheus Alertmanager's webhook (version 4 of its JSON): `{"version": "4", "alerts": [{"status":
 * "firing" | "resolved", "labels": {…}, "annotations": {…}, "startsAt": …, "endsAt": …, "fingerprint": …}]}`. An alert is
 * a problem of a check called as the alert, on the host its labels name.
 */
import { normalizeAddress } from "../src/model/address.ts";
import type { State } from "../src/model/state.ts";
import { checkRefusal, hostRefusal } from "./object-name.ts";
import { type Foreign, isObject, type Pushed, readPushed, textOf, timeOf } from "./pushed-json.ts";

/** One alert. */
export interface Alert {
  readonly host: string;
  readonly check: string;
  /** Tells it from other alerts of the same host and name. */
  readonly fingerprint: string;
  readonly isFiring: boolean;
  readonly state: State;
  readonly output: string;
  /** Since when it fires, Unix seconds. */
  readonly since: number;
}

type Labels = ReadonlyMap<string, string>;

/** Labels that may name the host, the most telling first. */
const HOST_LABELS = ["host", "hostname", "nodename", "node", "instance"] as const;

const SEVERITIES: ReadonlyMap<string, State | null> = new Map([
  ...["critical", "crit", "page", "emergency", "fatal", "error", "major", "high"].map(
    (word) => [word, "CRITICAL"] as const,
  ),
  ...["warning", "warn", "minor", "low", "ticket"].map((word) => [word, "WARNING"] as const),
  ...["info", "information", "none", "debug", "notice"].map((word) => [word, null] as const),
]);

/** Reads a body; undefined where it is none of Alertmanager's. Alerts that are no problem (severity `info`) are left out. */
export function readAlertmanager(json: string): Pushed<Alert> | undefined {
  return readPushed(json, "alerts", readAlert);
}

function readAlert(value: Foreign): Alert | string | undefined {
  const labels = labelsOf(value["labels"]);
  const [host, check] = [hostOf(labels), labels.get("alertname") ?? ""];
  const { status, fingerprint } = value;
  if (host === undefined) {
    return `no label tells the host: give the alert one of ${HOST_LABELS.join(", ")}`;
  }
  if (status !== "firing" && status !== "resolved") {
    return "status must be firing or resolved";
  }
  const state = stateOf(labels.get("severity"));
  return (
    hostRefusal(host) ??
    checkRefusal(check) ??
    (state === null
      ? undefined
      : {
          host,
          check,
          fingerprint: textOf(fingerprint) || textOf([...labels].sort().join()),
          isFiring: status === "firing",
          state,
          output: outputOf(labelsOf(value["annotations"]), check),
          since: timeOf(value["startsAt"]) ?? 0,
        })
  );
}

function labelsOf(value: unknown): Labels {
  const entries = isObject(value) ? Object.entries(value) : [];
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

/** The host, the port of a scraped address left out: `db01:9100`, `[2001:db8::1]:9100`. */
function hostOf(labels: Labels): string | undefined {
  const named = HOST_LABELS.map((label) => labels.get(label)).find((value) => value !== undefined && value !== "");
  const place = named?.replace(/^https?:\/\//, "").replace(/\/.*$/, "");
  const host = /^\[(.+)\](?::\d+)?$/.exec(place ?? "")?.[1] ?? place?.replace(/^([^:]+):\d+$/, "$1");
  return host === undefined ? undefined : (normalizeAddress(host) ?? host);
}

/** CRITICAL, WARNING, null for what is no problem, UNKNOWN where the severity tells nothing. */
function stateOf(severity: string | undefined): State | null {
  const state = SEVERITIES.get(severity?.toLowerCase() ?? "");
  return state === undefined ? "UNKNOWN" : state;
}

function outputOf(annotations: Labels, name: string): string {
  const said = ["summary", "message", "description"].map((key) => annotations.get(key)).find((text) => text);
  return textOf(said ?? name).replaceAll("\n", " ");
}
