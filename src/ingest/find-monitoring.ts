/** Which monitorings this machine runs, each as a source of `dotm.yaml` would name it. */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { PERMISSIONS } from "../../nagios/icinga2-permissions.ts";
import { findNagiosConfigs, lookAtNagios, NAGIOS_PLACES, readableText } from "./find-nagios.ts";

/** One of them. */
export interface FoundMonitoring {
  /** Keys and values of the source, in the order to write them. */
  readonly source: Readonly<Record<string, string>>;
  /** What somebody must know or do, full sentences. */
  readonly notes: readonly string[];
}

/** Where secrets for it would be kept. */
export interface FindOptions {
  /** The root of the file system; tests have one of their own. */
  readonly root: string;
  /** Folder of dotm.yaml. */
  readonly folder: string;
}

/** Everything that is found: Nagios and its kin by their files, Icinga 2 by its API, sites of OMD by their Livestatus. */
export function findMonitoring({ root, folder }: FindOptions): FoundMonitoring[] {
  const at = (path: string) => join(root, path);
  const places = { proc: at("/proc"), configs: NAGIOS_PLACES.configs.map(at) };
  return [
    ...findNagiosConfigs(places).map((config, count) => nagiosMonitoring(config, count)),
    ...(existsSync(at("/etc/icinga2/icinga2.conf")) ? [icinga2Monitoring(at, folder)] : []),
    ...omdSites(at("/omd/sites")),
  ];
}

/** A Nagios by its configuration; `count` are found before it. */
export function nagiosMonitoring(config: string, count = 0): FoundMonitoring {
  const { statusFile } = lookAtNagios(config);
  const kind = /naemon|icinga/.exec(basename(config))?.[0] ?? "nagios";
  return {
    source: { name: count === 0 ? kind : `${kind}${count + 1}`, type: "nagios", config },
    notes: statusFile === null || existsSync(statusFile) ? [] : [`${statusFile} is not there: does ${kind} run?`],
  };
}

/** An Icinga 2; its certificates tell its name and its authority. */
function icinga2Monitoring(at: (path: string) => string, folder: string): FoundMonitoring {
  const certificates = at("/var/lib/icinga2/certs");
  const own = namesIn(certificates).find((name) => name.endsWith(".crt") && name !== "ca.crt");
  const constants = readableText(at("/etc/icinga2/constants.conf"));
  const node = /^\s*const NodeName = "([^"]+)"/m.exec(constants)?.[1] ?? own?.replace(/\.crt$/, "");
  const source = {
    ...{ name: "icinga", type: "icinga2", url: "https://localhost:5665", user: "dotm" },
    password_file: join(folder, "icinga.password"),
    ca_file: join(certificates, "ca.crt"),
    ...(node === undefined ? {} : { servername: node }),
  };
  const isOn = namesIn(at("/etc/icinga2/features-enabled")).includes("api.conf");
  return { source, notes: isOn ? [] : ["The API of Icinga 2 is off. Switch it on: icinga2 api setup"] };
}

/** The user that an `icinga2` source logs in as, in Icinga's language. */
export function apiUserText(name: string, password: string): string {
  const permissions = PERMISSIONS.map((each) => `    "${each}"`).join(",\n");
  return `object ApiUser "${name}" {\n  password = "${password}"\n  permissions = [\n${permissions}\n  ]\n}\n`;
}

function omdSites(folder: string): FoundMonitoring[] {
  return namesIn(folder).flatMap((name) => {
    const socket = join(folder, name, "tmp/run/live");
    return existsSync(socket) ? [{ source: { name, type: "livestatus", socket }, notes: [] }] : [];
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
