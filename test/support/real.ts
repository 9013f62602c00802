/** Tests that need a real program: run where it is installed, skipped by name where it is not. */
import { existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { describe, it } from "vitest";

/** Full path of a program given by path or name, searched on the PATH and in the system folders; undefined where it is missing. */
export function findProgram(name: string): string | undefined {
  if (isAbsolute(name)) {
    return existsSync(name) ? name : undefined;
  }
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/bin", "/usr/local/bin", "/sbin"];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/**
 * A suite that needs the programs named. Where one is missing the suite is skipped with the reason in its name,
 * or fails where DOTM_REQUIRE_REAL=1 forbids skipping.
 */
export function describeReal(name: string, programs: readonly string[], suite: () => void): void {
  const missing = programs.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) {
    describe(name, suite);
  } else if (process.env["DOTM_REQUIRE_REAL"] === "1") {
    it(`${name}: needs ${missing.join(", ")}`, () => {
      throw new Error(`${missing.join(", ")} not installed; run test/real/install.sh`);
    });
  } else {
    describe.skip(`${name} (skipped: ${missing.join(", ")} not installed; run test/real/install.sh)`, suite);
  }
}

/** The same for a suite that also needs root: for other users it is skipped with that in its name. */
export function describeAsRoot(name: string, programs: readonly string[], suite: () => void): void {
  if (process.getuid?.() === 0) {
    describeReal(name, programs, suite);
  } else if (process.env["DOTM_REQUIRE_REAL"] === "1") {
    it(`${name}: needs root`, () => {
      throw new Error("not root; run the tests as root, or without DOTM_REQUIRE_REAL");
    });
  } else {
    describe.skip(`${name} (skipped: needs root)`, suite);
  }
}
