/** Routes of the settings people tune while DOTM runs: reading, replacing, adding, removing. */
import { z } from "zod";
import { nearest } from "../../../nearest.ts";
import { isSettingName, SETTING_NAMES, type SettingName } from "../../../store/setting-rules.ts";
import type { PageDeps } from "../../page-frame.ts";
import { readSettings, type ShownSetting } from "../../read-settings.ts";
import { documentWith } from "../answers.ts";
import { ApiProblem } from "../api-problem.ts";
import { type ApiRoute, type Asked, reading, writing } from "../api-route.ts";
import { documentOf, listOf } from "../schemas/common.ts";
import { oneEntry, settingAnswer, settingItem, wholeSetting } from "../schemas/settings.ts";
import { isMatched, settingTag } from "../setting-tag.ts";

const list = reading({
  path: "/api/v1/settings",
  summary: "All settings as they hold; secrets masked",
  tag: "settings",
  query: z.object({}),
  answer: documentOf("SettingList", { items: listOf(settingItem) }),
  ask: async ({ settings }) => documentWith("SettingList", { items: (await readSettings(settings)).map(toSetting) }),
});

const one = reading({
  path: "/api/v1/settings/{setting}",
  summary: "One setting",
  tag: "settings",
  query: z.object({}),
  answer: settingAnswer,
  example: "setting=aging",
  ask: (deps, { path }) => answer(deps, nameOf(path)),
});

const replace = writing({
  method: "put",
  path: "/api/v1/settings/{setting}",
  summary: "Replaces all of a setting; with If-Match only where it still holds what was read with that ETag",
  tag: "settings",
  query: z.object({}),
  body: wholeSetting,
  answer: settingAnswer,
  ask: async (deps, { path, body, ifMatch }) => {
    const { values } = body;
    await demandUnchanged(deps, nameOf(path), ifMatch);
    const entries = Array.isArray(values)
      ? values.map((value) => ({ field: "", value }))
      : Object.entries(values).map(([field, value]) => ({ field, value }));
    await deps.settings.replace(nameOf(path), entries);
    return answer(deps, nameOf(path));
  },
});

const add = writing({
  method: "post",
  path: "/api/v1/settings/{setting}",
  summary: "Adds an entry, or sets a field; adding what is there changes nothing",
  tag: "settings",
  query: z.object({}),
  body: oneEntry,
  answer: settingAnswer,
  ask: async (deps, { path, body }) => {
    await deps.settings.add(nameOf(path), body.value, body.field);
    return answer(deps, nameOf(path));
  },
});

const remove = writing({
  method: "delete",
  path: "/api/v1/settings/{setting}",
  summary: "Removes an entry, or a field",
  tag: "settings",
  query: z.object({ entry: z.string().max(1024).describe("The value of a list, the field of a hash") }),
  answer: settingAnswer,
  ask: async (deps, { path, query }) => {
    if (!(await deps.settings.remove(nameOf(path), String(query["entry"])))) {
      throw new ApiProblem(404, `${nameOf(path)} has no such entry.`);
    }
    return answer(deps, nameOf(path));
  },
});

/** All of them. */
export const settingRoutes: readonly ApiRoute[] = [list, one, replace, add, remove];

async function answer({ settings }: PageDeps, name: SettingName) {
  const [setting] = await readSettings(settings, [name]);
  if (setting === undefined) {
    throw new ApiProblem(404, `There is no setting ${name}.`);
  }
  return documentWith("SettingDocument", toSetting(setting));
}

/** Two who replace a setting at once must not undo each other unseen. */
async function demandUnchanged(deps: PageDeps, name: SettingName, ifMatch: string | undefined): Promise<void> {
  if (!isMatched(ifMatch, settingTag(await answer(deps, name)))) {
    throw new ApiProblem(412, `Somebody has changed ${name} since you read it; read it again, then change that.`);
  }
}

function toSetting({ name, title, description, shape, rows, problems }: ShownSetting): z.input<typeof settingItem> {
  return {
    ...{ name, title, description, shape },
    entries: rows.map(({ field, value, origin }) => ({ field, value, origin })),
    problems: problems.map(({ entry, reason }) => `${entry} ${reason}`.trim()),
  };
}

function nameOf(path: Asked<unknown>["path"]): SettingName {
  const name = path["setting"] ?? "";
  if (!isSettingName(name)) {
    throw new ApiProblem(404, `There is no setting “${name}”.`, { suggestions: nearest(name, SETTING_NAMES) });
  }
  return name;
}
