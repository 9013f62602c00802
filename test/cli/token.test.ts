import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { followUserTokens } from "../../src/ingest/user-tokens.ts";
import { dotm } from "./run-command.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-token-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("makes tokens that work at once, keeps only their hashes, lists them and takes them back", async () => {
  const file = join(folder, "tokens.json");
  const follow = followUserTokens(file);
  const { out } = await dotm(["token", "add", "ann", "--role", "editor", "--data-dir", folder]);
  expect(follow(out.trim())).toMatchObject({ name: "ann", role: "editor" });
  expect(readFileSync(file, "utf8")).not.toContain(out.trim());
  expect((await dotm(["token", "list", "--data-dir", folder])).out).toMatch(/^ann {2}editor {2}\d{4}-/);
  const next = await dotm(["token", "add", "ann", "--data-dir", folder]);
  expect(follow(out.trim())).toBeUndefined();
  expect(follow(next.out.trim())?.role).toBe("viewer");
  expect((await dotm(["token", "remove", "ann", "--data-dir", folder])).code).toBe(0);
  expect(follow(next.out.trim())).toBeUndefined();
  expect((await dotm(["token", "remove", "ann", "--data-dir", folder])).code).not.toBe(0);
});
