import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeReal } from "../support/real.ts";
import { dotm } from "./run-command.ts";
import { storedSite } from "./stored-site.ts";

const world = { env: { DOTM_REDIS__URL: "redis://127.0.0.1:1" } };

/** What may stand at the end of the words, as fish is told it; texts left out. */
async function offered(...words: string[]): Promise<string[]> {
  const { out } = await dotm(["complete", "fish", "--", ...words], world);
  return out.split("\n").flatMap((line) => (line === "" ? [] : [line.split("\t")[0] ?? ""]));
}

/** What bash is told where the cursor is at the end of the line. */
async function inBash(line: string): Promise<string[]> {
  return (await dotm(["complete", "bash", "--", line], world)).out.split("\n").slice(0, -1);
}

describe("dotm complete", () => {
  it("knows commands, those below them, options and their choices, with what they mean", async () => {
    expect(await offered("im")).toEqual(["impact"]);
    expect((await dotm(["complete", "zsh", "--", "im"])).out).toBe(
      "impact\twhat else is hit by a problem, and what broke first\n",
    );
    expect(await offered("map", "")).toEqual(["test", "suggest", "accept", "help"]);
    expect(await offered("impact", "--wh")).toEqual(["--what-if"]);
    expect(await offered("impact", "-o", "")).toEqual(["table", "json", "tree", "dot", "svg", "mermaid"]);
    expect(await offered("impact", "--output=t")).toEqual(["--output=table", "--output=tree"]);
    expect(await offered("get", "s")).toEqual(["services", "sources", "suggestions"]);
    expect(await offered("completion", "")).toEqual(["bash", "zsh", "fish"]);
  });

  it("never offers itself", async () => {
    expect(await offered("com")).toEqual(["completion"]);
  });

  it("knows hosts, their checks, and ids with their verbs", async () => {
    expect(await offered("impact", "")).toEqual(["backup01", "db01", "web01"]);
    expect(await offered("report", "db01", "w")).toEqual(["web01"]);
    expect(await offered("impact", "db01", "")).toEqual(["Disk /", "MySQL"]);
    expect(await offered("impact", "-o", "json", "db01", "My")).toEqual(["MySQL"]);
    expect(await offered("what-if", "do")).toEqual(["down:"]);
    expect(await offered("what-if", "down:db")).toEqual(["down:db01", "down:db01:3306", "down:db01/mysqld"]);
    expect(await offered("impact", "db01", "--what-if", "up:web01/")).toEqual(["up:web01/nginx", "up:web01/php-fpm"]);
    expect(await offered("path", "web01:80", "db01:")).toEqual(["db01:3306"]);
    expect(await offered("settings", "get", "agi")).toEqual(["aging"]);
  });

  it("says where a file may stand, and nothing after all arguments", async () => {
    expect((await dotm(["complete", "fish", "--", "agent", "parse", ""])).code).toBe(10);
    expect((await dotm(["complete", "fish", "--", "impact", "--config", ""])).code).toBe(10);
    expect(await dotm(["complete", "fish", "--", "impact", "db01", "MySQL", ""])).toMatchObject({ code: 0, out: "" });
  });

  it("quotes for bash, and leaves out what bash takes for finished", async () => {
    expect(await inBash("dotm impact db01 ")).toEqual(["Disk\\ /", "MySQL"]);
    expect(await inBash('dotm impact db01 "Di')).toEqual(["Disk /"]);
    expect(await inBash("dotm impact db01 Disk\\ ")).toEqual(["Disk\\ /"]);
    expect(await inBash("dotm what-if down:db01:")).toEqual(["3306"]);
    expect(await inBash("dotm impact --output=t")).toEqual(["table", "tree"]);
    expect(await inBash('dotm what-if "down:db01:')).toEqual(["down:db01:3306"]);
  });

  it("completes nothing where the picture cannot be read, or not in time", async () => {
    const never = new Promise<never>(() => undefined);
    const slow = { ...storedSite(), nodes: () => never };
    expect(await dotm(["complete", "fish", "--", "impact", ""], { ...world, reader: slow })).toMatchObject({
      code: 0,
      out: "",
    });
    expect(await dotm(["complete", "fish", "--", "impact", ""], { real: true })).toMatchObject({ code: 0, out: "" });
  });
});

/** A `dotm` that answers as the real one would and tells what it was asked. */
const STAND_IN = `#!/bin/sh
if [ "$1" = complete ]; then
  case "$*" in
    *" agent parse"*) exit 10 ;;
    "complete bash"*) printf '%s\\n' 'Disk\\ /' MySQL ;;
    *) printf '%s\\t%s\\n' 'Disk /' 'a check' MySQL 'another' ;;
  esac
fi
`;

describeReal("the scripts of dotm completion", ["bash", "zsh", "fish"], () => {
  let folder = "";
  let env: NodeJS.ProcessEnv = {};

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "dotm-completion-"));
    writeFileSync(join(folder, "dotm"), STAND_IN, { mode: 0o755 });
    env = { ...process.env, HOME: folder, PATH: `${folder}:${process.env["PATH"]}`, TERM: "dumb" };
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function script(shell: string): Promise<string> {
    const path = join(folder, `script.${shell}`);
    writeFileSync(path, (await dotm(["completion", shell])).out);
    return path;
  }

  function run(shell: string, ...args: string[]): string[] {
    return execFileSync(shell, args, { env, cwd: folder, encoding: "utf8" }).split("\n").slice(0, -1);
  }

  it("complete in bash", async () => {
    const path = await script("bash");
    const ask = (line: string) =>
      run(
        "bash",
        "-c",
        `source ${path}; COMP_LINE='${line}' COMP_POINT=\${#COMP_LINE}; _dotm; printf '%s\\n' "\${COMPREPLY[@]}"`,
      );
    expect(ask("dotm impact db01 ")).toEqual(["Disk\\ /", "MySQL"]);
    expect(ask("dotm agent parse ")).toEqual([""]);
  });

  it("complete in zsh", async () => {
    const path = await script("zsh");
    const stubs = "compadd() { print -rl -- $names }; _files() { print files }; compdef() { : }";
    const ask = (words: string) =>
      run("zsh", "-f", "-c", `${stubs}; source ${path}; words=(${words}) CURRENT=$#words; _dotm`);
    expect(ask('dotm impact db01 ""')).toEqual(["Disk /", "MySQL"]);
    expect(ask('dotm agent parse ""')).toEqual(["files"]);
  });

  it("complete in fish", async () => {
    const path = await script("fish");
    writeFileSync(join(folder, "a-report.txt"), "");
    const ask = (line: string) => run("fish", "--no-config", "-c", `source ${path}; complete -C '${line}'`);
    expect(ask("dotm impact db01 ")).toEqual(["Disk /\ta check", "MySQL\tanother"]);
    expect(ask("dotm agent parse a-r")).toEqual([expect.stringContaining("a-report.txt")]);
  });
});
