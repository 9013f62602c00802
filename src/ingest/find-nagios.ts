/** Where this machine keeps a Nagios, Naemon or Icinga 1: by what runs, else where distributions and source builds put it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readNagiosCfg } from "../../nagios/nagios-cfg.ts";

/** Where to look; tests say otherwise. */
export interface NagiosPlaces {
  /** The folder of processes. */
  readonly proc: string;
  readonly configs: readonly string[];
}

/** Those of a Linux system. */
export const NAGIOS_PLACES: NagiosPlaces = {
  proc: "/proc",
  configs: [
    "/etc/nagios4/nagios.cfg",
    "/etc/nagios/nagios.cfg",
    "/usr/local/nagios/etc/nagios.cfg",
    "/etc/naemon/naemon.cfg",
    "/etc/icinga/icinga.cfg",
  ],
};

/** What is read of one. */
export interface FoundNagios {
  /** Its nagios.cfg. */
  readonly config: string;
  /** The folder below which `ssi` lies; null where no cgi.cfg tells it. */
  readonly htmlPath: string | null;
  /** The folder of `$USER1$`; null where no resource file tells it. */
  readonly pluginFolder: string | null;
  readonly statusFile: string | null;
  readonly logFile: string | null;
}

/** The configuration files there are, those of running daemons first. */
export function findNagiosConfigs({ proc, configs }: NagiosPlaces = NAGIOS_PLACES): string[] {
  const known = [...runningConfigs(proc), ...configs];
  return [...new Set(known)].filter((path) => existsSync(path));
}

/** What the files around one say; files that cannot be read say nothing. */
export function lookAtNagios(config: string): FoundNagios {
  const folder = dirname(config);
  const text = readableText(config);
  const { statusFile, logFile } = readNagiosCfg(text, folder);
  const cgi = ["cgi.cfg", "../cgi.cfg"].map((name) => join(folder, name)).find((path) => existsSync(path));
  const resources = valuesOf(text, "resource_file").map((path) => (path.startsWith("/") ? path : join(folder, path)));
  const [htmlPath = null] = cgi === undefined ? [] : valuesOf(readableText(cgi), "physical_html_path");
  const [pluginFolder = null] = resources.flatMap((path) => valuesOf(readableText(path), "$USER1$"));
  return { config, htmlPath, pluginFolder, statusFile, logFile };
}

/** The configurations that running daemons were started with. */
function runningConfigs(proc: string): string[] {
  if (!existsSync(proc)) {
    return [];
  }
  return readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      const [program = "", ...words] = readableText(join(proc, pid, "cmdline")).split("\0");
      const isDaemon = /^(?:nagios\d?|naemon|icinga)$/.test(basename(program));
      return isDaemon ? words.filter((word) => word.startsWith("/") && word.endsWith(".cfg")) : [];
    })
    .sort();
}

function valuesOf(text: string, key: string): string[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", ...rest] = line.split("=");
    const value = rest.join("=").trim();
    return name.trim() === key && value !== "" ? [value] : [];
  });
}

/** The text of a file; empty where it cannot be read. */
export function readableText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
