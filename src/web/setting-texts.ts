/** What the settings are for, in words for people, and how a form shows them. */
import { SETTING_NAMES, type SettingName } from "../store/setting-rules.ts";

/** How a setting is shown. */
export interface SettingText {
  readonly title: string;
  readonly description: string;
  /** Heads of the columns: one for a list, two for a hash. */
  readonly columns: readonly string[];
  /** Whether people add and remove fields; false where the fields are fixed. */
  readonly isOpen: boolean;
}

const PAIRS = ["Parameter", "Value"] as const;

const TEXTS: Readonly<Record<SettingName, SettingText>> = {
  fetch_parameters: {
    title: "Asking hosts",
    description:
      "How hosts without a pushing agent are asked for their report: every interval seconds, parallel at once, over SSH as ssh_user.",
    columns: PAIRS,
    isOpen: false,
  },
  other_internal_networks: {
    title: "Internal networks",
    description:
      "Networks that are ours beside the private ones, such as 198.51.100.0/24. Addresses in none of them are drawn as Internet. A change holds at once for what the last report of each host says; what was seen before keeps its name until it is forgotten.",
    columns: ["Network"],
    isOpen: true,
  },
  user_node_aliases: {
    title: "Host aliases",
    description: "Where an agent calls a host otherwise than the monitoring does: that name, and the host it means.",
    columns: ["Alias", "Host"],
    isOpen: true,
  },
  nagios_instance: {
    title: "Nagios instance",
    description:
      "One Nagios or Icinga 1 read through its CGIs: url is the folder of the CGIs, refresh the seconds between two readings; what it said is forgotten expire seconds after it fell silent. use_aliases 1 calls hosts by their alias.",
    columns: PAIRS,
    isOpen: false,
  },
  history: {
    title: "Snapshots",
    description: "Whether the past is kept (enabled 1 or 0), how often (interval) and for how long (expire); seconds.",
    columns: PAIRS,
    isOpen: false,
  },
  aging: {
    title: "Aging",
    description: "Seconds without use after which a service or connection counts as old.",
    columns: PAIRS,
    isOpen: false,
  },
  expire: {
    title: "Forgetting",
    description:
      "Days after which services and connections that were not seen any more are forgotten, and what a monitoring said that has been silent since (Nagios Alerts), until it speaks again; 0 keeps them.",
    columns: PAIRS,
    isOpen: false,
  },
  hiding: {
    title: "Hiding",
    description:
      "Days after which old services and connections are no longer shown in pages, lists and pictures, though still remembered; 0 shows all.",
    columns: PAIRS,
    isOpen: false,
  },
  service_mapping: {
    title: "Mapping rules",
    description:
      "Which service a check speaks of: regular expressions for the check's name and for the process, from the start, letter case aside. They go before everything DOTM finds out by itself.",
    columns: ["Check", "Process"],
    isOpen: true,
  },
  service_port_whitelist: {
    title: "Ignored ports",
    description: "Ports of basic services that are left out of the map, such as 22 and 53.",
    columns: ["Port"],
    isOpen: true,
  },
  service_name_whitelist: {
    title: "Ignored processes",
    description: "Processes, as regular expressions, that are left out of the map.",
    columns: ["Process"],
    isOpen: true,
  },
};

/** The words for a setting. */
export function settingText(name: SettingName): SettingText {
  return TEXTS[name];
}

/** Settings in the order pages show them: what people tune most stands first. */
export const SETTING_ORDER: readonly SettingName[] = [
  "service_mapping",
  "user_node_aliases",
  "other_internal_networks",
  "service_port_whitelist",
  "service_name_whitelist",
  ...SETTING_NAMES.filter((name) => !TEXTS[name].isOpen),
];
