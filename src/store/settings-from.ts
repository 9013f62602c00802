/** Makes the settings of what lies in Redis: good values count, bad ones are named, missing ones are the defaults. */
import { Secret } from "../config/secret.ts";
import { compareIds } from "../model/compare.ts";
import { DEFAULT_SETTINGS, type Settings } from "../model/settings.ts";
import { keys } from "./keys.ts";
import { refuseValue, type SettingName, settingRule, shownValue } from "./setting-rules.ts";

/** One value of a setting; `field` is empty where the setting is no hash. */
export interface SettingEntry {
  readonly field: string;
  readonly value: string;
}

/** What Redis holds of each setting; a setting that was never set is missing. */
export type SettingEntries = ReadonlyMap<SettingName, readonly SettingEntry[]>;

/** A value that is not used, and why. */
export interface SettingProblem {
  readonly key: string;
  /** The value, with its field where there is one. */
  readonly entry: string;
  readonly reason: string;
}

/** Settings with the problems found on the way. Never throws. */
export function settingsFrom(stored: SettingEntries): {
  readonly settings: Settings;
  readonly problems: readonly SettingProblem[];
} {
  const problems: SettingProblem[] = [];
  const good = (name: SettingName): readonly SettingEntry[] =>
    (stored.get(name) ?? []).filter(({ field, value }) => {
      const reason = refuseValue(name, value, field);
      if (reason !== undefined) {
        const shown = shownValue(name, value, field);
        const entry = settingRule(name).shape === "hash" ? `${field}: ${shown}` : shown;
        problems.push({ key: keys.setting(name), entry: entry.slice(0, 200), reason });
      }
      return reason === undefined;
    });
  return { settings: collected(good, (name) => stored.has(name)), problems };
}

/** The items that hold where a setting of items was never set. */
export function defaultItems(name: SettingName): readonly string[] {
  const { servicePortWhitelist, serviceNameWhitelist } = DEFAULT_SETTINGS;
  if (name === "service_port_whitelist") {
    return servicePortWhitelist.map(String);
  }
  return name === "service_name_whitelist" ? serviceNameWhitelist : [];
}

type GoodEntries = (name: SettingName) => readonly SettingEntry[];

function collected(good: GoodEntries, isSet: (name: SettingName) => boolean): Settings {
  const aging = numbersOf(good("aging"));
  const expire = numbersOf(good("expire"));
  const hiding = numbersOf(good("hiding"));
  const base = DEFAULT_SETTINGS;
  return {
    ...instances(good),
    otherInternalNetworks: good("other_internal_networks").map(({ value }) => value),
    userNodeAliases: new Map(good("user_node_aliases").map(({ field, value }) => [field, value])),
    aging: {
      services: aging("Services", base.aging.services),
      connections: aging("Connections", base.aging.connections),
    },
    expire: {
      services: expire("Services", base.expire.services),
      connections: expire("Connections", base.expire.connections),
      nagiosAlerts: expire("Nagios Alerts", base.expire.nagiosAlerts),
    },
    hiding: {
      services: hiding("Services", base.hiding.services),
      connections: hiding("Connections", base.hiding.connections),
    },
    // A hash has no order of its own; a fixed one keeps comparing two readings simple.
    serviceMapping: good("service_mapping")
      .map(({ field, value }) => ({ check: field, process: value }))
      .sort((a, b) => compareIds(a.check, b.check)),
    servicePortWhitelist: isSet("service_port_whitelist")
      ? good("service_port_whitelist").map(({ value }) => Number(value))
      : base.servicePortWhitelist,
    serviceNameWhitelist: isSet("service_name_whitelist")
      ? good("service_name_whitelist").map(({ value }) => value)
      : base.serviceNameWhitelist,
  };
}

function instances(good: GoodEntries): Pick<Settings, "fetchParameters" | "nagiosInstance" | "history"> {
  const { fetchParameters, nagiosInstance, history } = DEFAULT_SETTINGS;
  const fetching = good("fetch_parameters");
  const fetchNumber = numbersOf(fetching);
  const nagios = good("nagios_instance");
  const nagiosNumber = numbersOf(nagios);
  const [url, password] = [textOf(nagios, "url"), textOf(nagios, "password")];
  const historyNumber = numbersOf(good("history"));
  return {
    fetchParameters: {
      interval: fetchNumber("interval", fetchParameters.interval),
      parallel: fetchNumber("parallel", fetchParameters.parallel),
      sshUser: textOf(fetching, "ssh_user") ?? fetchParameters.sshUser,
    },
    nagiosInstance: {
      isSet: url !== undefined,
      url: url ?? nagiosInstance.url,
      user: textOf(nagios, "user") ?? nagiosInstance.user,
      password: password === undefined ? null : new Secret(password),
      expire: nagiosNumber("expire", nagiosInstance.expire),
      useAliases: nagiosNumber("use_aliases", Number(nagiosInstance.useAliases)) === 1,
      refresh: nagiosNumber("refresh", nagiosInstance.refresh),
    },
    history: {
      enabled: historyNumber("enabled", Number(history.enabled)) === 1,
      interval: historyNumber("interval", history.interval),
      expire: historyNumber("expire", history.expire),
    },
  };
}

function textOf(entries: readonly SettingEntry[], field: string): string | undefined {
  return entries.find((entry) => entry.field === field)?.value;
}

function numbersOf(entries: readonly SettingEntry[]): (field: string, otherwise: number) => number {
  return (field, otherwise) => {
    const value = textOf(entries, field);
    return value === undefined ? otherwise : Number(value);
  };
}
