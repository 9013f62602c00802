/** `/settings`: all eleven settings with their forms; works without script. */
import type { Request, Response } from "express";
import type { SettingsEditor } from "../audit/audited.ts";
import { DotmError } from "../errors.ts";
import { isSecretField, isSettingName, refuseValue, type SettingName } from "../store/setting-rules.ts";
import { type Flash, type FormPage, flashOf, formPage } from "./form-page.ts";
import { askingOf, frameOf, type PageDeps } from "./page-frame.ts";
import { readSettings, type ShownSetting } from "./read-settings.ts";
import { viewQuery } from "./view-parameters.ts";

/** Settings that say where DOTM reads from. */
const ADMIN_ONLY: ReadonlySet<string> = new Set(["nagios_instance", "fetch_parameters"]);

/** What a form shows in place of a secret; sent back, it changes nothing. */
const MASK = "***";

/** `/settings`. */
export const SETTINGS_PAGE: FormPage = {
  needed: (form) => (ADMIN_ONLY.has(form.get("setting") ?? "") ? "admin" : "editor"),
  act: async ({ settings }, form) => {
    const name = settingOf(form);
    await change(settings, name, form);
    return `settings?done=${name}#${name}`;
  },
  show,
};

async function show(deps: PageDeps, request: Request, response: Response, failed: Flash | undefined): Promise<void> {
  const may = await formPage(request, response, deps);
  const asking = askingOf(request, deps);
  const done = flashOf(asking.query, (name) =>
    isSettingName(name) ? `${name} is changed; a running DOTM goes by it within 2 s.` : undefined,
  );
  const settings = await readSettings(deps.settings);
  response.send(
    deps.render("settings", {
      frame: frameOf(deps, asking, { title: "Settings", page: "settings", still: true }),
      search: "",
      flash: failed ?? done,
      may,
      suffix: viewQuery(asking.view),
      settings: settings.map((setting) => formsOf(setting, may.write)),
    }),
  );
}

function formsOf(setting: ShownSetting, write: boolean) {
  const { name, title, description, columns, isOpen, rows, problems } = setting;
  return {
    ...{ name, title, description, columns, isOpen, write },
    hasFields: columns.length > 1,
    adminOnly: ADMIN_ONLY.has(name),
    rows: rows.map(({ field, value, origin }) => ({
      ...{ name, field, value, isOpen, write },
      entry: field ?? value,
      id: `${name}-${field ?? value}`,
      secret: field !== null && isSecretField(name, field),
      isDefault: origin === "default",
    })),
    problems: problems.map(({ entry, reason }) => `${entry} ${reason}`.trim()),
    empty: rows.length === 0,
  };
}

function settingOf(form: URLSearchParams): SettingName {
  const name = form.get("setting") ?? "";
  if (!isSettingName(name)) {
    throw new DotmError("DOTM_USAGE", `There is no setting ${name.slice(0, 100)}.`);
  }
  return name;
}

async function change(settings: SettingsEditor, name: SettingName, form: URLSearchParams): Promise<void> {
  const field = form.get("field") ?? "";
  if (form.get("action") === "remove") {
    await settings.remove(name, form.get("entry") ?? "");
  } else if (form.get("action") === "set") {
    await setFields(settings, name, form);
  } else {
    await settings.add(name, (form.get("value") ?? "").trim(), field.trim());
  }
}

/**
 * All fields of a setting whose fields are fixed come with one form: `field.interval=60`. Only what changed is written, and
 * nothing where one of them is refused.
 */
async function setFields(settings: SettingsEditor, name: SettingName, form: URLSearchParams): Promise<void> {
  const [shown] = await readSettings(settings, [name]);
  const before = new Map(shown?.rows.map(({ field, value }) => [field ?? "", value]));
  const changed = [...form].flatMap(([key, value]) => {
    const field = key.startsWith("field.") ? key.slice("field.".length) : undefined;
    const isKept = field === undefined || before.get(field) === value || (isSecretField(name, field) && isBlank(value));
    return isKept ? [] : [{ field, value: value.trim() }];
  });
  const refused = changed.find(({ field, value }) => refuseValue(name, value, field) !== undefined);
  for (const { field, value } of refused === undefined ? changed : [refused]) {
    await settings.set(name, value, field);
  }
}

function isBlank(value: string): boolean {
  return value === "" || value === MASK;
}
