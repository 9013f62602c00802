/** The hosts and service checks that every server watches while sources are compared. */
import type { SiteHost, SiteService } from "../../support/monitored-objects.ts";

/** A host (`check` null) or a service check of the site. */
export interface Target {
  readonly host: string;
  readonly check: string | null;
}

/** Names as people give them: blanks, umlauts and what URLs, shells and command pipes take for something else. */
export const ODD_HOST = "büro #1+2/3";
export const BACKSLASH_HOST = "AD\\srv 1";

/** Seconds between two active checks: so long that none comes unasked. */
export const CHECK_INTERVAL = 3600;

/** Hosts; `branch pc` is reached through `branch gw`. */
export const HOSTS: readonly SiteHost[] = [
  {
    name: "web01",
    alias: "Web frontend – Büro",
    address: "10.0.0.11",
    groups: ["shop", "web servers"],
    actionUrl: "/dotm/graph?host=web01&theme=dark",
    variables: { OWNER: "dba team", RACK: "R1-U40" },
  },
  { name: "web02", address: "10.0.0.12", groups: ["shop"] },
  { name: "branch gw", address: "10.9.0.1" },
  { name: "branch pc", address: "10.9.0.2", parents: ["branch gw"] },
  { name: ODD_HOST, address: "2001:db8::7" },
  { name: BACKSLASH_HOST },
  { name: "silent" },
];

/** Service checks. All but `Load` wait for passive results. */
export const SERVICES: readonly SiteService[] = [
  { host: "web01", name: "HTTP", attempts: 3, groups: ["shop front"], actionUrl: "/dotm/graph?host=web01&srv=HTTP" },
  { host: "web01", name: "Load", check: "check_state!load", variables: { THRESHOLD: "90%" } },
  { host: "web01", name: "Disk /" },
  { host: "web01", name: "Disk /var" },
  { host: "web01", name: "Backup" },
  { host: "web01", name: "Flapper", flapDetection: true },
  { host: "web02", name: "HTTP" },
  { host: "branch gw", name: "PING", attempts: 3 },
  { host: ODD_HOST, name: "Toner Füllstand" },
  { host: ODD_HOST, name: "C# + C++ / Büro" },
  { host: BACKSLASH_HOST, name: "C:\\ Drive" },
  { host: "web02", name: "HTML" },
  { host: "web02", name: "Lines" },
  { host: "web02", name: "Long" },
  { host: "web02", name: "Perfdata" },
  { host: "silent", name: "Trap" },
];

/** What active checks answer. */
export const STATES: Readonly<Record<string, readonly [code: number, output: string]>> = { load: [0, "load 0.1"] };
