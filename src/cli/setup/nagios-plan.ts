/** What `dotm nagios install` changes, as a value: our own files, and marked lines in those of Nagios. */
import { basename, dirname, join } from "node:path";
import type { FilePlan } from "./file-plan.ts";
import { HASH, HTML, withBlock, withoutBlock } from "./marked-block.ts";

/** The Nagios it is for. */
export interface NagiosPlace {
  /** nagios.cfg */
  readonly config: string;
  /** The folder below which `ssi` lies. */
  readonly htmlPath: string;
  /** The folder of `$USER1$`; null where the plugin is not put anywhere. */
  readonly pluginFolder: string | null;
  /** Where the web server takes our part from; null where browsers reach DOTM at its own address. */
  readonly proxy: { readonly kind: "apache" | "nginx"; readonly file: string } | null;
}

/** What is wanted. */
export interface NagiosWishes {
  /** Address of the pages as browsers reach it, without a slash at its end: `/dotm`, `http://dotm.example.net:4880`. */
  readonly pages: string;
  /** The same as this machine reaches it: `http://127.0.0.1:4880`. */
  readonly api: string;
  readonly eventHandler: boolean;
  /** True takes everything away again. */
  readonly uninstall: boolean;
}

/** How files are read: text, null where it is not there, and whether it may be run. */
export interface FileLook {
  readonly text: (path: string) => string | null;
  readonly isProgram: (path: string) => boolean;
}

/** The files that ship with DOTM. */
export interface Shipped {
  readonly templates: string;
  readonly commands: string;
  readonly events: string;
  readonly ssi: string;
  readonly apache: string;
  readonly nginx: string;
  readonly plugin: string;
}

/** Plans, and what a person must know or do. */
export interface NagiosPlan {
  readonly files: readonly FilePlan[];
  readonly notes: readonly string[];
}

/** Addresses in the shipped files, which are examples as they stand. */
const EXAMPLE = "http://dotm.example.net:4880";
const LOCAL = "http://127.0.0.1:4880";

/** By which own files are known again. */
const OWN = "# Made by dotm nagios install; removed by dotm nagios install --uninstall.\n";

/** Makes the plan. Foreign content of files is kept; files of our names that others made are left alone. */
export function planNagios(place: NagiosPlace, wishes: NagiosWishes, shipped: Shipped, look: FileLook): NagiosPlan {
  const folder = dirname(place.config);
  const notes: string[] = [];
  const own = (path: string, text: string) => ownFile(path, text, wishes.uninstall, look, notes);
  const objects = [
    ["dotm-commands.cfg", shipped.commands.replaceAll(EXAMPLE, wishes.api), true],
    ["dotm-templates.cfg", shipped.templates.replaceAll(EXAMPLE, wishes.pages), true],
    ["dotm-events.cfg", shipped.events, wishes.eventHandler],
  ] as const;
  const files = objects
    .filter(([name, , wanted]) => wanted || look.text(join(folder, name)) !== null)
    .flatMap(([name, text, wanted]) =>
      wanted ? own(join(folder, name), text) : ownFile(join(folder, name), text, true, look, notes),
    );
  const named = files.filter(({ after }) => after !== null).map(({ path }) => `cfg_file=${path}\n`);
  const isKept = ({ after }: FilePlan) => after !== null;
  return {
    // Never names nagios.cfg a file that is not there, wherever this is broken off.
    files: [
      ...files.filter(isKept),
      ...mainConfig(place.config, named, wishes, look, notes),
      ...files.filter((file) => !isKept(file)),
      ...ssi(join(place.htmlPath, "ssi/common-header.ssi"), wishes, shipped, look, notes),
      ...proxy(place, wishes, shipped, own),
      ...plugin(place.pluginFolder, wishes.uninstall, shipped.plugin, look, notes),
    ],
    notes,
  };
}

function ownFile(path: string, text: string, gone: boolean, look: FileLook, notes: string[]): FilePlan[] {
  const before = look.text(path);
  if (before !== null && !before.startsWith(OWN)) {
    notes.push(`${path} was made by somebody else and is left as it is.`);
    return [];
  }
  return [{ path, before, after: gone ? null : `${OWN}${text}`, mode: 0o644 }];
}

function mainConfig(
  path: string,
  named: readonly string[],
  { eventHandler, uninstall }: NagiosWishes,
  look: FileLook,
  notes: string[],
): FilePlan[] {
  const before = look.text(path) ?? "";
  const foreign = withoutBlock(before, HASH);
  const handlers = eventHandler && !uninstall ? handlerLines(foreign, notes) : "";
  const after = uninstall ? foreign : withBlock(before, `${named.join("")}${handlers}`, HASH);
  return [{ path, before, after, mode: 0o644 }];
}

/** The handlers, unless somebody has others: a later line would take their place. */
function handlerLines(text: string, notes: string[]): string {
  const lines = ["global_host_event_handler=dotm-host-event", "global_service_event_handler=dotm-service-event"];
  const wanted = lines.filter((line) => {
    const [key = ""] = line.split("=");
    const taken = new RegExp(`^\\s*${key}\\s*=\\s*(\\S.*)$`, "m").exec(text)?.[1];
    if (taken !== undefined) {
      notes.push(`${key} is ${taken} already and stays so; nagios.log tells DOTM as fast.`);
    }
    return taken === undefined;
  });
  return wanted.length === 0 ? "" : `enable_event_handlers=1\n${wanted.join("\n")}\n`;
}

function ssi(path: string, wishes: NagiosWishes, shipped: Shipped, look: FileLook, notes: string[]): FilePlan[] {
  const line = shipped.ssi.replaceAll(EXAMPLE, wishes.pages);
  const before = look.text(path);
  if (before !== null && look.isProgram(path)) {
    notes.push(
      wishes.uninstall
        ? `${path} is a program and was not touched.`
        : `Nagios runs ${path} as a program, since it may be executed. Make it print this line, too, or chmod 644 it:\n${line}`,
    );
    return [];
  }
  const without = withoutBlock(before ?? "", HTML);
  const after = wishes.uninstall ? without : withBlock(before ?? "", line, HTML);
  return [{ path, before, after: after === "" ? null : after, mode: 0o644 }];
}

function proxy(
  { proxy: wanted }: NagiosPlace,
  { api }: NagiosWishes,
  shipped: Shipped,
  own: (path: string, text: string) => FilePlan[],
): FilePlan[] {
  return wanted === null ? [] : own(wanted.file, shipped[wanted.kind].replaceAll(LOCAL, api));
}

function plugin(folder: string | null, gone: boolean, text: string, look: FileLook, notes: string[]): FilePlan[] {
  if (folder === null) {
    return [];
  }
  const path = join(folder, "check_dotm");
  const before = look.text(path);
  if (before !== null && !before.includes("check_dotm asks DOTM")) {
    notes.push(`${path} is another program and is left as it is.`);
    return [];
  }
  const brief = `(the plugin ${basename(path)}, ${Math.ceil(text.length / 1024)} kB)`;
  return [{ path, before, after: gone ? null : text, mode: 0o755, brief }];
}
