/** The topology's rules from settings and configuration. */
import { RE2JS } from "re2js";
import type { Settings } from "../model/settings.ts";
import type { Ages } from "./derive-host.ts";
import type { WrittenEdge } from "./written-edges.ts";

/** What of settings and configuration the topology obeys. */
export interface TopologyRules {
  readonly internalNetworks: readonly string[];
  readonly ignoresPort: (port: number) => boolean;
  readonly ignoresProcess: (name: string) => boolean;
  readonly ages: Ages;
  readonly dependencies: readonly WrittenEdge[];
  readonly exclude: readonly WrittenEdge[];
}

const DAY = 86_400;

/** Turns what people decided into rules; regular expressions that do not compile are left out (they are refused where they are set). */
export function topologyRules(from: {
  readonly settings: Settings;
  readonly dependencies: readonly WrittenEdge[];
  readonly exclude: readonly string[];
}): TopologyRules {
  const { settings, dependencies } = from;
  const ports = new Set(settings.servicePortWhitelist);
  const names = settings.serviceNameWhitelist.map(compiled).filter((pattern) => pattern !== undefined);
  return {
    internalNetworks: settings.otherInternalNetworks,
    ignoresPort: (port) => ports.has(port),
    ignoresProcess: (name) => names.some((pattern) => pattern.test(name)),
    ages: {
      agingConnections: settings.aging.connections,
      agingServices: settings.aging.services,
      hidingConnections: days(settings.hiding.connections),
      hidingServices: days(settings.hiding.services),
      expireConnections: days(settings.expire.connections),
      expireServices: days(settings.expire.services),
    },
    dependencies,
    exclude: from.exclude.flatMap(excluded),
  };
}

/** `FROM -> TO`, or everything from and to one id. */
function excluded(text: string): WrittenEdge[] {
  const [from = "", to] = text.split("->").map((part) => part.trim());
  return to === undefined
    ? [
        { from, to: "*" },
        { from: "*", to: from },
      ]
    : [{ from, to }];
}

/** Seconds of a setting that is told in days; 0 stands for never. */
export function days(count: number): number {
  return count > 0 ? count * DAY : Number.POSITIVE_INFINITY;
}

function compiled(pattern: string): RE2JS | undefined {
  try {
    return RE2JS.compile(`^(?:${pattern})`, RE2JS.CASE_INSENSITIVE);
  } catch {
    return undefined;
  }
}
