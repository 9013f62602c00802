/** What root makes at a command line, as the user DOTM runs as finds it: a process of its own with the rights of `nobody`. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AuditEntry } from "../src/audit/audit-entry.ts";
import { appendAudit } from "../src/audit/audit-file.ts";
import { addUserToken, readUserTokens } from "../src/ingest/user-tokens.ts";
import { makeFolder } from "../src/make-folder.ts";

const NOBODY = 65_534;

const ENTRY: AuditEntry = {
  ...{ at: "2026-11-26T06:31:07.412Z", result: "done", who: "root", role: null, how: "command line", from: "here" },
  ...{ action: "set", object: "setting aging", old: null, new: null, reason: null, leftOut: 0 },
};

let folder = "";
let data = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-own-"));
  chmodSync(folder, 0o755);
  data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Gives up root's rights; nobody may not be able to start the Node that runs here, as it may lie in a folder of root's. */
const BECOME_NOBODY = `process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY});`;

/** What a process of nobody says of doing something with a file. */
function asNobody(script: string, file: string): string {
  const asked = ["-e", BECOME_NOBODY + script, file];
  const { stdout, stderr } = spawnSync(process.execPath, asked, { encoding: "utf8", cwd: "/" });
  return stdout + stderr;
}

const APPEND = `require("fs").appendFileSync(process.argv[1], "theirs\\n"); console.log("written")`;
const READ = `console.log(require("fs").readFileSync(process.argv[1], "utf8"))`;

const describeRoot = describe.skipIf(process.geteuid?.() !== 0);

describeRoot("what root makes in the data folder of another user (only root can try)", () => {
  beforeEach(() => chownSync(data, NOBODY, NOBODY));

  it("is an audit log that its daemon goes on writing, and nobody else reads", () => {
    const file = join(data, "audit.log");
    appendAudit(file, ENTRY);
    expect(asNobody(APPEND, file)).toBe("written\n");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toEqual([JSON.stringify(ENTRY), "theirs"]);
  });

  it("is mended where an earlier version left it to root", () => {
    const file = join(data, "audit.log");
    writeFileSync(file, "old\n", { mode: 0o600 });
    expect(asNobody(APPEND, file)).toMatch(/EACCES/);
    appendAudit(file, ENTRY);
    expect(asNobody(APPEND, file)).toBe("written\n");
  });

  it("is a file of tokens that its daemon reads, and nothing is left beside it", () => {
    const file = join(data, "tokens.json");
    addUserToken(file, "ann", "editor", 1);
    expect(asNobody(READ, file)).toContain('"ann"');
    expect(asNobody(`console.log(require("fs").readdirSync(process.argv[1]).join())`, data)).toBe("tokens.json\n");
  });

  it("is a folder that its daemon can use", () => {
    const below = join(data, "some/where");
    makeFolder(below, 0o700);
    expect(asNobody(APPEND, join(below, "file"))).toBe("written\n");
  });

  it("is never what a link of theirs leads to", () => {
    const precious = join(folder, "precious");
    writeFileSync(precious, "root's own\n", { mode: 0o600 });
    const file = join(data, "audit.log");
    symlinkSync(precious, file);
    expect(() => appendAudit(file, ENTRY)).toThrow(/ELOOP/);
    rmSync(file);
    linkSync(precious, file);
    expect(() => appendAudit(file, ENTRY)).toThrow(/no plain file of one name/);
    rmSync(file);
    spawnSync("mkfifo", [file]);
    expect(() => appendAudit(file, ENTRY)).toThrow(/ENXIO|no plain file/);
    const tokens = join(data, "tokens.json");
    writeFileSync(precious, "[]", { mode: 0o600 });
    symlinkSync(precious, tokens);
    addUserToken(tokens, "ann", "viewer", 1);
    expect([readFileSync(precious, "utf8"), statSync(precious).uid]).toEqual(["[]", 0]);
    expect([lstatSync(tokens).isFile(), readUserTokens(tokens).map(({ name }) => name)]).toEqual([true, ["ann"]]);
  });
});
