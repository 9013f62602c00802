/** The commands that look back: `history list|show|diff`. */
import type { Command } from "commander";
import type { CommandDeps } from "./command-deps.ts";
import { outputOption, withStore, withTable } from "./command-options.ts";
import type { HistoryOptions, HistoryShowOptions } from "./commands/history.ts";
import { LIST_FORMATS } from "./listing.ts";

/** Adds them. Times such as `-2h` look like options, so what is no option of theirs is taken for an argument. */
export function addHistoryCommands(program: Command, deps: CommandDeps): void {
  const { terminal, open, exit } = deps;
  const history = program
    .command("history")
    .description("Look back: which snapshots there are, what was at a time, what changed between two");
  const list = history
    .command("list")
    .description("List the snapshots; between them every change is known, as far as memory allows")
    .addOption(outputOption(LIST_FORMATS, "table"));
  withTable(withStore(list)).action(async (options: HistoryOptions) => {
    const { historyList } = await import("./commands/history.ts");
    exit(await historyList(options, terminal, open));
  });
  const show = history
    .command("show")
    .description(
      "What was at a time: hosts, services and the problems of then. Others take --at TIME: impact, graph, get …",
    )
    .allowUnknownOption()
    .argument("<time>", "-2h, 03:00, yesterday 03:00, 2026-11-25T03:00Z, Unix seconds")
    .addOption(outputOption(["table", "json"], "table"));
  withTable(withStore(show)).action(async (time: string, options: HistoryShowOptions) => {
    const { historyShow } = await import("./commands/history.ts");
    exit(await historyShow(time, options, terminal, open));
  });
  const diff = history
    .command("diff")
    .description("What changed between two times: problems, states, hosts, services, dependencies")
    .allowUnknownOption()
    .argument("<from>", "the earlier time")
    .argument("[to]", "the later time; without it now")
    .addOption(outputOption(LIST_FORMATS, "table"));
  withTable(withStore(diff)).action(async (from: string, to: string | undefined, options: HistoryOptions) => {
    const { historyDiff } = await import("./commands/history.ts");
    exit(await historyDiff({ from, to }, options, terminal, open));
  });
}
