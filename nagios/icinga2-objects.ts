/** The configuration of hosts and service checks as Icinga 2's API tells it. */
import type { MonitoredCheck, MonitoredHost } from "../src/model/monitoring.ts";
import { type Attrs, flagAt, shownText, textAt, textsAt } from "./icinga2-attrs.ts";
import { openVars, varTexts } from "./icinga2-vars.ts";
import type { ObjectName } from "./name-index.ts";

/** Attributes that tell the configuration of both. */
const OBJECT_ATTRS = ["check_command", "groups", "action_url", "vars"] as const;

/** Those of hosts. */
export const HOST_OBJECT_ATTRS = [...OBJECT_ATTRS, "display_name", "address", "address6"] as const;

/** Those of service checks. */
export const SERVICE_OBJECT_ATTRS = [...OBJECT_ATTRS, "host_name"] as const;

/** Those of dependencies. */
export const DEPENDENCY_ATTRS = [
  "parent_host_name",
  "parent_service_name",
  "child_host_name",
  "child_service_name",
  "period",
] as const;

/** Those of time periods; `is_inside` is worked out when it is asked for. */
export const PERIOD_ATTRS = ["name", "is_inside"] as const;

/** A host on the path to another. */
export interface ParentHost {
  readonly parent: string;
  readonly child: string;
  /** Name of the time period in which this holds, empty for always. */
  readonly period: string;
}

/** What the configuration says of a host; its parents stand in dependencies. */
export function monitoredHost({ host }: ObjectName, attrs: Attrs): MonitoredHost {
  return {
    host,
    alias: shownText(textAt(attrs, "display_name")),
    address: textAt(attrs, "address") || textAt(attrs, "address6"),
    parents: [],
    groups: textsAt(attrs, "groups"),
    actionUrl: textAt(attrs, "action_url"),
    customVariables: varTexts(openVars(attrs)),
  };
}

/** What the configuration says of a service check; undefined where it has no group, link or variable. */
export function monitoredCheck({ host, check }: ObjectName, attrs: Attrs): MonitoredCheck | undefined {
  const groups = textsAt(attrs, "groups");
  const actionUrl = textAt(attrs, "action_url");
  const customVariables = varTexts(openVars(attrs));
  const isPlain = groups.length === 0 && actionUrl === "" && customVariables.size === 0;
  return check === null || isPlain ? undefined : { host, check, groups, actionUrl, customVariables };
}

/** The two hosts of a dependency between hosts; undefined where a service check takes part. */
export function parentHost(attrs: Attrs): ParentHost | undefined {
  const parent = textAt(attrs, "parent_host_name");
  const child = textAt(attrs, "child_host_name");
  const isOfService = textAt(attrs, "parent_service_name") !== "" || textAt(attrs, "child_service_name") !== "";
  const isPair = !isOfService && parent !== "" && child !== "" && parent !== child;
  return isPair ? { parent, child, period: textAt(attrs, "period") } : undefined;
}

/** Whether it is now within a time period. */
export function isInside(attrs: Attrs): boolean {
  return flagAt(attrs, "is_inside", true);
}

/** The hosts with their parents, as far as both are there. */
export function withParents(hosts: readonly MonitoredHost[], pairs: readonly ParentHost[]): MonitoredHost[] {
  const there = new Set(hosts.map(({ host }) => host));
  const parents = new Map<string, Set<string>>();
  for (const { parent, child } of pairs) {
    if (there.has(parent)) {
      parents.set(child, (parents.get(child) ?? new Set()).add(parent));
    }
  }
  return hosts.map((host) => ({ ...host, parents: [...(parents.get(host.host) ?? [])] }));
}
