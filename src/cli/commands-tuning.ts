/** The commands that tune what DOTM makes of things: `settings get|set|add|remove|reset`, `map test|suggest|accept`. */
import type { Command } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import { outputOption, withStore, withTable } from "./command-options.ts";
import type { MapAcceptOptions } from "./commands/map-accept.ts";
import type { MapSuggestOptions } from "./commands/map-suggest.ts";
import type { MapTestOptions } from "./commands/map-test.ts";
import type { SettingsGetOptions, SettingsOptions } from "./commands/settings.ts";
import { LIST_FORMATS } from "./listing.ts";

/** Adds them. */
export function addTuningCommands(program: Command, deps: CommandDeps): void {
  const settings = program.command("settings").description("Read and change what a running DOTM goes by");
  addGet(settings, deps);
  addChanges(settings, deps);
  const map = program.command("map").description("Explain which services checks are mapped to, and teach it more");
  addMapTest(map, deps);
  addMapSuggest(map, deps);
  addMapAccept(map, deps);
}

function addGet(settings: Command, { terminal, open, exit }: CommandDeps): void {
  const command = settings
    .command("get")
    .description("Print all settings, or one, with where each value comes from")
    .argument("[name]", "the setting")
    .addOption(outputOption(["table", "json"], "table"));
  withTable(withStore(command)).action(async (name: string | undefined, options: SettingsGetOptions) => {
    const { settingsGet } = await import("./commands/settings.ts");
    exit(await settingsGet(name, options, terminal, open));
  });
}

const CHANGES = [
  { verb: "set", description: "Set a field, or all items (separated by commas) of a setting without fields" },
  { verb: "add", description: "Add an item, or a field with its value" },
] as const;

function addChanges(settings: Command, { terminal, open, exit }: CommandDeps): void {
  for (const { verb, description } of CHANGES) {
    const command = settings
      .command(verb)
      .description(description)
      .usage("[options] <name> [field] <value>")
      .argument("<name>", "the setting")
      .argument("<words...>", "the value, with its field before it where the setting has fields");
    withStore(command).action(async (name: string, words: string[], options: SettingsOptions) => {
      const { settingsChange } = await import("./commands/settings.ts");
      exit(await settingsChange({ verb, name, words }, options, terminal, open));
    });
  }
  const remove = settings
    .command("remove")
    .description("Remove an item or a field; where a field has a default, that holds again")
    .argument("<name>", "the setting")
    .argument("<entry>", "the item or the field");
  withStore(remove).action(async (name: string, entry: string, options: SettingsOptions) => {
    const { settingsRemove } = await import("./commands/settings.ts");
    exit(await settingsRemove(name, entry, options, terminal, open));
  });
  const reset = settings
    .command("reset")
    .description("Have the default of a setting hold again, whatever is stored of it")
    .argument("<name>", "the setting");
  withStore(reset).action(async (name: string, options: SettingsOptions) => {
    const { settingsReset } = await import("./commands/settings.ts");
    exit(await settingsReset(name, options, terminal, open));
  });
}

function addMapTest(map: Command, { terminal, open, exit }: CommandDeps): void {
  const command = map
    .command("test")
    .description("Say which services a check speaks of, how sure that is and why; without HOST, which rules match it")
    .argument("<check>", "name of the service check; it need not exist")
    .argument("[host]", "host as the monitoring names it")
    .option("--command <command>", "its check_command as the monitoring has it, such as 'check_tcp!3306'")
    .addOption(outputOption(["table", "json"], "table"));
  withTable(withStore(command)).action(async (check: string, host: string | undefined, options: MapTestOptions) => {
    const { mapTest } = await import("./commands/map-test.ts");
    exit(await mapTest({ check, host }, options, terminal, open));
  });
}

function addMapSuggest(map: Command, { terminal, open, exit }: CommandDeps): void {
  const command = map
    .command("suggest")
    .description(
      "Propose rules for checks of which nothing is known, with what speaks for each and how many it would map",
    )
    .addOption(outputOption(LIST_FORMATS, "table"));
  withTable(withStore(command)).action(async (options: MapSuggestOptions) => {
    const { mapSuggest } = await import("./commands/map-suggest.ts");
    exit(await mapSuggest(options, terminal, open));
  });
}

function addMapAccept(map: Command, { terminal, open, exit }: CommandDeps): void {
  const command = map
    .command("accept")
    .description("Take proposals into your rules (the setting service_mapping)")
    .argument("[proposals...]", "their numbers or check expressions, as map suggest prints them")
    .option("--all", "take all")
    .option("--dry-run", "only say what would be added");
  withStore(command).action(async (proposals: string[], options: MapAcceptOptions) => {
    const { mapAccept } = await import("./commands/map-accept.ts");
    exit(await mapAccept(proposals, options, terminal, open));
  });
}
