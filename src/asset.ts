/** Files that ship with the package: the same from the sources and from `dist`, by the names of package.json `imports`. */
import { readFileSync } from "node:fs";

/** The text of `#templates/…` or `#assets/…`. */
export function readAsset(specifier: `#${string}`): string {
  return readFileSync(new URL(import.meta.resolve(specifier)), "utf8");
}
