import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PasswordThread } from "../../src/ingest/password-thread.ts";

/** `secret`, as `htpasswd -s` keeps it. */
const HASH = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-password-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A thread whose program is this text. */
function threadOf(name: string, program: string): PasswordThread {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, `import { parentPort } from "node:worker_threads";\n${program}`);
  return new PasswordThread(pathToFileURL(file));
}

it("is asked, and gives each asker its own answer", async () => {
  const thread = threadOf(
    "late",
    `parentPort.on("message", ({ id, password }) =>
       setTimeout(() => parentPort.postMessage({ id, isRight: password === "1" }), password === "1" ? 20 : 0));`,
  );
  expect(await Promise.all(["1", "2", "3"].map((password) => thread.check(password, HASH)))).toEqual([
    true,
    false,
    false,
  ]);
});

it("does itself what a thread died of, and begins another", async () => {
  const thread = threadOf("dead", `parentPort.on("message", () => process.exit(3));`);
  for (const round of [1, 2]) {
    expect([round, await thread.check("secret", HASH), await thread.check("Secret", HASH)]).toEqual([
      round,
      true,
      false,
    ]);
  }
});

it("does the work at once where no thread was built", async () => {
  const thread = new PasswordThread(pathToFileURL(join(folder, "none.js")));
  expect([await thread.check("secret", HASH), await thread.check("Secret", HASH)]).toEqual([true, false]);
});

it("does the work at once where the machine has no room for a thread", async () => {
  const file = join(folder, "unused.mjs");
  writeFileSync(file, "");
  const thread = new PasswordThread(pathToFileURL(file), () => {
    throw new Error("EAGAIN");
  });
  expect([await thread.check("secret", HASH), await thread.check("Secret", HASH)]).toEqual([true, false]);
});
