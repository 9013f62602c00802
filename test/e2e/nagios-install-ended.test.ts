/** `dotm nagios install` that somebody ends while Nagios checks what was written. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually, startProgram } from "../support/process.ts";

const MAIN = "cfg_dir=/etc/nagios4/conf.d\n";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-install-ended-"));
  for (const name of ["bin", "etc", "html", "plugins"]) {
    mkdirSync(join(folder, name));
  }
  writeFileSync(join(folder, "etc/nagios.cfg"), MAIN, { mode: 0o640 });
  writeFileSync(join(folder, "dotm.yaml"), "");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Every file and folder with its rights and its text. */
function tree(): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => !name.startsWith("bin"));
  return names.toSorted().map((name) => {
    const found = statSync(join(folder, name));
    const text = found.isFile() ? readFileSync(join(folder, name), "utf8") : "";
    return `${name} ${found.mode.toString(8)} ${text}`;
  });
}

it.each([
  ["Ctrl-C", "SIGINT"],
  ["its terminal is closed", "SIGHUP"],
  ["it is told to end", "SIGTERM"],
] as const)("leaves everything as it was: %s", async (_, signal) => {
  const before = tree();
  // A Nagios with so much to check that there is time.
  writeFileSync(join(folder, "bin/nagios4"), `#!/bin/sh\n: > ${join(folder, "bin/checking")}\nexec sleep 60\n`);
  chmodSync(join(folder, "bin/nagios4"), 0o755);
  const words = ["nagios", "install", "--nagios-cfg", "etc/nagios.cfg", "--html", "html", "--plugins", "plugins"];
  const more = ["--web-server", "apache", "--web-conf", join(folder, "dotm.conf"), "--config", "dotm.yaml"];
  const script = join(import.meta.dirname, "../../bin/dotm.js");
  const dotm = startProgram(process.execPath, [script, ...words, ...more], {
    cwd: folder,
    env: { PATH: `${join(folder, "bin")}:${process.env["PATH"]}` },
    daemon: true,
  });
  await eventually("Nagios to check", async () => existsSync(join(folder, "bin/checking")) || undefined);
  expect(readFileSync(join(folder, "etc/nagios.cfg"), "utf8")).toContain("# BEGIN dotm");
  expect(existsSync(join(folder, "plugins/check_dotm"))).toBe(true);
  // As a terminal does it: to all that run in it.
  process.kill(-dotm.pid, signal);
  expect(await dotm.ended).toEqual({ code: 1, signal: null });
  expect(dotm.stderr).toContain("so all is undone: nagios4 -v ends with a signal");
  expect(dotm.stderr).toContain("nothing was changed");
  expect(tree()).toEqual(before);
});
