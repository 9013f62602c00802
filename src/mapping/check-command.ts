/** A check command understood: which plugin really runs, where it goes, and what it was told. */

import type { CommandArguments } from "./argument-words.ts";
import { NO_ARGUMENTS, readArguments } from "./command-arguments.ts";
import { type CommandWord, commandWords, shellWords } from "./command-words.ts";
import { LAUNCHERS, PORT_PLUGINS, PROCESS_WORDS, REMOTE_RUNNERS, WINDOWS_AGENTS } from "./knowledge/plugins.ts";
import { compact, tokens } from "./tokens.ts";

const DEEPEST = 5;

/** What a check command says. */
export interface ParsedCommand {
  /** Name of the plugin that does the work, in dictionary spelling without check_: `http`, `mysqlhealth`. */
  readonly plugin: string;
  /** The same as words, without those that only tell how it is carried out (check, nrpe, snmp, mk). */
  readonly words: readonly string[];
  /** Whether it runs on the host itself (NRPE, ssh): a bare address then is another host's. */
  readonly remote: boolean;
  /** Whether a runner was called without a plugin: then the check is about the agent itself. */
  readonly runner: string | null;
  /** Whether it asks for processes, units or containers by name. */
  readonly asksProcess: boolean;
  /** Whether it only opens a port. */
  readonly asksPort: boolean;
  /** Whether it has no arguments that could be seen. */
  readonly bare: boolean;
  readonly arguments: CommandArguments;
}

/** Understands a check command; never throws, whatever it is given. */
export function readCommand(command: string): ParsedCommand {
  return understand(commandWords(command), null, 0);
}

function understand(given: readonly CommandWord[], runner: string | null, depth: number): ParsedCommand {
  const words = withoutLaunchers(given, depth);
  const name = words[0]?.text ?? "";
  const all = pluginWords(name);
  const plugin = all.join("");
  const rest = words.slice(1);
  if (depth < DEEPEST && runs(plugin, rest)) {
    const inner = innerCommand(rest);
    return inner.length > 0
      ? understand(inner, plugin, depth + 1)
      : { ...command(plugin, all, [], runner), runner: plugin.includes("ssh") ? "ssh" : plugin, bare: true };
  }
  if (WINDOWS_AGENTS.has(plugin)) {
    return windowsCommand(plugin, rest);
  }
  const named = command(plugin, all, rest, runner);
  return RUNNER_PREFIX.test(name) ? { ...named, remote: true } : named;
}

function command(
  plugin: string,
  all: readonly string[],
  rest: readonly CommandWord[],
  runner: string | null,
): ParsedCommand {
  const asksProcess = all.some((word) => PROCESS_WORDS.has(word)) || PROCESS_WORDS.has(plugin);
  const asksPort = PORT_PLUGINS.has(plugin.replace(/\d+$/, "")) || PORT_PLUGINS.has(plugin);
  const read = readArguments(
    rest.map(({ text }) => text),
    { plugin, asksProcess },
  );
  const digits = Number(/\d{2,5}$/.exec(plugin)?.[0] ?? 0);
  const port = asksPort && digits > 9 ? [digits] : [];
  const number = !asksPort && digits > 9 ? [digits] : [];
  return {
    plugin,
    words: all.filter((word) => !HOW_WORDS.has(word)),
    remote: runner !== null,
    runner: null,
    asksProcess,
    asksPort,
    bare: rest.length === 0,
    arguments: { ...read, ports: [...read.ports, ...port], numbers: [...read.numbers, ...number] },
  };
}

/** Words of plugin names that tell how a check is carried out, not what it checks. */
const HOW_WORDS: ReadonlySet<string> = new Set(
  "check chk checks test nagios icingacli plugin plugins mk cmk active nrpe nscp thola nwc wmi by via snmp snmpv1 snmpv2 snmpv3 remote local my custom generic linux unix windows win the v1 v2 v3 new old health status state stats".split(
    " ",
  ),
);

const PREFIX = /^(?:(?:by_|via_)?(?:nrpe|ssh)[-_](?=check[-_]))?(?:check|chk|test|plugin|nagios)[-_. ]?(?=.)/i;
/** A command named after its runner, nrpe_check_load or check_nrpe_load: it runs on the host, its arguments are hidden. */
const RUNNER_PREFIX = /^(?:(?:by_|via_)?(?:nrpe|ssh)[-_]check|(?:check|chk)[-_](?:by[-_]|via[-_])?nrpe)[-_]/i;
const EXTENSION = /\.(?:pl|py|sh|rb|php|exe|bin|bash|js|ps1|bat|vbs|jar|cmd|py3)$/i;

function pluginWords(program: string): readonly string[] {
  const path = PREFIX.test(program) ? program : (program.split(/[\\/]/).at(-1) ?? "");
  const name = path.replace(EXTENSION, "").replace(/^\W+/, "");
  const bare = name.toLowerCase().startsWith("check_mk-") ? name.slice("check_mk-".length) : name;
  return tokens(bare.replace(PREFIX, ""));
}

/** Sites name their runners as they like (check_nrpe_k8s): one that is told a plugin runs it. */
function runs(plugin: string, rest: readonly CommandWord[]): boolean {
  const custom = /^(?:by|via)?(?:nrpe|ssh)/.test(plugin) && rest.some(({ text }) => /^(?:check|chk)[-_]/.test(text));
  return custom || REMOTE_RUNNERS.has(plugin);
}

/** The command a remote runner is told: the word after -c or -C, else the first that looks like one, with what follows. */
function innerCommand(rest: readonly CommandWord[]): readonly CommandWord[] {
  const start = commandStart(rest);
  const option = rest.findIndex(({ text }) => COMMAND_OPTIONS.has(text));
  if (option >= 0 && option + 1 < rest.length && (start < 0 || option < start)) {
    return [...split(rest.slice(option + 1, option + 2)), ...argumentsAfter(rest.slice(option + 2))];
  }
  const joined = rest.findIndex(({ text }) => JOINED_COMMAND.test(text));
  if (joined >= 0) {
    const [first, ...others] = rest.slice(joined);
    const text = (first?.text ?? "").replace(JOINED_COMMAND, "");
    return [...split([{ text, argument: first?.argument ?? 0 }]), ...argumentsAfter(others)];
  }
  return start < 0 ? [] : [...split(rest.slice(start, start + 1)), ...argumentsAfter(rest.slice(start + 1))];
}

const COMMAND_OPTIONS: ReadonlySet<string> = new Set(["-c", "-C", "--command", "-q", "--query"]);
const JOINED_COMMAND = /^(?:--command=|--query=|nrpe_command=|by_ssh_command=|-c(?=check_))/;
const RUNNER_OPTIONS: ReadonlySet<string> = new Set(
  "-H -p -t -l -i -o -u -P -E -b -f -k -A -K -L --host --port --timeout".split(" "),
);
const PLUGIN_LIKE = /(?:^|\/)(?:check|chk|test|nagios)[-_]|^\/|^sudo$/;

function commandStart(rest: readonly CommandWord[]): number {
  const like = rest.findIndex(
    ({ text }, at) => PLUGIN_LIKE.test(text) && !RUNNER_OPTIONS.has(rest[at - 1]?.text ?? ""),
  );
  if (like >= 0) {
    return like;
  }
  return rest.findIndex(
    ({ text }, at) =>
      /^[a-z][\w.-]*$/i.test(text) && !text.includes(".") && !RUNNER_OPTIONS.has(rest[at - 1]?.text ?? ""),
  );
}

/** NRPE gives arguments behind -a; what stands in quotes there is cut into words once more. */
function argumentsAfter(rest: readonly CommandWord[]): readonly CommandWord[] {
  const [first, ...others] = rest;
  return first?.text === "-a" || first?.text === "--args" ? split(others) : rest;
}

function split(words: readonly CommandWord[]): readonly CommandWord[] {
  return words.flatMap(({ text, argument }) => shellWords(text).map((part) => ({ text: part, argument })));
}

/** Drops what only starts the plugin: sudo -u nagios, timeout 10, /bin/sh -c, perl. */
function withoutLaunchers(words: readonly CommandWord[], depth: number): readonly CommandWord[] {
  const [first, ...others] = words;
  const next = others[0];
  if (first === undefined || next === undefined || next.argument !== first.argument || depth >= DEEPEST) {
    return words;
  }
  const program = (first.text.split("/").at(-1) ?? "").toLowerCase().replace(/\.exe$/, "");
  if (!LAUNCHERS.has(program.replace(/[\d.]+$/, "")) && !/^\w+=\S*$/.test(first.text)) {
    return words;
  }
  if (next.text === "-c" && others[1] !== undefined) {
    return withoutLaunchers(split(others.slice(1, 2)).concat(others.slice(2)), depth + 1);
  }
  const start = others.findIndex(
    ({ text }, at) => !/^(?:-|\d+[smh]?$)/.test(text) && !/^-[ugnk]$/.test(others[at - 1]?.text ?? ""),
  );
  return start < 0 ? words : withoutLaunchers(others.slice(start), depth + 1);
}

const WINDOWS_PROCESS_MODES =
  /^(?:servicestate|procstate|service|services|process|processes|proc|checkservice|checkprocess|checkservicestate|checkproc|checkprocstate)$/;

/** check_nt, check_wmi_plus: the mode is the plugin. Only service and process states name something. */
function windowsCommand(agent: string, rest: readonly CommandWord[]): ParsedCommand {
  const at = rest.findIndex(({ text }) => /^(?:-v|-m|-M|--mode|--metric|--variable)$/.test(text));
  const index = at >= 0 ? at + 1 : rest.findIndex(({ text }) => /^[a-z]\w+$/i.test(text));
  const mode = compact(rest[index]?.text.split("/")[0] ?? "");
  const others = rest.filter((_, position) => position !== index && position !== at);
  if (mode === "" || mode === "clientversion") {
    return { ...command(agent, [], [], null), runner: "nsclient", bare: true };
  }
  const inner = command(mode, [mode], others, agent);
  return WINDOWS_PROCESS_MODES.test(mode) ? { ...inner, asksProcess: true, arguments: namesOf(others) } : inner;
}

function namesOf(rest: readonly CommandWord[]): CommandArguments {
  return readArguments(
    rest.map(({ text }) => text),
    { plugin: "servicestate", asksProcess: true },
  );
}

/** The command of a check whose command is unknown. */
export const NO_COMMAND: ParsedCommand = {
  plugin: "",
  words: [],
  remote: false,
  runner: null,
  asksProcess: false,
  asksPort: false,
  bare: true,
  arguments: NO_ARGUMENTS,
};
