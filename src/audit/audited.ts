/** Settings and added hosts in the hands of somebody: each change is written down before it is made. */
import { maskUrl } from "../config/secret.ts";
import type { AddedHost, AddedHosts } from "../store/added-hosts.ts";
import { isSettingName, refuseValue, type SettingName, settingRule, shownValue } from "../store/setting-rules.ts";
import type { SettingEntry } from "../store/settings-from.ts";
import type { SettingsStore } from "../store/settings-store.ts";
import { type Actor, shortened, type Told, toldFields } from "./audit-entry.ts";
import type { AuditTrail } from "./audit-trail.ts";

/** What is done with settings. */
export type SettingsEditor = Pick<
  SettingsStore,
  "inspect" | "entries" | "set" | "add" | "remove" | "replace" | "reset"
>;

/** What is done with added hosts. */
export type HostsEditor = Pick<AddedHosts, "list" | "add" | "remove">;

/** The settings in the hands of an actor. */
export function auditedSettings(settings: SettingsEditor, trail: AuditTrail, by: Actor): SettingsEditor {
  const change = async <T>(setting: string, asked: Asked, act: () => Promise<T>): Promise<T> => {
    // Refuses what is no setting, as the change itself would.
    const before = (await settings.entries(setting)) ?? [];
    const told = isSettingName(setting) ? difference(setting, before, asked) : { old: null, new: null };
    return trail.around(by, { action: asked.action, object: `setting ${setting}`, ...told }, act);
  };
  return {
    inspect: () => settings.inspect(),
    entries: (setting) => settings.entries(setting),
    set: (setting, value, field = "") =>
      change(setting, { action: "set", entries: itemsOf(setting, value, field) }, () =>
        settings.set(setting, value, field),
      ),
    add: (setting, value, field = "") =>
      change(setting, { action: "add", entries: [{ field, value }] }, () => settings.add(setting, value, field)),
    replace: (setting, entries) =>
      change(setting, { action: "replace", entries }, () => settings.replace(setting, entries)),
    remove: (setting, entry) =>
      change(setting, { action: "remove", entries: [{ field: entry, value: entry }] }, () =>
        settings.remove(setting, entry),
      ),
    reset: (setting) => change(setting, { action: "reset", entries: [] }, () => settings.reset(setting)),
  };
}

/** A list is set by its items in one text. */
function itemsOf(setting: string, value: string, field: string): SettingEntry[] {
  const isList = isSettingName(setting) && settingRule(setting).shape !== "hash";
  return isList ? value.split(",").map((item) => ({ field: "", value: item.trim() })) : [{ field, value }];
}

interface Asked {
  readonly action: "set" | "add" | "remove" | "replace" | "reset";
  readonly entries: readonly SettingEntry[];
}

/** What differs after the change, of both sides; of a list only what comes and goes. */
function difference(name: SettingName, before: readonly SettingEntry[], { action, entries }: Asked) {
  const isHash = settingRule(name).shape === "hash";
  const keyOf = ({ field, value }: SettingEntry) => (isHash ? field : value);
  const named = new Set(entries.map(keyOf));
  const replaced = action === "replace" || action === "reset" || (action === "set" && !isHash);
  const gone = before.filter((entry) =>
    replaced ? !entries.some((other) => isEqual(entry, other)) : isHash && named.has(entry.field),
  );
  const removed = action === "remove" ? before.filter((entry) => named.has(keyOf(entry))) : gone;
  const came = action === "remove" ? [] : entries.filter((entry) => !before.some((other) => isEqual(entry, other)));
  return { old: toldEntries(name, removed), new: toldEntries(name, came) };
}

function isEqual(a: SettingEntry, b: SettingEntry): boolean {
  return a.field === b.field && a.value === b.value;
}

function toldEntries(name: SettingName, entries: readonly SettingEntry[]): Told {
  if (settingRule(name).shape === "hash") {
    return toldFields(new Map(entries.map((entry) => [entry.field, toldValue(name, entry)])));
  }
  return entries.length === 0 ? null : shortened(entries.map((entry) => toldValue(name, entry)).join(", "));
}

/** What the setting does not take is not repeated: it may be a secret under the wrong name. */
function toldValue(name: SettingName, { field, value }: SettingEntry): string {
  return refuseValue(name, value, field) === undefined ? maskUrl(shownValue(name, value, field)) : "(refused)";
}

/** The added hosts in the hands of an actor. */
export function auditedHosts(hosts: HostsEditor, trail: AuditTrail, by: Actor): HostsEditor {
  const change = async (action: "add" | "remove", host: string, after: Told, act: () => Promise<void>) => {
    const before = (await hosts.list()).find((each) => each.host === host);
    const old = before === undefined ? null : toldHost(before);
    await trail.around(by, { action, object: `host ${shortened(host)}`, old, new: after }, act);
  };
  return {
    list: () => hosts.list(),
    add: (host) => change("add", host.host, toldHost(host), () => hosts.add(host)),
    remove: (host) => change("remove", host, null, () => hosts.remove(host)),
  };
}

function toldHost({ type, address }: AddedHost): Told {
  return { type, ...(address === null ? {} : { address: shortened(address) }) };
}
