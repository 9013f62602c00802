/** What the documentation shows in fenced blocks: commands, what they print, files. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./process.ts";

/** A fenced block. */
export interface DocBlock {
  readonly file: string;
  /** Of its fence, from 1. */
  readonly line: number;
  /** The first word behind the fence; empty where there is none. */
  readonly language: string;
  /** The rest behind it: whose file it is, where it is not one of ours. */
  readonly of: string;
  readonly lines: readonly string[];
}

/** A command of a block. */
export interface DocCommand {
  /** `docs/rules.md:12` */
  readonly at: string;
  readonly command: string;
  /** What it is said to print; empty where nothing is said. */
  readonly output: readonly string[];
}

/** The pages people read, by their path below the root. */
export function docPages(): string[] {
  const docs = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", "SECURITY.md", ...docs.map((name) => `docs/${name}`).sort()];
}

/** The text of a page. */
export function pageText(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** The blocks of a page; of those within a list the indentation is taken away. */
export function blocksOf(file: string, text: string): DocBlock[] {
  const blocks: DocBlock[] = [];
  let open: { readonly indent: string; readonly block: DocBlock; readonly lines: string[] } | undefined;
  for (const [at, line] of text.split("\n").entries()) {
    const [, indent = "", info = ""] = /^( *)```(.*)$/.exec(line) ?? [];
    const isFence = /^ *```/.test(line);
    if (open !== undefined && isFence) {
      blocks.push({ ...open.block, lines: open.lines });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    } else if (isFence) {
      const [language = "", ...of] = info.trim().split(/\s+/);
      open = { indent, block: { file, line: at + 1, language, of: of.join(" "), lines: [] }, lines: [] };
    }
  }
  if (open !== undefined) {
    throw new Error(`${file}:${open.block.line}: the block has no end`);
  }
  return blocks;
}

/**
 * The commands of a block: of `sh` every line, of `console` what stands behind `$ `, with what follows as its output.
 * A line that ends in a backslash goes on in the next one.
 */
export function commandsOf({ file, line, language, lines }: DocBlock): DocCommand[] {
  const commands: { at: string; command: string; output: string[] }[] = [];
  let unfinished = false;
  for (const [index, text] of lines.entries()) {
    const last = commands.at(-1);
    const [, prompted] = /^\$ (.*)$/.exec(text) ?? [];
    const command = language === "console" ? prompted : text;
    if (unfinished && last !== undefined) {
      last.command += `\n${text}`;
    } else if (language === "console" && command === undefined) {
      last?.output.push(text);
    } else if (command !== undefined && command.trim() !== "" && !/^\s*#/.test(command)) {
      commands.push({ at: `${file}:${line + 1 + index}`, command, output: [] });
    }
    unfinished = text.endsWith("\\") && (language === "sh" || unfinished || prompted !== undefined);
  }
  return commands;
}

/** The commands of a page. */
export function pageCommands(page: string): DocCommand[] {
  return blocksOf(page, pageText(page))
    .filter(({ language }) => language === "sh" || language === "console")
    .flatMap(commandsOf);
}

/**
 * The first line that an output does not have at its place; undefined where it has all. `…` stands for any text, a line
 * of it alone for any lines, and what comes after the last line is nobody's business; blanks of columns and ages (`22 s`, `1 h`) may differ.
 */
export function missingLine(said: readonly string[], printed: string): string | undefined {
  const lines = printed
    .split("\n")
    .map(comparable)
    .filter((line) => line !== "");
  let [at, near] = [0, true];
  for (const line of said.filter((each) => each.trim() !== "")) {
    if (line.trim() === "…") {
      near = false;
      continue;
    }
    const pattern = new RegExp(`^${comparable(line).split("…").map(escaped).join(".*")}$`, "u");
    const found = lines.findIndex((each, index) => index >= at && pattern.test(each));
    if (found < 0 || (near && found !== at)) {
      return line;
    }
    [at, near] = [found + 1, true];
  }
  return undefined;
}

function comparable(line: string): string {
  return line
    .trim()
    .replaceAll(/\s+/g, " ")
    .replaceAll(/\b\d+ (?:s|min|h|d)\b/g, "N s");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
