/** Finds the host and the check a request means. */
import { HOST_CHECK } from "../model/ids.ts";
import type { MapReader } from "../store/map-reader.ts";
import { matchName } from "./match-name.ts";
import { parseTarget } from "./url-contract.ts";

/** What a request is about. */
export type Target =
  | { readonly kind: "found"; readonly host: string; readonly check: string | null }
  | { readonly kind: "nothing asked" }
  | { readonly kind: "unknown host"; readonly asked: string; readonly suggestions: readonly string[] }
  | {
      readonly kind: "unknown check";
      readonly host: string;
      readonly asked: string;
      readonly suggestions: readonly string[];
    };

type NameReader = Pick<MapReader, "nodes" | "serviceChecks" | "settings">;

/** The target of a raw query string; `site` is the monitoring site it names. */
export async function findTarget(reader: NameReader, query: string, site: string | null): Promise<Target> {
  const asked = parseTarget(query);
  const [first] = asked.host;
  if (first === undefined) {
    return { kind: "nothing asked" };
  }
  const [nodes, settings] = await Promise.all([reader.nodes(), reader.settings()]);
  const readings = site === null ? asked.host : [...asked.host.map((host) => `${site}!${host}`), ...asked.host];
  const host = matchName(readings, nodes, settings.userNodeAliases);
  if (host.kind === "unknown") {
    return { kind: "unknown host", asked: first, suggestions: host.suggestions };
  }
  return findCheck(reader, host.name, asked.check);
}

async function findCheck(reader: NameReader, host: string, readings: readonly string[]): Promise<Target> {
  const [first] = readings;
  if (first === undefined) {
    return { kind: "found", host, check: null };
  }
  const checks = (await reader.serviceChecks(host)).map(({ service }) => service);
  const check = matchName(readings, checks);
  return check.kind === "found"
    ? { kind: "found", host, check: check.name === HOST_CHECK ? null : check.name }
    : {
        kind: "unknown check",
        host,
        asked: first,
        suggestions: check.suggestions.length > 0 ? check.suggestions : checks.slice(0, 10),
      };
}

/** The sentence for a target that is not known. */
export function unknownSentence(target: Exclude<Target, { kind: "found" }>): string {
  switch (target.kind) {
    case "nothing asked":
      return "No host was asked for: the address needs ?host=NAME.";
    case "unknown host":
      return `No host is called “${shorten(target.asked)}”.`;
    case "unknown check":
      return `Host ${target.host} has no service check called “${shorten(target.asked)}”.`;
  }
}

function shorten(name: string): string {
  return name.length > 120 ? `${name.slice(0, 120)}…` : name;
}
