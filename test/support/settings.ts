/** Settings that are a value: the rules are the real ones, only the place is not Redis. */
import type { HostsEditor, SettingsEditor } from "../../src/audit/audited.ts";
import { DotmError } from "../../src/errors.ts";
import type { AddedHost } from "../../src/store/added-hosts.ts";
import { isSettingName, refuseValue, type SettingName, settingRule } from "../../src/store/setting-rules.ts";
import { defaultItems, type SettingEntry, settingsFrom } from "../../src/store/settings-from.ts";

/** An editor over a map of what is stored. */
export function settingsValue(stored: Map<SettingName, readonly SettingEntry[]> = new Map()): SettingsEditor {
  const name = (setting: string): SettingName => {
    if (!isSettingName(setting)) {
      throw new DotmError("DOTM_USAGE", `${setting} is not a setting.`);
    }
    return setting;
  };
  const present = (setting: SettingName) =>
    stored.get(setting) ?? defaultItems(setting).map((value) => ({ field: "", value }));
  const demand = (setting: SettingName, entries: readonly SettingEntry[]) => {
    for (const { field, value } of entries) {
      const reason = refuseValue(setting, value, field);
      if (reason !== undefined) {
        throw new DotmError("DOTM_USAGE", `${setting}: ${JSON.stringify(value)} ${reason}.`);
      }
    }
  };
  const add = async (setting: string, value: string, field = "") => {
    const known = name(setting);
    demand(known, [{ field, value }]);
    const isSame = (entry: SettingEntry) =>
      settingRule(known).shape === "hash" ? entry.field === field : entry.value === value;
    const isThere = present(known).some((entry) => isSame(entry) && entry.value === value);
    stored.set(known, [...present(known).filter((entry) => !isSame(entry)), { field, value }]);
    return !isThere;
  };
  return {
    inspect: async () => ({ ...settingsFrom(stored), stored }),
    entries: async (setting) => stored.get(name(setting)),
    add,
    set: async (setting, value, field) => {
      const known = name(setting);
      if (settingRule(known).shape === "hash") {
        await add(setting, value, field);
        return;
      }
      const items = value.split(",").map((item) => ({ field: "", value: item.trim() }));
      demand(known, items);
      stored.set(known, items);
    },
    reset: async (setting) => stored.delete(name(setting)),
    replace: async (setting, entries) => {
      demand(name(setting), entries);
      stored.set(name(setting), entries);
    },
    remove: async (setting, entry) => {
      const known = name(setting);
      const before = present(known);
      const isHash = settingRule(known).shape === "hash";
      const after = before.filter(({ field, value }) => (isHash ? field : value) !== entry);
      stored.set(known, after);
      return after.length < before.length;
    },
  };
}

/** Added hosts that are a value. */
export function hostsValue(added: Map<string, AddedHost> = new Map()): HostsEditor {
  return {
    list: async () => [...added.values()],
    add: async (host) => {
      added.set(host.host, host);
    },
    remove: async (host) => {
      if (!added.delete(host)) {
        throw new DotmError("DOTM_USAGE", `Nobody added ${host}.`);
      }
    },
  };
}
