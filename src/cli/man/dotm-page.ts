/** dotm(1), made from the tree of commands: what `--help` says, on paper. */
import type { Argument, Command, Option } from "commander";
import { bold, roffText, section, term, titleLine, verbatim } from "./roff.ts";

/** The page. */
export function dotmPage(program: Command, version: string): string {
  const all = leaves(program, []);
  return [
    titleLine("dotm", 1, version),
    section("Name", "dotm \\- what else is hit by a problem of the monitoring, and what broke first\n"),
    section("Synopsis", all.map((each) => `${synopsis(each)}\n`).join(".br\n")),
    section("Description", DESCRIPTION),
    section("Commands", all.map(commandText).join("")),
    section("Output", OUTPUT),
    section("Exit status", EXITS),
    section("Environment", ENVIRONMENT),
    section("Files", FILES),
    section("Examples", verbatim(EXAMPLES)),
    section("See also", `${bold("dotm.yaml")}(5), ${bold("check_dotm")}(8)\n`),
  ].join("");
}

const DESCRIPTION = `Monitoring knows checks; it does not know who depends on whom. DOTM learns that from agents that see who listens and
who is connected, and tells for every problem of Nagios or Icinga what it takes with it and which problem is the root.
.PP
The daemon (${bold("dotm serve")}) writes the picture into Redis; every other command reads it there.
`;

const OUTPUT = `Data goes to stdout, everything else to stderr. Tables are for people; ${bold("-o json")} carries an apiVersion and
keeps its shape. Tables longer than the screen go through a pager on terminals. ${bold("--watch")} draws in place there, and
writes one line of JSON for each change elsewhere. Colour is used on terminals alone, and not where NO_COLOR is set or TERM is dumb.
`;

const EXITS = [
  ["0", "done"],
  ["1", "something failed"],
  ["2", "wrong usage"],
  ["3", "no such host, check, service or dependency"],
  ["4", "the store or the server cannot be reached"],
  ["130", "interrupted"],
]
  .map(([code = "", text = ""]) => term(code, text))
  .join("")
  .concat(
    ".PP\nWith ",
    bold("--exit-code"),
    " the numbers of Nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN or no answer.\n",
  );

const ENVIRONMENT = [
  term(bold("DOTM_CONFIG"), "The configuration file, where --config does not name one."),
  term(
    bold("DOTM_…"),
    "Any key of the configuration: DOTM_REDIS__URL is redis.url. It wins over the file; a flag wins over it.",
  ),
  term(`${bold("DOTM_PAGER")}, ${bold("PAGER")}`, "The pager; empty or cat for none. Without them: less -FRX."),
  term(`${bold("NO_COLOR")}, ${bold("FORCE_COLOR")}`, "No colour, or colour where nobody looks."),
].join("");

const FILES = [
  term(bold("/etc/dotm/dotm.yaml"), "The configuration, and conf.d beside it; see dotm.yaml(5)."),
  term(bold("/var/lib/dotm"), "What the daemon keeps: journal, tokens, and its own store where no Redis is named."),
].join("");

const EXAMPLES = `dotm impact db01 MySQL
dotm impact --all -o json | jq -r '.items[].summary'
dotm what-if down:db01:3306
dotm causes web01 HTTP
dotm get services -o name`;

/** A command without others below it, with the names on the way to it. */
interface Leaf {
  readonly path: readonly string[];
  readonly command: Command;
}

function leaves(command: Command, path: readonly string[]): Leaf[] {
  const below = command
    .createHelp()
    .visibleCommands(command)
    .filter((sub) => sub.name() !== "help");
  const own = [...path, command.name()];
  return below.length === 0 ? [{ path: own, command }] : below.flatMap((sub) => leaves(sub, own));
}

function synopsis({ path, command }: Leaf): string {
  const words = command.registeredArguments.map(argumentWord);
  return [bold(path.join(" ")), "[\\fIoptions\\fR]", ...words].join(" ");
}

function argumentWord(argument: Argument): string {
  const name = `\\fI${roffText(argument.name())}\\fR${argument.variadic ? "..." : ""}`;
  return argument.required ? name : `[${name}]`;
}

function commandText(leaf: Leaf): string {
  const { command } = leaf;
  const options = command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long }) => long !== "--help");
  return [
    `.SS ${synopsis(leaf)}\n${roffText(command.description() || command.summary())}\n`,
    ...command.registeredArguments.map((argument) =>
      term(argumentWord(argument), described(argument.description, argument)),
    ),
    ...options.map((option) => term(bold(option.flags), described(option.description, option))),
  ].join("");
}

function described(text: string, { argChoices, defaultValue }: Pick<Option | Argument, "argChoices" | "defaultValue">) {
  const choices = argChoices === undefined ? "" : ` One of ${argChoices.join(", ")}.`;
  const isSaid = typeof defaultValue === "string" || typeof defaultValue === "number";
  return `${text}.${choices}${isSaid && defaultValue !== "" ? ` Default: ${defaultValue}.` : ""}`;
}
