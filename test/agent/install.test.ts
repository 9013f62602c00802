import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { install } from "../../agent/install.ts";
import type { InstallOptions } from "../../agent/options.ts";
import { type Level, unitText } from "../../agent/unit.ts";
import { describeReal, findProgram } from "../support/real.ts";

let root = "";
let script = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "dotm-install-"));
  script = join(root, "agent.mjs");
  writeFileSync(script, "// the agent\n");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function options(more: Partial<InstallOptions> = {}): InstallOptions {
  const run = ["--server", "https://dotm.example.net:4881/"];
  const files = { tokenFile: undefined, caFile: undefined, certFile: undefined, keyFile: undefined };
  return { command: "install", level: 1, root, dryRun: false, ...files, run, ...more };
}

const NODE = "/usr/bin/node";

describe("install", () => {
  it("copies the agent, its token and a unit that runs it", () => {
    const tokenFile = join(root, "token");
    writeFileSync(tokenFile, "dotm_secret\n");
    const said = install(options({ tokenFile }), { executable: NODE, script });
    expect(said).toContain("systemctl daemon-reload && systemctl enable --now dotm-agent");
    expect(said).not.toContain("dotm_secret");
    expect(readFileSync(join(root, "usr/local/lib/dotm-agent/dotm-agent.mjs"), "utf8")).toBe("// the agent\n");
    expect(statSync(join(root, "etc/dotm-agent/token")).mode & 0o777).toBe(0o600);
    const unit = readFileSync(join(root, "etc/systemd/system/dotm-agent.service"), "utf8");
    expect(unit).toContain(
      "ExecStart=/usr/bin/node /usr/local/lib/dotm-agent/dotm-agent.mjs run --server https://dotm.example.net:4881/\n",
    );
    expect(unit).toContain("LoadCredential=token:/etc/dotm-agent/token\n");
    expect(unit).not.toContain("dotm_secret");
  });

  it("copies certificate and key; only systemd hands the key to the unit", () => {
    const [certFile, keyFile] = [join(root, "host.crt"), join(root, "host.key")];
    writeFileSync(certFile, "certificate");
    writeFileSync(keyFile, "5ecret key");
    install(options({ certFile, keyFile }), { executable: NODE, script });
    expect(statSync(join(root, "etc/dotm-agent/host.key")).mode & 0o777).toBe(0o600);
    const unit = readFileSync(join(root, "etc/systemd/system/dotm-agent.service"), "utf8");
    expect(unit).toContain("--cert-file /etc/dotm-agent/host.crt\n");
    expect(unit).toContain("LoadCredential=key:/etc/dotm-agent/host.key\n");
    expect(unit).not.toMatch(/5ecret|--key-file/);
  });

  it("writes nothing where it only tells", () => {
    const before = readdirSync(root);
    const said = install(options({ dryRun: true }), { executable: NODE, script });
    expect(said).toContain("[Service]");
    expect(said).toContain("dotm-agent.mjs (mode 0755");
    expect(readdirSync(root)).toEqual(before);
  });

  it("installs one executable where it is one", () => {
    const executable = join(root, "dotm-agent");
    writeFileSync(executable, "ELF");
    install(options(), { executable, script: undefined });
    const unit = readFileSync(join(root, "etc/systemd/system/dotm-agent.service"), "utf8");
    expect(unit).toContain("ExecStart=/usr/local/lib/dotm-agent/dotm-agent run --server");
  });

  it("refuses a Node that the unit could not see", () => {
    const executable = "/root/.nvm/versions/node/v20/bin/node";
    expect(() => install(options(), { executable, script })).toThrow("install Node for all users");
  });
});

describe("unitText", () => {
  const text = (level: Level) =>
    unitText({ level, command: [NODE, 'a b%$"c'], tokenFile: undefined, keyFile: undefined });

  it("grants each level its rights and no more", () => {
    const capabilities = (level: Level) => /^CapabilityBoundingSet=(.*)$/m.exec(text(level))?.[1];
    expect([capabilities(0), capabilities(1), capabilities(2)]).toEqual([
      "",
      "CAP_SYS_PTRACE CAP_DAC_READ_SEARCH",
      "CAP_SYS_PTRACE CAP_DAC_READ_SEARCH CAP_SYS_ADMIN",
    ]);
    expect([0, 1, 2].map((level) => text(level as Level).includes("DynamicUser=yes"))).toEqual([true, true, false]);
  });

  it("hands words over as they are", () => {
    expect(text(0)).toContain('ExecStart=/usr/bin/node "a b%%$$\\"c"\n');
  });
});

describeReal("the unit by systemd's own judgement", ["systemd-analyze"], () => {
  it.each([0, 1, 2] as const)("has no fault at level %d", (level) => {
    const unit = join(root, "dotm-agent.service");
    writeFileSync(
      unit,
      unitText({
        ...{ level, command: [process.execPath, "run"] },
        ...{ tokenFile: "/etc/dotm-agent/token", keyFile: "/etc/dotm-agent/host.key" },
      }),
    );
    const verified = spawnSync(findProgram("systemd-analyze") ?? "", ["verify", unit], { encoding: "utf8" });
    expect([verified.stdout, verified.stderr, verified.status]).toEqual(["", "", 0]);
  });
});
