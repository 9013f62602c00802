import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { USAGE } from "../../agent/usage.ts";
import { roffText } from "../../src/cli/man/roff.ts";
import { configJsonSchema } from "../../src/config/schema.ts";
import { MODES, OPTIONS } from "../../src/plugin/options.ts";
import { describeReal } from "../support/real.ts";
import { dotm } from "./run-command.ts";

async function page(name: string, stdin = ""): Promise<string> {
  const { code, out } = await dotm(["man", name], { stdin });
  expect(code).toBe(0);
  return out;
}

describe("a text in a man page", () => {
  it("stands for itself, whatever man would take for its own", () => {
    expect(roffText(".so /etc/shadow\n'x")).toBe("\\&.so /\\:etc/\\:shadow\n\\&'x");
    expect(roffText("a\\b --flag ~ ^ `")).toBe("a\\eb \\-\\-flag \\(ti \\(ha \\(ga");
  });
});

describeReal("man pages", ["man"], () => {
  const read = (text: string) =>
    spawnSync("man", ["-l", "--warnings", "-E", "UTF-8", "-"], {
      input: text,
      encoding: "utf8",
      env: { ...process.env, MANWIDTH: "200", MAN_KEEP_FORMATTING: "", LC_ALL: "C.UTF-8" },
    });

  it("name every command and option that --help names, without a warning of man", async () => {
    const { stdout, stderr } = read(await page("dotm.1"));
    expect(stderr).toBe("");
    const help = (await dotm(["--help"])).out;
    const commands = [...help.matchAll(/^ {2}([a-z-]+)(?= )/gm)].flatMap(([, name = ""]) =>
      name === "help" ? [] : [name],
    );
    expect(commands.length).toBeGreaterThan(12);
    for (const command of commands) {
      expect(stdout).toContain(`dotm ${command}`);
    }
    expect(stdout).toMatch(/--what-if <verb:ID>\n\s+assume a HOST/);
  });

  it("explain every section of the configuration, and the keys of each type of source", async () => {
    const { stdout, stderr } = read(await page("dotm.yaml.5"));
    expect(stderr).toBe("");
    for (const key of Object.keys(configJsonSchema().properties ?? {})) {
      expect(stdout).toMatch(new RegExp(`^ {7}${key}\\b`, "m"));
    }
    expect(stdout).toContain("sources: type livestatus");
    expect(stdout).toContain("agents.pull: type ssh");
  });

  it("explain every mode and option of the plugin", async () => {
    const { stdout, stderr } = read(await page("check_dotm.8"));
    expect(stderr).toBe("");
    for (const word of [...Object.keys(MODES), ...Object.keys(OPTIONS).map((name) => `--${name}`)]) {
      expect(stdout).toContain(word);
    }
  });

  it("explain every command and option of the agent", async () => {
    const { stdout, stderr } = read(await page("dotm-agent.1", USAGE));
    expect(stderr).toBe("");
    for (const command of ["once", "run", "serve", "install"]) {
      expect(stdout).toMatch(new RegExp(`^ {7}${command}\\b`, "m"));
      expect(stdout).toContain(`dotm-agent ${command}`);
    }
    const options = [...USAGE.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, name = ""]) => name);
    expect(options.length).toBeGreaterThan(12);
    for (const option of options) {
      expect(stdout).toMatch(new RegExp(`^ {7}${option}\\b.*\\n? +\\S`, "m"));
    }
    expect(stdout).toMatch(/--level 0\|1\|2\n? +.*2\s+root, sees every connection/);
  });
});
