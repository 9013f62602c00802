/** What real servers say of a configuration they are only asked to check. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { layOut, type NagiosOptions, pluginFolder } from "./nagios-config.ts";
import { startProgram, type TestProcess } from "./process.ts";

/** Exit code, and the lines that tell of errors or warnings. */
export interface Acceptance {
  readonly code: number | null;
  readonly complaints: readonly string[];
}

const USER = process.getuid?.() === 0 ? "nagios" : userInfo().username;

/** `icinga2 daemon -C` over objects in Icinga's language. */
export async function icinga2Accepts(objects: string): Promise<Acceptance> {
  return inFolder("dotm-icinga2-check-", async (folder) => {
    const places = ["data", "etc", "log", "cache", "spool", "run"];
    for (const place of places) {
      mkdirSync(join(folder, place));
    }
    const head = `const PluginDir = "${pluginFolder()}"\nconst NodeName = "dotm"\nconst ZoneName = NodeName\n`;
    writeFileSync(join(folder, "etc/icinga2.conf"), `${head}include <itl>\ninclude <plugins>\n${objects}`);
    if (process.getuid?.() === 0) {
      execFileSync("chown", ["-R", USER, folder]);
    }
    const names = ["DataDir", "ConfigDir", "LogDir", "CacheDir", "SpoolDir", "InitRunDir"];
    const defined = names.flatMap((name, at) => ["-D", `${name}=${join(folder, places[at] ?? "")}`]);
    const child = startProgram("icinga2", ["daemon", "-C", ...defined, "-c", join(folder, "etc/icinga2.conf")], {
      env: { ICINGA2_USER: USER, ICINGA2_GROUP: execFileSync("id", ["-gn", USER], { encoding: "utf8" }).trim() },
    });
    return told(child, /^.*(?:critical|warning)\/.*$/gm);
  });
}

/** `nagios4 -v` over a site and further objects. */
export async function nagiosAccepts(site: NagiosOptions, objects: string): Promise<Acceptance> {
  return inFolder("dotm-nagios-check-", (folder) => {
    layOut(folder, USER, { ...site, also: () => objects });
    return told(startProgram("nagios4", ["-v", join(folder, "etc/nagios.cfg")]), /^(?:Error|Warning): .*$/gm);
  });
}

async function told(child: TestProcess, pattern: RegExp): Promise<Acceptance> {
  const { code } = await child.ended;
  return { code, complaints: `${child.stdout}${child.stderr}`.match(pattern) ?? [] };
}

async function inFolder<T>(prefix: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), prefix));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
