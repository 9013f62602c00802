/** The settings in effect as rows, in the names Redis has them by. */
import { maskUrl } from "../config/secret.ts";
import type { Settings } from "../model/settings.ts";
import type { SettingName } from "./setting-rules.ts";
import type { SettingEntry } from "./settings-from.ts";

/** One value in effect; `field` is null where the setting has no fields. */
export interface SettingRow {
  readonly setting: SettingName;
  readonly field: string | null;
  readonly value: string;
  /** `stored` where somebody set it. */
  readonly origin: "stored" | "default";
}

/** The rows of one setting; `stored` is what Redis holds of it, undefined where it was never set. */
export function settingRows(
  setting: SettingName,
  settings: Settings,
  stored: readonly SettingEntry[] | undefined,
): SettingRow[] {
  return VALUES[setting](settings).map(([field, value]): SettingRow => {
    const isStored = field === null ? stored !== undefined : stored?.some((entry) => entry.field === field);
    const shown = typeof value === "boolean" ? Number(value) : value;
    return { setting, field, value: maskUrl(`${shown}`), origin: isStored === true ? "stored" : "default" };
  });
}

type Value = readonly [field: string | null, value: string | number | boolean];

const VALUES: Readonly<Record<SettingName, (settings: Settings) => readonly Value[]>> = {
  fetch_parameters: ({ fetchParameters: { interval, parallel, sshUser } }) => [
    ["interval", interval],
    ["parallel", parallel],
    ["ssh_user", sshUser],
  ],
  other_internal_networks: ({ otherInternalNetworks }) => items(otherInternalNetworks),
  user_node_aliases: ({ userNodeAliases }) => [...userNodeAliases],
  nagios_instance: ({ nagiosInstance: { url, user, password, expire, useAliases, refresh } }) => [
    ["url", url],
    ["user", user],
    ["password", password === null ? "" : "***"],
    ["expire", expire],
    ["use_aliases", useAliases],
    ["refresh", refresh],
  ],
  history: ({ history: { enabled, interval, expire } }) => [
    ["enabled", enabled],
    ["interval", interval],
    ["expire", expire],
  ],
  aging: ({ aging: { services, connections } }) => [
    ["Services", services],
    ["Connections", connections],
  ],
  expire: ({ expire: { services, connections, nagiosAlerts } }) => [
    ["Services", services],
    ["Connections", connections],
    ["Nagios Alerts", nagiosAlerts],
  ],
  hiding: ({ hiding: { services, connections } }) => [
    ["Services", services],
    ["Connections", connections],
  ],
  service_mapping: ({ serviceMapping }) => serviceMapping.map(({ check, process }) => [check, process]),
  service_port_whitelist: ({ servicePortWhitelist }) => items(servicePortWhitelist),
  service_name_whitelist: ({ serviceNameWhitelist }) => items(serviceNameWhitelist),
};

function items(values: readonly (string | number)[]): readonly Value[] {
  return values.map((value) => [null, value]);
}
