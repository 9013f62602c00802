/** The version of this program. */
import { readFileSync } from "node:fs";

/** `1.2.3`, as package.json has it. */
export function packageVersion(): string {
  const text = readFileSync(new URL(import.meta.resolve("#package")), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  return version;
}

/** `dotm 1.2.3 (Node v20.19.0)`. */
export function versionText(): string {
  return `dotm ${packageVersion()} (Node ${process.version})`;
}
