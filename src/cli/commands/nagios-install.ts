/** `dotm nagios install`: puts DOTM into the pages and the configuration of a Nagios on this machine, and takes it out again. */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { readAsset } from "../../asset.ts";
import { readConfig } from "../../config.ts";
import { DotmError } from "../../errors.ts";
import { findNagiosConfigs, lookAtNagios } from "../../ingest/find-nagios.ts";
import { EXIT } from "../exit-code.ts";
import { carryOut, changing, type FilePlan, plansText, removeEmpty, textAt, undoneText } from "../setup/file-plan.ts";
import { type NagiosPlace, planNagios, type Shipped } from "../setup/nagios-plan.ts";
import type { Terminal } from "../terminal.ts";
import { pageUrl, shellWord } from "../words.ts";

/** Options of the command. */
export interface NagiosInstallOptions {
  readonly config?: string;
  readonly nagiosCfg?: string;
  readonly html?: string;
  readonly plugins?: string | false;
  readonly webServer: "auto" | "apache" | "nginx" | "none";
  readonly webConf?: string;
  readonly url?: string;
  readonly eventHandler: boolean;
  readonly uninstall: boolean;
  readonly dryRun: boolean;
}

/** Folders in which web servers look for our part, by what is there. */
const WEB_PLACES = [
  { kind: "apache", folder: "/etc/apache2/conf-available" },
  { kind: "apache", folder: "/etc/httpd/conf.d" },
  { kind: "nginx", folder: "/etc/nginx/snippets" },
] as const;

/** The programs that check a configuration. */
const DAEMONS = [
  "nagios4",
  "nagios",
  "naemon",
  "/usr/sbin/nagios4",
  "/usr/sbin/nagios",
  "/usr/local/nagios/bin/nagios",
];

/** Shows what changes and, without `--dry-run`, changes it; where Nagios then refuses its configuration, nothing is left changed. */
export function nagiosInstall(options: NagiosInstallOptions, terminal: Terminal): number {
  const place = placeOf(options, terminal);
  const { config } = readConfig({ file: options.config }, terminal.around);
  const api = (config === undefined ? "http://127.0.0.1:4880" : pageUrl(config.web)).replace(/\/$/, "");
  const pages =
    options.url?.replace(/\/$/, "") ?? (place.proxy === null ? api.replace("127.0.0.1", hostname()) : "/dotm");
  const { files, notes } = planNagios(
    place,
    { pages, api, eventHandler: options.eventHandler, uninstall: options.uninstall },
    shippedFiles(),
    { text: textAt, isProgram: (path) => (statSync(path).mode & 0o111) !== 0 },
  );
  const plans = changing(files);
  terminal.out.write(plansText(plans));
  tell(notes, terminal);
  if (plans.length === 0) {
    terminal.err.write(`Nothing to change for ${place.config}.\n`);
  } else if (options.dryRun) {
    terminal.err.write(`Nothing is written (--dry-run): ${filesText(plans)} would change.\n`);
  } else {
    change(plans, place, options.uninstall);
    terminal.err.write(`${filesText(plans)} changed.\n`);
    tell(nextSteps(place, options.uninstall, plans), terminal);
  }
  return EXIT.done;
}

function change(plans: readonly FilePlan[], place: NagiosPlace, uninstall: boolean): void {
  // Who types Ctrl-C or closes the terminal ends the check of Nagios, after which all is undone; not us in the middle of it.
  const goOn = () => undefined;
  for (const signal of ENDING) {
    process.on(signal, goOn);
  }
  try {
    const undo = carryOut(plans);
    const refusal = refusalOf(place.config);
    if (refusal !== undefined) {
      throw new DotmError(
        "DOTM_FAILED",
        `Nagios refuses the configuration, so all is undone: ${refusal}`,
        `See its own check of what was there before; ${undoneText(undo())}.`,
      );
    }
  } finally {
    for (const signal of ENDING) {
      process.off(signal, goOn);
    }
  }
  if (uninstall) {
    removeEmpty(join(place.htmlPath, "ssi"));
  }
}

const ENDING = ["SIGINT", "SIGHUP", "SIGTERM"] as const;

/** Bytes that Nagios may write while it checks: it warns of each odd object. */
const MOST_SAID = 256 * 1024 * 1024;

/** What Nagios says is wrong with its configuration; undefined where nothing is, or where it is not installed here. */
function refusalOf(config: string): string | undefined {
  const ofItsName = (daemon: string) => Number(config.includes(`/${basename(daemon)}/`));
  for (const daemon of DAEMONS.toSorted((one, other) => ofItsName(other) - ofItsName(one))) {
    const options = { encoding: "utf8", timeout: 120_000, maxBuffer: MOST_SAID } as const;
    const { status, stdout, error } = spawnSync(daemon, ["-v", config], options);
    const code = (error as NodeJS.ErrnoException | undefined)?.code;
    if (code !== "ENOENT" && code !== "EACCES") {
      const complaint = stdout.split("\n").find((line) => line.startsWith("Error: "));
      const ended = `${daemon} -v ends with ${status ?? code ?? "a signal"}`;
      return status === 0 ? undefined : (complaint ?? ended);
    }
  }
  return undefined;
}

/** Finds the Nagios. @throws DotmError where there is none, or where its pages cannot be told */
function placeOf(options: NagiosInstallOptions, { program, around }: Terminal): NagiosPlace {
  const named = options.nagiosCfg === undefined ? findNagiosConfigs()[0] : resolve(around.cwd, options.nagiosCfg);
  if (named === undefined || !existsSync(named)) {
    const next = `Name its configuration: ${program} nagios install --nagios-cfg FILE`;
    throw new DotmError(
      "DOTM_NOT_FOUND",
      named === undefined ? "No Nagios was found here." : `There is no ${named}.`,
      next,
    );
  }
  const found = lookAtNagios(named);
  const htmlPath = options.html ?? found.htmlPath;
  if (htmlPath === null) {
    const next = "Name the folder of its pages (physical_html_path in cgi.cfg): --html DIR";
    throw new DotmError("DOTM_NOT_FOUND", `No cgi.cfg beside ${named} tells where its pages are.`, next);
  }
  const plugins = options.plugins === false ? null : (options.plugins ?? found.pluginFolder);
  return { config: named, htmlPath, pluginFolder: plugins, proxy: proxyOf(options) };
}

function proxyOf({ webServer, webConf, url }: NagiosInstallOptions): NagiosPlace["proxy"] {
  if (webServer === "none" || (webServer === "auto" && webConf === undefined && url !== undefined)) {
    return null;
  }
  const found = WEB_PLACES.find(
    ({ kind, folder }) => (webServer === "auto" || webServer === kind) && existsSync(folder),
  );
  const kind = webServer === "auto" ? (found?.kind ?? "apache") : webServer;
  if (webConf !== undefined) {
    return { kind, file: webConf };
  }
  return found === undefined ? null : { kind, file: join(found.folder, "dotm.conf") };
}

function shippedFiles(): Shipped {
  return {
    templates: readAsset("#nagios/nagios4/dotm-templates.cfg"),
    commands: readAsset("#nagios/nagios4/dotm-commands.cfg"),
    events: readAsset("#nagios/etc/dotm-events.cfg"),
    ssi: readAsset("#nagios/ssi/common-header.ssi"),
    apache: readAsset("#nagios/apache/dotm.conf"),
    nginx: readAsset("#nagios/nginx/dotm.conf"),
    plugin: readAsset("#dist/check_dotm.cjs"),
  };
}

function nextSteps({ config, proxy }: NagiosPlace, uninstall: boolean, plans: readonly FilePlan[]): string[] {
  const changed = (path: string) => plans.some((plan) => plan.path === path);
  const service = /nagios4|naemon/.exec(config)?.[0] ?? "nagios";
  const web = proxy !== null && changed(proxy.file) ? [webStep(proxy, uninstall)] : [];
  return [`Now: systemctl reload ${service}`, ...web, ...(uninstall ? [] : ["Then look: dotm doctor"])];
}

function webStep({ kind, file }: NonNullable<NagiosPlace["proxy"]>, uninstall: boolean): string {
  if (kind === "nginx") {
    const line = `include ${file};`;
    return `In the server block of nginx ${uninstall ? "take away" : "write"}: ${line}  Then: systemctl reload nginx`;
  }
  if (dirname(file) !== "/etc/apache2/conf-available") {
    return "Then: systemctl reload httpd (or apache2)";
  }
  return uninstall
    ? "Then: a2disconf dotm; systemctl reload apache2"
    : "Then: a2enmod proxy proxy_http headers && a2enconf dotm && systemctl reload apache2";
}

function filesText(plans: readonly FilePlan[]): string {
  return plans.length === 1 ? shellWord(plans[0]?.path ?? "") : `${plans.length} files`;
}

function tell(lines: readonly string[], { err }: Terminal): void {
  err.write(lines.map((line) => `${line}\n`).join(""));
}
