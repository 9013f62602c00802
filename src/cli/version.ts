/** The version of this program. */
import { readFileSync } from "node:fs";

/** Short hash of the commit it was built from, put in by the bundler; empty where that was no clone. */
declare const DOTM_COMMIT: string | undefined;

/** `1.2.3`, as package.json has it. */
export function packageVersion(): string {
  const text = readFileSync(new URL(import.meta.resolve("#package")), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

/** `dotm 1.2.3 (commit 1a2b3c4, Node v20.19.0)`. */
export function versionText(): string {
  const commit = typeof DOTM_COMMIT === "string" && DOTM_COMMIT !== "" ? `commit ${DOTM_COMMIT}, ` : "";
  return `dotm ${packageVersion()} (${commit}Node ${process.version})`;
}
