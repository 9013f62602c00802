/** The mail of a notification: with the sentence where DOTM has one, and out in time where it has none. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ROOT } from "../support/process.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-mail-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}

/** The mail, how the command ended, and how many seconds it took. */
function mailed(dotm: string, env: Record<string, string> = {}) {
  const notification = { DOTM_TYPE: "PROBLEM", DOTM_HOST: "db01", DOTM_CHECK: "MySQL", DOTM_STATE: "CRITICAL" };
  const more = { DOTM_OUTPUT: "Can't connect", DOTM_ADDRESS: "10.0.0.21", DOTM_TIME: "noon", DOTM_TO: "a@example.net" };
  const SENDMAIL = program("sendmail", `echo "$@" > ${folder}/args; cat > ${folder}/mail`);
  const begun = performance.now();
  const { status } = spawnSync("sh", [join(ROOT, "nagios/notify/dotm-mail.sh")], {
    env: { PATH: process.env["PATH"], DOTM: dotm, SENDMAIL, ...notification, ...more, ...env },
    encoding: "utf8",
  });
  const mail = readFileSync(join(folder, "mail"), "utf8");
  return { mail, status, seconds: (performance.now() - begun) / 1_000 };
}

const asked = (output: string) => program("dotm", `echo "$@" > ${folder}/asked\nprintf '${output}'`);

it("carries the verdict on a line of its own, before all else", () => {
  const { mail, status } = mailed(asked("db01 / MySQL is CRITICAL; 1 service may be affected\\n\\nSERVICE …\\n"));
  expect(status).toBe(0);
  expect(mail.split("\n")).toEqual([
    ...["To: a@example.net", "Subject: PROBLEM: db01 / MySQL is CRITICAL", "Auto-Submitted: auto-generated"],
    ...["MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: 8bit", ""],
    ...["db01 / MySQL is CRITICAL; 1 service may be affected", "", "Host:    db01 (10.0.0.21)", "Check:   MySQL"],
    ...["State:   CRITICAL", "Time:    noon", "Output:  Can't connect", ""],
  ]);
  expect(readFileSync(join(folder, "args"), "utf8")).toBe("-t -oi\n");
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe("impact -o table --color never -- db01 MySQL\n");
  mailed(asked("x"), { DOTM_CHECK: "" });
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe("impact -o table --color never -- db01\n");
});

it.each([
  ["hangs", "trap '' TERM; sleep 60 & sleep 60"],
  ["fails", "echo error >&2; exit 4"],
  ["says nothing", "exit 0"],
])("goes out within two seconds and a bit where DOTM %s", (_, script) => {
  const { mail, status, seconds } = mailed(program("dotm", script));
  expect([status, mail.includes("Output:  Can't connect"), mail.includes("\n\nHost:    db01")]).toEqual([
    0,
    true,
    true,
  ]);
  // Those seconds, and the start of some programs on a busy machine; what hangs would be there for a minute.
  expect(seconds).toBeLessThan(10);
});

it("goes out where there is no DOTM at all", () => {
  expect(mailed(join(folder, "none")).mail).toContain("Output:  Can't connect");
});

it("lets no name and no output become a header, a line or a command", () => {
  const evil = "x\nBcc: all@example.net\n\n$(touch pwned) `id` 'q' \"";
  const { mail } = mailed(asked("fine\\033[2J\\n"), { DOTM_HOST: evil, DOTM_OUTPUT: evil, DOTM_TO: "a@b\nCc: c@d" });
  expect(mail).not.toMatch(/^(?:Bcc|Cc):/m);
  expect(mail).toContain("To: a@b Cc: c@d\n");
  expect(mail).toContain("Output:  x Bcc: all@example.net  $(touch pwned) `id` 'q' \"\n");
  expect(mail).toContain("fine [2J\n");
});

it("keeps umlauts in the subject", () => {
  const { mail } = mailed(asked("x"), { DOTM_CHECK: "Füllstand" });
  const [, encoded = ""] = /^Subject: =\?UTF-8\?B\?(.+)\?=$/m.exec(mail) ?? [];
  expect(Buffer.from(encoded, "base64").toString()).toBe("PROBLEM: db01 / Füllstand is CRITICAL");
});
