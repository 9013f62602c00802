import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { roffText } from "../../src/cli/man/roff.ts";
import { configJsonSchema } from "../../src/config/schema.ts";
import { MODES, OPTIONS } from "../../src/plugin/options.ts";
import { describeReal } from "../support/real.ts";
import { dotm } from "./run-command.ts";

async function page(name: string): Promise<string> {
  const { code, out } = await dotm(["man", name]);
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
});
