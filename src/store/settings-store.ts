/** Reads and changes the settings people tune while DOTM runs. */
import { DotmError } from "../errors.ts";
import type { Logger } from "../logger.ts";
import type { Settings } from "../model/settings.ts";
import { appendTo, type Command, deleteKey, setText } from "./commands.ts";
import { keys } from "./keys.ts";
import { LONGEST_TEXT, shortKeys } from "./long-values.ts";
import type { RedisClient } from "./redis.ts";
import { orStoreError } from "./redis-errors.ts";
import { askAll, askOne, type OnRefused, runCommands } from "./run-commands.ts";
import {
  isSettingName,
  MOST_ENTRIES,
  refuseValue,
  SETTING_NAMES,
  type SettingName,
  type SettingShape,
  settingRule,
  shownValue,
} from "./setting-rules.ts";
import {
  defaultItems,
  type SettingEntries,
  type SettingEntry,
  type SettingProblem,
  settingsFrom,
} from "./settings-from.ts";
import { type StoreOptions, storeAddress } from "./store-place.ts";
import { untilKept } from "./until-kept.ts";
import { hashCommands, hashFrom } from "./whole-hashes.ts";

/** All settings as they hold, and what they come from. */
export interface InspectedSettings {
  readonly settings: Settings;
  readonly stored: SettingEntries;
  readonly problems: readonly SettingProblem[];
}

/**
 * The settings in Redis. Changes are checked before they are written and told to followers of `dotm::observations`.
 * All methods reject with DOTM_STORE_UNREACHABLE where Redis is away; changing ones with DOTM_USAGE where the setting or
 * the value is not one.
 */
export class SettingsStore {
  private readonly client: RedisClient;
  private readonly options: StoreOptions;
  private readonly address: string;
  private readonly logger: Logger;
  private readonly reported = new Set<string>();

  constructor(client: RedisClient, options: StoreOptions, logger: Logger) {
    this.client = client;
    this.options = options;
    this.address = storeAddress(options);
    this.logger = logger;
  }

  /** All settings; what cannot be used is logged once with its key and ignored. */
  async read(): Promise<Settings> {
    const { settings, problems } = await this.inspect();
    for (const { key, entry, reason } of problems) {
      const complaint = `${key} ${entry} ${reason}`;
      if (!this.reported.has(complaint)) {
        this.reported.add(complaint);
        this.logger.warn({ key, entry, reason }, "A setting's value cannot be used and is ignored");
      }
    }
    return settings;
  }

  /** All settings, what Redis holds of each, unchecked, and what of it cannot be used. */
  async inspect(): Promise<InspectedSettings> {
    const stored = new Map<SettingName, readonly SettingEntry[]>();
    const foreign: SettingProblem[] = [];
    const onRefused = ({ key }: Command, reason: string): void => {
      foreign.push({ key, entry: "", reason });
    };
    const readable = [...(await orStoreError(this.readable(SETTING_NAMES, onRefused), this.address))];
    const questions = readable.map(([, command]) => command);
    const answers = await orStoreError(askAll(this.client, questions, onRefused), this.address);
    for (const [at, [name]] of readable.entries()) {
      const entries = entriesOf(name, answers[at], onRefused);
      if (entries !== undefined) {
        stored.set(name, entries);
      }
    }
    const { settings, problems } = settingsFrom(stored);
    return { settings, stored, problems: [...foreign, ...problems] };
  }

  /** What Redis holds of one setting, unchecked; undefined where it was never set and the default holds. */
  async entries(setting: string): Promise<readonly SettingEntry[] | undefined> {
    const name = settingName(setting);
    const read = async () => {
      const command = (await this.readable([name], refuseForeign)).get(name);
      return command && (await askOne(this.client, command, refuseForeign));
    };
    return entriesOf(name, await orStoreError(read(), this.address), refuseForeign);
  }

  /** How those are read that are no longer than DOTM writes them; of lists the beginning is read, whatever follows. */
  private async readable(names: readonly SettingName[], onRefused: OnRefused): Promise<Map<SettingName, Command>> {
    const of = (shape: SettingShape) => names.filter((name) => settingRule(name).shape === shape).map(keys.setting);
    const hashes = await hashCommands(this.client, of("hash"), MOST_READ, onRefused);
    const items = await shortKeys(this.client, of("items"), { type: "string", most: LONGEST_TEXT }, onRefused);
    const commandOf = (
      name: SettingName,
      key = keys.setting(name),
    ): Readonly<Record<SettingShape, Command | undefined>> => ({
      hash: hashes.get(key),
      list: { key, words: ["lrange", key, 0, MOST_ENTRIES - 1] },
      items: items.has(key) ? { key, words: ["get", key] } : undefined,
    });
    return new Map(
      names.flatMap((name) => {
        const command = commandOf(name)[settingRule(name).shape];
        return command === undefined ? [] : [[name, command]];
      }),
    );
  }

  /** Sets a field of a setting that is a hash, or all items (separated by commas) of one that is not. */
  async set(setting: string, value: string, field = ""): Promise<void> {
    const name = settingName(setting);
    const key = keys.setting(name);
    const { shape } = settingRule(name);
    if (shape === "hash") {
      this.demandValues(name, [{ field, value }], (await this.entries(name)) ?? []);
      await this.change(name, { key, words: ["hset", key, field, value] });
      return;
    }
    const items = splitItems(value).map((item) => ({ field: "", value: item }));
    this.demandValues(name, items, []);
    if (shape === "items") {
      await this.change(name, setText(key, items.map((item) => item.value).join(",")));
      return;
    }
    const push: Command[] = items.map((item) => ({ key, words: ["rpush", key, item.value] }));
    await this.change(name, deleteKey(key, "list"), ...push);
  }

  /** Replaces everything a setting holds; with nothing the default holds again, but for items, of which there are none then. */
  async replace(setting: string, entries: readonly SettingEntry[]): Promise<void> {
    const name = settingName(setting);
    const key = keys.setting(name);
    const { shape } = settingRule(name);
    this.demandValues(name, entries, []);
    if (shape === "items") {
      await this.change(name, setText(key, entries.map(({ value }) => value).join(",")));
      return;
    }
    const write = entries.map(({ field, value }): Command => {
      return { key, words: shape === "hash" ? ["hset", key, field, value] : ["rpush", key, value] };
    });
    await this.change(name, deleteKey(key, shape), ...write);
  }

  /** Adds an entry: an item of a list, or a field of a hash. False where it is there already: nothing is changed then. */
  async add(setting: string, value: string, field = ""): Promise<boolean> {
    const name = settingName(setting);
    const key = keys.setting(name);
    const present = await this.present(name);
    const { shape } = settingRule(name);
    if (present.some((entry) => entry.value === value && (shape !== "hash" || entry.field === field))) {
      return false;
    }
    if (shape === "hash") {
      await this.set(name, value, field);
      return true;
    }
    this.demandValues(name, [{ field, value }], present);
    const joined = [...present.map((entry) => entry.value), value].join(",");
    const list: Command = { key, words: ["rpush", key, value] };
    await this.change(name, shape === "list" ? list : setText(key, joined));
    return true;
  }

  /** Takes away all that is stored of a setting, so that its default holds again; false where that holds already. */
  async reset(setting: string): Promise<boolean> {
    const name = settingName(setting);
    if ((await this.entries(name)) === undefined) {
      return false;
    }
    const { shape } = settingRule(name);
    await this.change(name, deleteKey(keys.setting(name), shape === "items" ? "string" : shape));
    return true;
  }

  /** Removes an item of a list, or a field of a hash; false where it is not there. */
  async remove(setting: string, entry: string): Promise<boolean> {
    const name = settingName(setting);
    const key = keys.setting(name);
    const present = await this.present(name);
    const { shape } = settingRule(name);
    if (!present.some(({ field, value }) => (shape === "hash" ? field : value) === entry)) {
      return false;
    }
    const remaining = present.flatMap(({ value }) => (value === entry ? [] : [value])).join(",");
    const commands: Readonly<Record<SettingShape, Command>> = {
      hash: { key, words: ["hdel", key, entry] },
      list: { key, words: ["lrem", key, 0, entry] },
      items: setText(key, remaining),
    };
    await this.change(name, commands[shape]);
    return true;
  }

  /** What a change starts from: the stored entries, or the default items, which would be lost otherwise. */
  private async present(name: SettingName): Promise<readonly SettingEntry[]> {
    return (await this.entries(name)) ?? defaultItems(name).map((value) => ({ field: "", value }));
  }

  private async change(name: SettingName, ...commands: readonly Command[]): Promise<void> {
    const tell = appendTo(keys.observations, ["kind", "settings", "setting", name]);
    const write = async () => {
      await runCommands(this.client, [...commands, tell], refuseForeign);
      await untilKept(this.client, this.options);
    };
    await orStoreError(write(), this.address);
  }

  /** `beside`: the entries that stay. */
  private demandValues(name: SettingName, entries: readonly SettingEntry[], beside: readonly SettingEntry[]): void {
    for (const { field, value } of entries) {
      const reason = refuseValue(name, value, field);
      if (reason !== undefined) {
        const shown = cut(shownValue(name, value, field));
        const what = settingRule(name).shape === "hash" ? `${cut(field)}: ${shown}` : shown;
        throw new DotmError(
          "DOTM_USAGE",
          `${name}: ${JSON.stringify(what)} ${reason}.`,
          `See: dotm settings get ${name}`,
        );
      }
    }
    const known = new Set(beside.map(({ field }) => field));
    const added = settingRule(name).shape === "hash" ? entries.filter(({ field }) => !known.has(field)) : entries;
    if (beside.length + added.length > MOST_ENTRIES) {
      throw new DotmError("DOTM_USAGE", `${name} would have more than ${MOST_ENTRIES} entries.`);
    }
  }
}

/** Fields of a setting that somebody filled by hand; of more nothing is read. */
const MOST_READ = 10 * MOST_ENTRIES;

/** Characters of a refused value that are repeated: enough to know it by. */
const LONGEST_REPEATED = 80;

function cut(text: string): string {
  return text.length > LONGEST_REPEATED ? `${text.slice(0, LONGEST_REPEATED)}…` : text;
}

function settingName(setting: string): SettingName {
  if (!isSettingName(setting)) {
    const next = `Settings are ${SETTING_NAMES.join(", ")}.`;
    throw new DotmError("DOTM_USAGE", `${JSON.stringify(setting)} is not a setting.`, next);
  }
  return setting;
}

/** Entries of an answer; undefined where the key is not there, so that the default holds. */
function entriesOf(name: SettingName, answer: unknown, onRefused: OnRefused): readonly SettingEntry[] | undefined {
  const { shape } = settingRule(name);
  if (answer === null || answer === undefined) {
    return undefined;
  }
  if (shape === "items") {
    return splitItems(String(answer)).map((value) => ({ field: "", value }));
  }
  const entries =
    shape === "list"
      ? (answer as string[]).map((value) => ({ field: "", value }))
      : Object.entries(hashFrom(answer, keys.setting(name), onRefused)).map(([field, value]) => ({ field, value }));
  return entries.length === 0 ? undefined : entries.slice(0, MOST_ENTRIES);
}

function splitItems(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function refuseForeign({ key }: Command, reason: string): never {
  throw new DotmError(
    "DOTM_STORE_FAILED",
    `${key} in Redis is not a setting of DOTM (${reason}).`,
    `redis-cli type ${key}`,
  );
}
