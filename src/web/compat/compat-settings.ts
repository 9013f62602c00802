/** The settings in the shape of the original's `/settings`, and its forms: `set`, `add`, `remove`, `setHash`, `delHash`. */

import type { SettingsEditor } from "../../audit/audited.ts";
import { escapeMarkup } from "../../render/xml.ts";
import { isSecretField, isSettingName, type SettingName } from "../../store/setting-rules.ts";
import type { SettingsReader } from "../app-deps.ts";
import { readSettings, type ShownSetting } from "../read-settings.ts";

/** The original's words for the shapes. */
const TYPES = { hash: "hash", list: "array", items: "single_value" } as const;

/** What forms show in place of a secret; sent back, it changes nothing. */
const MASK = "***";

/** `/settings`. */
export async function compatSettings(editor: SettingsReader) {
  const shown = await readSettings(editor);
  return Object.fromEntries(shown.map((setting, at) => [setting.name, compatSetting(setting, at + 1)]));
}

function compatSetting({ title, description, shape, columns, isOpen, rows }: ShownSetting, position: number) {
  const values = rows.map(({ field, value }) => [field ?? "", escapeMarkup(value)] as const);
  const items = values.map(([, value]) => value);
  const lists = { list: items, items: items.join(",") };
  return {
    ...{ title, description, type: TYPES[shape], fields: columns, position },
    ...(isOpen && shape !== "items" ? { add: true } : {}),
    values: shape === "hash" ? Object.fromEntries(values) : lists[shape],
  };
}

/** Does what a form asks; the reason where it is no such action. Values are checked by the store, which throws. */
export async function compatChange(
  editor: SettingsEditor,
  action: string,
  key: string,
  form: URLSearchParams,
): Promise<string | undefined> {
  if (!isSettingName(key)) {
    return "This is not a valid settings key or settings command";
  }
  const change = Object.hasOwn(CHANGES, action) ? CHANGES[action] : undefined;
  const done = change === undefined ? false : await change(editor, key, form);
  return done ? undefined : "This is not a valid command and settings type combination";
}

type Change = (editor: SettingsEditor, key: SettingName, form: URLSearchParams) => Promise<boolean>;

/** Each is false where the form lacks what it needs. */
const CHANGES: Readonly<Record<string, Change | undefined>> = {
  set: (editor, key, form) => with1(form, "value", (value) => editor.set(key, value)),
  add: (editor, key, form) => with1(form, "value", (value) => editor.add(key, value)),
  remove: (editor, key, form) => with1(form, "key", (entry) => editor.remove(key, entry)),
  delHash: (editor, key, form) => with1(form, "key", (field) => editor.remove(key, field)),
  setHash: async (editor, key, form) => {
    const fields = numberedFields(form).filter(({ field, value }) => !(isSecretField(key, field) && value === MASK));
    for (const { field, value } of fields) {
      await editor.set(key, value, field);
    }
    return form.has("key1");
  },
};

async function with1(form: URLSearchParams, name: string, act: (value: string) => Promise<unknown>): Promise<boolean> {
  const value = form.get(name);
  if (value === null || value === "") {
    return false;
  }
  await act(value);
  return true;
}

/** `key1`, `value1`, `key2`, `value2`, … */
function numberedFields(form: URLSearchParams) {
  const fields: { readonly field: string; readonly value: string }[] = [];
  for (let at = 1; form.get(`key${at}`) !== null && at <= 1000; at += 1) {
    fields.push({ field: form.get(`key${at}`) ?? "", value: form.get(`value${at}`) ?? "" });
  }
  return fields;
}
