import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { followTokenFile } from "../../src/ingest/token-file.ts";
import { dotm } from "./run-command.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-agent-token-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("makes a token that works, prints nothing else on stdout, and keeps only its hash", async () => {
  const { code, out, err } = await dotm(["agent", "token", "web01", "--data-dir", folder]);
  expect(code).toBe(0);
  expect(err).toMatch(/--server https:\/\/SERVER:4881 .*\n.*agents\.listen/);
  const file = join(folder, "agent-tokens.json");
  expect(followTokenFile(file).speaksFor("web01", out.trim())).toBe(true);
  expect(readFileSync(file, "utf8")).not.toContain(out.trim());
});

it("refuses a name that cannot be a host's", async () => {
  const { code, err } = await dotm(["agent", "token", "a::b", "--data-dir", folder]);
  expect(code).toBe(2);
  expect(err).toContain('"a::b" cannot be the name of a host');
  // All tokens would be lost with it.
  expect((await dotm(["agent", "token", "a".repeat(256), "--data-dir", folder])).code).toBe(2);
  expect((await dotm(["agent", "token", "a".repeat(255), "--data-dir", folder])).code).toBe(0);
  expect((await dotm(["agent", "token", "b", "--data-dir", folder])).code).toBe(0);
});
