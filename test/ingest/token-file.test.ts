import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { addToken, followTokenFile, readTokenFile } from "../../src/ingest/token-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-tokens-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("makes a token that speaks for its host at once, and for no other", () => {
  const file = join(folder, "deep", "tokens.json");
  const { speaksFor: check, isKnown } = followTokenFile(file);
  expect([check("web01", "dotm_x"), isKnown("dotm_x"), isKnown(undefined)]).toEqual([false, false, false]);
  const token = addToken(file, "web01");
  expect(check("web01", token)).toBe(true);
  expect(check("db01", token)).toBe(false);
  expect([isKnown(token), isKnown(`${token}x`)]).toEqual([true, false]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("keeps the token before the newest, so that they can be exchanged without a gap, and no more", () => {
  const file = join(folder, "tokens.json");
  const tokens = [addToken(file, "web01"), addToken(file, "web01"), addToken(file, "web01")];
  expect(tokens.map((token) => followTokenFile(file).speaksFor("web01", token))).toEqual([false, true, true]);
  expect(JSON.stringify(readTokenFile(file))).not.toContain(tokens[2]);
});

it("names a broken file and the way out", () => {
  const file = join(folder, "tokens.json");
  writeFileSync(file, "{");
  expect(() => readTokenFile(file)).toThrow(/cannot read the agents' tokens in .*tokens\.json/);
});

it.runIf(process.geteuid?.() === 0)("is made as root for whom its folder belongs to, and stays theirs", () => {
  const file = join(folder, "tokens.json");
  chownSync(folder, 4321, 4322);
  for (const owner of [4321, 4323]) {
    addToken(file, "web01");
    expect([statSync(file).uid, statSync(file).mode & 0o777]).toEqual([owner, 0o600]);
    chownSync(file, 4323, 4323);
  }
});
