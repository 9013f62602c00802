/** What may stand at the cursor of a command line, found by walking the tree of commands. Pure. */
import type { Argument, Command, Option } from "commander";

/** A word that may stand there, with what it means. */
export interface Candidate {
  readonly word: string;
  readonly text: string;
}

/** Things of the site that only the stored picture knows. */
export type Wanted =
  | { readonly kind: "host" }
  | { readonly kind: "check"; readonly host: string }
  | { readonly kind: "id"; readonly verbs: readonly string[] }
  | { readonly kind: "setting" };

/** What may stand at the cursor. */
export interface Candidates {
  readonly words: readonly Candidate[];
  readonly wanted: Wanted | null;
  /** Whether names of files may stand there. */
  readonly files: boolean;
}

const NOTHING: Candidates = { words: [], wanted: null, files: false };

const VERBS = ["down:", "up:", "maintenance:"] as const;

/** What may stand in place of `current`, after the words `before` it (without the program's own name). */
export function candidates(program: Command, before: readonly string[], current: string): Candidates {
  const place = walk(program, before);
  if (place.pending !== undefined) {
    return optionValues(place.pending, "");
  }
  const [, flag, equals] = /^(--[\w-]+)(=)?/.exec(current) ?? [];
  if (flag !== undefined && equals !== undefined && !place.ended) {
    const option = optionOf(place.command, flag);
    return option === undefined ? NOTHING : optionValues(option, `${flag}=`);
  }
  if (current.startsWith("-") && !place.ended) {
    return { ...NOTHING, words: options(place.command) };
  }
  const commands = place.positional.length === 0 ? subcommands(place.command) : [];
  const argument = argumentAt(place);
  const rest = argument === undefined ? NOTHING : argumentValues(argument, place);
  return { ...rest, words: [...commands, ...rest.words] };
}

/** Where the cursor is. */
interface Place {
  readonly command: Command;
  readonly positional: readonly string[];
  /** The option whose value is missing. */
  readonly pending: Option | undefined;
  /** Whether `--` ended the options. */
  readonly ended: boolean;
}

function walk(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, positional: [], pending: undefined, ended: false };
  for (const word of words) {
    place = step(place, word);
  }
  return place;
}

function step(place: Place, word: string): Place {
  if (place.pending !== undefined) {
    return { ...place, pending: undefined };
  }
  if (word === "--" && !place.ended) {
    return { ...place, ended: true };
  }
  if (word.startsWith("-") && word !== "-" && !place.ended) {
    const option = optionOf(place.command, word);
    return { ...place, pending: option?.required === true ? option : undefined };
  }
  const sub = place.positional.length === 0 ? place.command.commands.find((each) => isNamed(each, word)) : undefined;
  return sub === undefined
    ? { ...place, positional: [...place.positional, word] }
    : { ...place, command: sub, positional: [] };
}

function isNamed(command: Command, word: string): boolean {
  return command.name() === word || command.aliases().includes(word);
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

function subcommands(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((sub) => ({ word: sub.name(), text: sub.summary() || sub.description() }));
}

function options(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({ word: option.long ?? option.short ?? "", text: option.description }));
}

function optionValues(option: Option, prefix: string): Candidates {
  const choices = (option.argChoices ?? []).map((choice) => ({ word: `${prefix}${choice}`, text: "" }));
  const takes = /<([^>]*)>/.exec(option.flags)?.[1] ?? "";
  if (takes === "verb:ID") {
    return { ...NOTHING, words: verbs(), wanted: { kind: "id", verbs: VERBS } };
  }
  return { ...NOTHING, words: choices, files: ["file", "folder", "path", "socket"].includes(takes) };
}

function verbs(): Candidate[] {
  return VERBS.map((verb) => ({ word: verb, text: "" }));
}

function argumentAt({ command, positional }: Place): Argument | undefined {
  const all = command.registeredArguments;
  const last = all.at(-1);
  return all[positional.length] ?? (last?.variadic === true ? last : undefined);
}

/** By the name an argument has in the help: the same everywhere. */
function argumentValues(argument: Argument, { command, positional }: Place): Candidates {
  if (argument.argChoices !== undefined) {
    return { ...NOTHING, words: argument.argChoices.map((word) => ({ word, text: "" })) };
  }
  switch (argument.name()) {
    case "host":
      return { ...NOTHING, wanted: { kind: "host" } };
    case "check":
      return { ...NOTHING, wanted: positional[0] === undefined ? null : { kind: "check", host: positional[0] } };
    case "verb:ID":
      return { ...NOTHING, words: verbs(), wanted: { kind: "id", verbs: VERBS } };
    case "a":
    case "b":
      return { ...NOTHING, wanted: { kind: "id", verbs: [] } };
    case "name":
      return { ...NOTHING, wanted: command.parent?.name() === "settings" ? { kind: "setting" } : null };
    default:
      return { ...NOTHING, files: ["file", "place", "path"].includes(argument.name()) };
  }
}
