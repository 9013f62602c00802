/** All settings as they hold, with what is wrong in the store. */

import { type SettingRow, settingRows } from "../store/setting-rows.ts";
import { type SettingName, settingRule } from "../store/setting-rules.ts";
import type { SettingProblem } from "../store/settings-from.ts";
import type { SettingsReader } from "./app-deps.ts";
import { SETTING_ORDER, type SettingText, settingText } from "./setting-texts.ts";

/** One setting. */
export interface ShownSetting extends SettingText {
  readonly name: SettingName;
  readonly shape: "hash" | "list" | "items";
  readonly rows: readonly SettingRow[];
  readonly problems: readonly SettingProblem[];
}

/** The settings named, or all, in the order pages show them. */
export async function readSettings(
  editor: SettingsReader,
  names: readonly SettingName[] = SETTING_ORDER,
): Promise<ShownSetting[]> {
  const { settings, stored, problems } = await editor.inspect();
  return names.map((name) => ({
    name,
    ...settingText(name),
    shape: settingRule(name).shape,
    rows: settingRows(name, settings, stored.get(name)),
    problems: problems.filter(({ key }) => key.endsWith(`::${name}`)),
  }));
}
