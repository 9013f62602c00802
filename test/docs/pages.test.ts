/** The documentation says nothing that is not there; its commands are run in test/e2e/docs.test.ts. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { USAGE } from "../../agent/usage.ts";
import { helpText } from "../../src/plugin/options.ts";
import { dotm } from "../cli/run-command.ts";
import { blocksOf, commandsOf, docPages, missingLine, pageText } from "../support/doc-blocks.ts";
import { ROOT } from "../support/process.ts";

/** What stands in blocks; `sh` and `console` are run, `yaml` is read as dotm.yaml, `json` is parsed. */
const LANGUAGES = ["sh", "console", "yaml", "json", "ini", "html", "cfg", "icinga2", "text"];

/** A page without its blocks. */
const prose = (text: string) => text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, "");

const helps = new Map<string, Promise<string>>();

function helpOf(path: readonly string[]): Promise<string> {
  const key = path.join(" ");
  const known = helps.get(key) ?? dotm([...path, "--help"]).then(({ out }) => out);
  helps.set(key, known);
  return known;
}

/** What is wrong with `dotm …` as it stands in a sentence, where places may be left open; undefined for nothing. */
async function faultOf(span: string): Promise<string | undefined> {
  const [program = "", ...words] = span.split(/\s+/);
  const options = words.filter((word) => /^-{1,2}[A-Za-z]/.test(word)).map((word) => word.replace(/[=,;.)].*$/, ""));
  let help = program === "dotm-agent" ? USAGE : helpText();
  if (program === "dotm") {
    const found = await commandOf(words);
    if (found.unknown !== undefined) {
      return `no command ${found.unknown}: ${span}`;
    }
    help = found.help;
  }
  const unknown = options.find((option) => !new RegExp(`(?<![\\w-])${option}(?![\\w-])`).test(help));
  return unknown === undefined ? undefined : `no option ${unknown}: ${span}`;
}

/** The help of the command that the words lead to; alternatives (`test|accept`) must all be there. */
async function commandOf(words: readonly string[]): Promise<{ readonly help: string; readonly unknown?: string }> {
  const path: string[] = [];
  let help = await helpOf(path);
  for (const word of words) {
    const [, list = ""] = /^Commands:\n([\s\S]*)/m.exec(help) ?? [];
    const below = [...list.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = ""]) => name);
    if (below.length === 0 || !/^[a-z]/.test(word)) {
      break;
    }
    const unknown = word.split("|").find((name) => !below.includes(name));
    if (unknown !== undefined) {
      return { help, unknown };
    }
    path.push(word.split("|")[0] ?? "");
    help = await helpOf(path);
  }
  return { help };
}

describe.each(docPages())("%s", (page) => {
  const text = pageText(page);
  const blocks = blocksOf(page, text);

  it("says of each block what it is", () => {
    const nameless = blocks.filter(({ language }) => !LANGUAGES.includes(language));
    expect(nameless.map(({ file, line, language }) => `${file}:${line} ${language}`)).toEqual([]);
    for (const block of blocks.filter(({ language }) => language === "json")) {
      expect(() => JSON.parse(block.lines.join("\n")), `${block.file}:${block.line}`).not.toThrow();
    }
  });

  it("names in its sentences commands and options that are there", async () => {
    const spans = [...prose(text).matchAll(/`((?:dotm|dotm-agent|check_dotm) [^`]+)`/g)].map(([, span = ""]) => span);
    const faults = await Promise.all(spans.map((span) => faultOf(span.replaceAll(/\s+/g, " "))));
    expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
  });

  it("links to files that are there", () => {
    const links = [...prose(text).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = ""]) => link);
    const gone = links.filter((link) => !/^\w+:/.test(link) && !existsSync(join(ROOT, dirname(page), link)));
    expect(gone).toEqual([]);
  });
});

it("a sentence with a command or an option that is not there is found", async () => {
  expect(await faultOf("dotm impact HOST --whatif")).toContain("--whatif");
  expect(await faultOf("dotm map test|forget")).toContain("forget");
  expect(await faultOf("dotm get nodes -w")).toBeUndefined();
  expect(await faultOf("dotm-agent run --servers URL")).toContain("--servers");
  expect(await faultOf("check_dotm -m coverage -x")).toContain("-x");
});

describe("a block", () => {
  it("of commands gives each with the output that is shown", () => {
    const text = "1. Do:\n\n   ```console\n   $ a \\\n   b\n   one\n   $ c\n   ```\n\n```sh\n# no\nd  # yes\n```\n";
    expect(blocksOf("x.md", text).flatMap(commandsOf)).toEqual([
      { at: "x.md:4", command: "a \\\nb", output: ["one"] },
      { at: "x.md:7", command: "c", output: [] },
      { at: "x.md:12", command: "d  # yes", output: [] },
    ]);
    expect(() => blocksOf("x.md", "```sh\na\n")).toThrow("x.md:1");
  });

  it("of output is compared line by line, but for ages, columns and what is left out", () => {
    const printed = "db01 is CRITICAL for 14 min\n\nA   B\n1   2\n3   4\n";
    expect(missingLine(["db01 is CRITICAL for 22 s", "A B", "1 2"], printed)).toBeUndefined();
    expect(missingLine(["db01 is … for 22 s", "…", "3 4"], printed)).toBeUndefined();
    expect(missingLine(["A B"], printed)).toBe("A B");
    expect(missingLine(["…", "1 2", "5"], printed)).toBe("5");
  });
});
