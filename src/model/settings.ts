/** The eleven settings people tune while DOTM runs; names and shapes in Redis are the original's (`dotm::config::*`). */
import type { MappingRule } from "./mapping.ts";

/** A text that nothing shows by accident. */
export interface HiddenText {
  reveal(): string;
}

/** All settings, checked. */
export interface Settings {
  /** `fetch_parameters`: how hosts are polled. Seconds, count, user. */
  readonly fetchParameters: { readonly interval: number; readonly parallel: number; readonly sshUser: string };
  /** `other_internal_networks`: CIDR networks that are ours beside the private ones. */
  readonly otherInternalNetworks: readonly string[];
  /** `user_node_aliases`: name that an agent or the monitoring uses, to host name. */
  readonly userNodeAliases: ReadonlyMap<string, string>;
  /**
   * `nagios_instance`: the one CGI instance of the original, asked where its `url` is set. All it said is forgotten when it
   * has said nothing new for `expire` seconds; `refresh` is the seconds between two readings; with `useAliases` hosts are
   * called by their alias.
   */
  readonly nagiosInstance: {
    readonly isSet: boolean;
    readonly url: string;
    readonly user: string;
    readonly password: HiddenText | null;
    readonly expire: number;
    readonly useAliases: boolean;
    readonly refresh: number;
  };
  /** `history`: snapshots; seconds. */
  readonly history: { readonly enabled: boolean; readonly interval: number; readonly expire: number };
  /** `aging`: seconds after which a service or connection counts as unused. */
  readonly aging: { readonly services: number; readonly connections: number };
  /** `expire`: days after which old data is forgotten, 0 never; `nagiosAlerts`: what a source said that is silent since. */
  readonly expire: { readonly services: number; readonly connections: number; readonly nagiosAlerts: number };
  /** `hiding`: days after which old data is no longer shown, though remembered; 0 never. */
  readonly hiding: { readonly services: number; readonly connections: number };
  /** `service_mapping`: the user's rules, check regex to process regex. */
  readonly serviceMapping: readonly MappingRule[];
  /** `service_port_whitelist`: ports that are ignored (the original's word). */
  readonly servicePortWhitelist: readonly number[];
  /** `service_name_whitelist`: process names (regular expressions) that are ignored. */
  readonly serviceNameWhitelist: readonly string[];
}

/** What holds where nothing is stored; the original's defaults. The original's default mapping rules are our presets. */
export const DEFAULT_SETTINGS: Settings = Object.freeze({
  fetchParameters: { interval: 60, parallel: 8, sshUser: "dotm" },
  otherInternalNetworks: [],
  userNodeAliases: new Map(),
  nagiosInstance: {
    isSet: false,
    url: "http://localhost/nagios/cgi-bin/",
    user: "dotm",
    password: null,
    expire: 86_400,
    useAliases: false,
    refresh: 60,
  },
  history: { enabled: true, interval: 3600, expire: 604_800 },
  aging: { services: 300, connections: 300 },
  expire: { services: 0, connections: 0, nagiosAlerts: 0 },
  hiding: { services: 7, connections: 7 },
  serviceMapping: [],
  servicePortWhitelist: [53, 953, 22, 5666, 4949, 4848, 25, 631, 24007, 24009, 111, 2049],
  serviceNameWhitelist: ["rpc.statd", "rpcstatd", "rpc.mountd"],
});
