/** `dotm settings get|set|add|remove|reset`: what people tune while DOTM runs. */
import type { StoreFlags } from "../../config/store-hint.ts";
import { DotmError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { type SettingRow, settingRows } from "../../store/setting-rows.ts";
import {
  isSecretField,
  isSettingName,
  SETTING_NAMES,
  type SettingName,
  settingRule,
} from "../../store/setting-rules.ts";
import { EXIT } from "../exit-code.ts";
import { printListing } from "../listing.ts";
import type { OpenReader } from "../open-store.ts";
import { type ColorChoice, paintFor } from "../paint.ts";
import { withOpenStore } from "../store-access.ts";
import { harmless } from "../table.ts";
import type { Terminal } from "../terminal.ts";
import { cell, shellWord } from "../words.ts";

/** Options of the commands that change a setting. */
export type SettingsOptions = StoreFlags;

/** Options of `get`. */
export interface SettingsGetOptions extends StoreFlags {
  readonly output: "table" | "json";
  readonly headers: boolean;
  readonly color: ColorChoice;
}

/** A change: `words` are the value, with its field before it where the setting has fields. */
export interface SettingsChange {
  readonly verb: "set" | "add";
  readonly name: string;
  readonly words: readonly string[];
}

/** Prints the values in effect; what Redis holds beside them and cannot be used is told on stderr. */
export async function settingsGet(
  name: string | undefined,
  options: SettingsGetOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const names = name === undefined ? SETTING_NAMES : [knownName(name, "get", terminal)];
  const { settings, stored, problems } = await withOpenStore(options, terminal, open, (store) =>
    store.settings.inspect(),
  );
  const rows = names.flatMap((each) => settingRows(each, settings, stored.get(each)));
  for (const { key, entry, reason } of problems) {
    terminal.err.write(`warning: ${harmless(`${key}: ${entry} ${reason}`)}; it is ignored\n`);
  }
  const listing = {
    kind: "SettingList",
    items: rows,
    columns: [{ head: "SETTING" }, { head: "FIELD" }, { head: "VALUE" }, { head: "ORIGIN" }],
    rows: rows.map(({ setting, field, value, origin }: SettingRow) => [setting, cell(field), value, origin]),
    names: rows.map(({ setting }) => setting),
  };
  const { output: format, headers, color } = options;
  await printListing(listing, { format, headers, paint: paintFor(terminal, color) }, terminal);
  return EXIT.done;
}

/** Sets or adds a value. */
export async function settingsChange(
  change: SettingsChange,
  options: SettingsOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const { verb } = change;
  const name = knownName(change.name, verb, terminal);
  const { field, value: written } = fieldAndValue(name, change, terminal);
  const value = isSecretField(name, field) ? await secretValue(name, field, written, terminal) : written;
  const changed = await withOpenStore(options, terminal, open, async ({ settings }) => {
    if (verb === "add") {
      return settings.add(name, value, field);
    }
    await settings.set(name, value, field);
    return true;
  });
  return changed ? told(name, terminal) : toldSame(`That is in ${name} already`, terminal);
}

/** Has a setting's default hold again. */
export async function settingsReset(
  setting: string,
  options: SettingsOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const name = knownName(setting, "reset", terminal);
  const changed = await withOpenStore(options, terminal, open, ({ settings }) => settings.reset(name));
  return changed ? told(name, terminal) : toldSame(`Of ${name} the default holds already`, terminal);
}

/** Removes an entry. @throws DotmError DOTM_NOT_FOUND where it is not there */
export async function settingsRemove(
  setting: string,
  entry: string,
  options: SettingsOptions,
  terminal: Terminal,
  open: OpenReader,
): Promise<number> {
  const name = knownName(setting, "remove", terminal);
  const { removed, stored } = await withOpenStore(options, terminal, open, async ({ settings }) => ({
    removed: await settings.remove(name, entry),
    stored: (await settings.entries(name)) ?? [],
  }));
  if (!removed) {
    const isHash = settingRule(name).shape === "hash";
    const near = nearest(
      entry,
      stored.map(({ field, value }) => (isHash ? field : value)),
    );
    const meant = near.length === 0 ? "" : ` Did you mean ${near.join(" or ")}?`;
    const what = isHash ? "no such field is set" : "there is no such item";
    throw new DotmError("DOTM_NOT_FOUND", `${name}: ${what}: ${entry}.${meant}`, see(name, terminal));
  }
  return told(name, terminal);
}

function knownName(name: string, verb: string, { program }: Terminal): SettingName {
  if (isSettingName(name)) {
    return name;
  }
  const near = nearest(name, SETTING_NAMES)[0];
  const next =
    near === undefined ? `Settings are ${SETTING_NAMES.join(", ")}.` : `Try: ${program} settings ${verb} ${near}`;
  const meant = near === undefined ? "" : ` Did you mean ${near}?`;
  throw new DotmError("DOTM_USAGE", `"${name}" is not a setting.${meant}`, next);
}

function fieldAndValue(name: SettingName, { verb, words }: SettingsChange, terminal: Terminal) {
  const hasFields = settingRule(name).shape === "hash";
  const [first = "", second = ""] = words;
  if (words.length === (hasFields ? 2 : 1)) {
    return hasFields ? { field: first, value: second } : { field: "", value: first };
  }
  const usage = `Usage: ${terminal.program} settings ${verb} ${name} ${hasFields ? "FIELD " : ""}VALUE`;
  const text = hasFields
    ? `${name} has fields: it takes a field and a value, ${words.length} given.`
    : `${name} has no fields: it takes one value, ${words.length} given.`;
  throw new DotmError("DOTM_USAGE", text, `${usage}\n${see(name, terminal)}`);
}

/** A secret from standard input: on the command line every user of the machine could read it. */
async function secretValue(name: SettingName, field: string, written: string, terminal: Terminal): Promise<string> {
  if (written !== "-") {
    const next = `${terminal.program} settings set ${name} ${field} - < FILE`;
    throw new DotmError("DOTM_USAGE", `${name}: ${field} is a secret; give - and the secret on standard input.`, next);
  }
  return (await terminal.input()).toString().split(/\r?\n/, 1)[0] ?? "";
}

function see(name: SettingName, { program }: Terminal): string {
  return `See: ${program} settings get ${shellWord(name)}`;
}

function told(name: SettingName, { err }: Terminal): number {
  err.write(`${name} is changed; a running DOTM goes by it within 2 s.\n`);
  return EXIT.done;
}

function toldSame(why: string, { err }: Terminal): number {
  err.write(`${why}; nothing is changed.\n`);
  return EXIT.done;
}
