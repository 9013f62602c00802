/** A site with something on every page, and all its pages. */
import type { Alarm } from "../../src/model/alarm.ts";
import type { HostNotes } from "../../src/model/host-notes.ts";
import type { AppDeps, Editing } from "../../src/web/app-deps.ts";
import { hostsValue, settingsValue } from "./settings.ts";
import { depsOf, type Extra, readerOf, type StoredSite } from "./web.ts";

/** Paths of all pages. */
export const PAGES = [
  ...["/", "/graph?host=db01&srv=MySQL", "/map", "/map?by=host", "/services", "/services?only=problems&sort=clients"],
  ...[
    "/hosts",
    "/report",
    "/geo",
    "/health",
    "/rules",
    "/rules?check=MySQL&process=mysqld",
    "/settings",
    "/api",
    "/host/db01",
  ],
] as const;

/** Hosts of the shop that say where they stand. */
export const PLACES: readonly (readonly [string, string])[] = [
  ["db01", "52.52,13.40"],
  ["web01", "48.85, 2.35"],
  ["lb01", "-33.87,151.2"],
];

/** What the configuration says of a host that says where it stands. */
export function notesAt(host: string, value: string): HostNotes {
  const variables = [{ name: "GEOLOCATION", value }];
  return { host, alias: "", address: "", actionUrl: "", variables, checks: [], comments: [], downtimes: [] };
}

function alarm(kind: Alarm["kind"], host: string, object: string, text: string): Alarm {
  return { kind, host, object, peer: null, since: null, severity: "WARNING", text, details: {} };
}

/** What the app is made with, and what its settings and hosts are changed by. */
export type FullDeps = AppDeps & Editing;

/** What it is made with for a site; `words` are in every setting, alarm and list of hosts. */
export async function fullDeps(
  site: StoredSite,
  words: readonly string[] = ["^Shop"],
  extra: Extra = {},
): Promise<FullDeps> {
  const settings = settingsValue();
  const hosts = hostsValue();
  for (const word of words) {
    await settings.add("service_mapping", word, word).catch(() => undefined);
    await settings.add("user_node_aliases", word, word).catch(() => undefined);
    await settings.add("service_name_whitelist", word).catch(() => undefined);
    await hosts.add({ host: word, type: "ssh", address: word });
  }
  const reader = {
    ...readerOf(site),
    alarms: async () => words.map((word) => alarm("service-without-check", word, word, word)),
    settings: async () => (await settings.inspect()).settings,
  };
  const namedHosts = async () => words.map((name, at) => ({ name: `${name}${at}`, address: `10.9.0.${at}` }));
  return { ...depsOf(site, { settings, hosts, reader, namedHosts, ...extra }), settings, hosts };
}
