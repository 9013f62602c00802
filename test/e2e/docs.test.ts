/** Every command of the documentation, run as it stands there on a machine as it speaks of it; see test/support/doc-machine.ts. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config.ts";
import { blocksOf, type DocCommand, docPages, missingLine, pageCommands, pageText } from "../support/doc-blocks.ts";
import { DocMachine, STOOD_IN } from "../support/doc-machine.ts";
import { ROOT } from "../support/process.ts";
import { describeReal } from "../support/real.ts";

describeReal("the documentation", ["openssl", "sed", "hostname"], () => {
  const machine = new DocMachine();
  beforeAll(() => machine.start());
  afterAll(() => machine.stop());

  /** What the command did wrong, undefined where it did as the documentation says. */
  async function faultOf({ at, command, output }: DocCommand): Promise<string | undefined> {
    const { code, stdout, stderr } = await machine.run(command);
    const story = `${at}: ${command}\n--- exit ${code}\n${stdout.slice(0, 2_000)}\n--- stderr\n${stderr.slice(0, 2_000)}`;
    if (!endsWell(command, code ?? 0, stdout, stderr)) {
      return story;
    }
    const missing = missingLine(output, stdout + stderr);
    return missing === undefined ? undefined : `${story}\n--- not printed: ${missing}`;
  }

  /** A plugin and `--exit-code` tell states by their exit code; times of last night need a history that is not there yet. */
  function endsWell(command: string, code: number, stdout: string, stderr: string): boolean {
    const tellsStates = /^check_dotm |--exit-code/.test(command) && !stdout.includes("UNKNOWN");
    const tooEarly = /yesterday|03:00|-\d+h/.test(command) && /history begins at/.test(stderr);
    return code === 0 || (tellsStates && code < 3) || (tooEarly && code === 3);
  }

  describe.each(docPages().filter((page) => pageCommands(page).length > 0))("%s", (page) => {
    it("has commands that do what it says", async () => {
      const faults: string[] = [];
      for (const command of pageCommands(page)) {
        const fault = await faultOf(command);
        faults.push(...(fault === undefined ? [] : [fault]));
      }
      expect(faults.join("\n\n")).toBe("");
    });
  });

  describe("files of DOTM in the documentation", () => {
    const blocks = docPages()
      .flatMap((page) => blocksOf(page, pageText(page)))
      .filter(({ language, of }) => language === "yaml" && of === "");

    it.each(blocks.map((block) => [`${block.file}:${block.line}`, block.lines.join("\n")]))(
      "%s is valid",
      (_, text) => {
        const file = join(machine.root, "block.yaml");
        writeFileSync(file, machine.settle(text));
        const around = {
          env: {},
          cwd: machine.root,
          home: machine.root,
          root: false,
          systemFolder: "/x",
          systemData: "/x",
        };
        expect(readConfig({ file }, around).problems.map(({ text: problem }) => problem)).toEqual([]);
      },
    );
  });

  describe("a command that is wrong", () => {
    const command = (text: string, ...output: string[]) => ({ at: "x.md:1", command: text, output });

    it("is found: an unknown option, command or program, another output", async () => {
      for (const text of [
        "dotm impact db01 --no-such",
        "dotm no-such",
        "check_dotm --no-such",
        "dotm-agent once --no-such",
      ]) {
        expect(await faultOf(command(text))).toContain("--no-such".slice(2));
      }
      expect(await faultOf(command("no-such-program --help"))).toContain("exit 127");
      expect(await faultOf(command("dotm get nodes -o name", "web99"))).toContain("not printed: web99");
      expect(await faultOf(command("dotm get nodes -o name", "app01", "…", "gw01", "lb01"))).toBeUndefined();
    });
  });

  it("the program says of which commit it is, where it was built from a clone", async () => {
    const { stdout } = await machine.run("dotm -V");
    const clone = existsSync(join(ROOT, ".git"));
    const commit = clone
      ? `commit ${execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT })}`.trim()
      : "Node v";
    expect(stdout).toContain(`(${commit}`);
  });

  it("what is stood in for runs for real in the test that is named for it", () => {
    for (const [program, test] of Object.entries(STOOD_IN)) {
      expect(existsSync(join(ROOT, test)), `${program}: ${test}`).toBe(true);
    }
    const scripts = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: object }).scripts;
    const commands = docPages().flatMap((page) => [...pageText(page).matchAll(/\bnpm run ([\w:]+)/g)]);
    for (const [, script = ""] of commands) {
      expect(Object.keys(scripts)).toContain(script);
    }
  });
});
