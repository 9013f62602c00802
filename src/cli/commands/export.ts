/** `dotm export KIND`: the dependencies DOTM found, as other programs are told of them. */
import { randomBytes } from "node:crypto";
import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { StoreFlags } from "../../config/store-hint.ts";
import { DotmError, isMissing, messageOf } from "../../errors.ts";
import { askMonitoredHosts } from "../../impact/ask-monitored-hosts.ts";
import { askSiteNeeds } from "../../impact/ask-site-needs.ts";
import type { SiteNeeds } from "../../model/site-needs.ts";
import { businessProcess } from "../../render/business-process.ts";
import { MADE_BY } from "../../render/export-notes.ts";
import { hostParents } from "../../render/host-parents.ts";
import { icinga2Dependencies } from "../../render/icinga2-dependencies.ts";
import { nagiosDependencies } from "../../render/nagios-dependencies.ts";
import { icinga2PassiveServices, nagiosPassiveServices } from "../../render/passive-services.ts";
import { EXIT } from "../exit-code.ts";
import { countChanges, lineDiff } from "../line-diff.ts";
import type { OpenReader } from "../open-store.ts";
import { withReader } from "../store-access.ts";
import type { Terminal } from "../terminal.ts";
import { shellWord } from "../words.ts";
import type { ExportKind, NEED_KINDS } from "./export-kinds.ts";

/** Options of the command. */
export interface ExportOptions extends StoreFlags {
  readonly site?: string;
  /** The last export. */
  readonly file?: string;
  readonly write: boolean;
  /** Seconds after which services that take DOTM's results are stale. */
  readonly ttl: number;
}

type NeedKind = (typeof NEED_KINDS)[number];

const SERVICE_TEXTS = { "nagios-services": nagiosPassiveServices, "icinga2-services": icinga2PassiveServices } as const;

const TEXTS: Readonly<Record<NeedKind, (needs: SiteNeeds) => string>> = {
  "icinga2-dependencies": icinga2Dependencies,
  "nagios-dependencies": nagiosDependencies,
  businessprocess: businessProcess,
  parents: hostParents,
};

/** Prints the text, or what differs from the last export; writes only where that is asked for. */
export async function exportNeeds(
  kind: ExportKind,
  options: ExportOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const { file, write } = options;
  if (file === undefined && write) {
    throw new DotmError(
      "DOTM_USAGE",
      "--write needs --file, the file to write.",
      `Try: ${terminal.program} export ${kind} --file FILE`,
    );
  }
  const { text, needs } = await made(kind, options, terminal, open);
  if (file === undefined) {
    terminal.out.write(text);
  } else {
    await compare(kind, file, text, write, terminal);
  }
  if (needs !== undefined) {
    tellNotes(needs, terminal);
  }
  return EXIT.done;
}

interface Made {
  readonly text: string;
  readonly needs?: SiteNeeds;
}

async function made(kind: ExportKind, options: ExportOptions, terminal: Terminal, open: OpenReader): Promise<Made> {
  const site = options.site ?? null;
  if (kind === "nagios-services" || kind === "icinga2-services") {
    const hosts = await withReader(options, terminal, open, (reader) => askMonitoredHosts(reader, site));
    return { text: SERVICE_TEXTS[kind]({ hosts, ttl: options.ttl }) };
  }
  const needs = await withReader(options, terminal, open, (reader) => askSiteNeeds(reader, site));
  return { text: TEXTS[kind](needs), needs };
}

async function compare(
  kind: ExportKind,
  file: string,
  text: string,
  write: boolean,
  terminal: Terminal,
): Promise<void> {
  const before = await lastExport(file);
  const diff = lineDiff(file, before, text);
  terminal.out.write(diff);
  if (diff === "") {
    terminal.err.write(`${file} is up to date.\n`);
    return;
  }
  const { added, removed } = countChanges(diff);
  const changes = `${added} lines more, ${removed} less`;
  if (write) {
    await replace(file, text);
    terminal.err.write(`Written: ${file} (${changes}).\n`);
  } else {
    const again = `${terminal.program} export ${kind} --file ${shellWord(file)} --write`;
    terminal.err.write(`Nothing is written yet (${changes}). To take it: ${again}\n`);
  }
}

/** The last export; null where there is none. @throws DotmError where the file is somebody else's */
async function lastExport(file: string): Promise<string | null> {
  try {
    const text = await readFile(file, "utf8");
    if (text !== "" && !text.slice(0, 100).includes(MADE_BY)) {
      throw new DotmError(
        "DOTM_USAGE",
        `${file} was not made by dotm export.`,
        "Name another file; this one is left alone.",
      );
    }
    return text;
  } catch (error) {
    if (isMissing(error)) {
      return null;
    }
    throw error instanceof DotmError ? error : cannot("read", file, error);
  }
}

/** Puts the text into the file's place at once, with the rights it had. */
async function replace(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    const mode = await stat(file)
      .then((about) => about.mode & 0o777)
      .catch(() => 0o644);
    await writeFile(temporary, text, { mode, flag: "wx" });
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw cannot("write", file, error);
  }
}

function cannot(verb: string, file: string, error: unknown): DotmError {
  return new DotmError(
    "DOTM_FAILED",
    `Cannot ${verb} ${file}: ${messageOf(error)}`,
    `Look at the rights of ${dirname(file)}.`,
    {
      cause: error,
    },
  );
}

function tellNotes({ needs, notes, services }: SiteNeeds, { err }: Terminal): void {
  const cycles = notes.filter((note) => note.startsWith("to break a cycle")).length;
  const said = [
    `${needs.length} dependencies between ${services.size} services with checks`,
    ...(cycles === 0 ? [] : [`${cycles} left out to break cycles`]),
    ...(notes.length === cycles ? [] : [`${notes.length - cycles} left out for other reasons`]),
  ];
  err.write(`${said.join("; ")}${notes.length === 0 ? "" : " (named at the top of the file)"}.\n`);
}
