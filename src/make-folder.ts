/** Makes folders, for all who keep something on the disk. */
import { existsSync, lchownSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { isMissing } from "./errors.ts";

/**
 * Makes a folder, and those above it, where they are missing; what root makes belongs to the owner of the folder above. Node's own way (`recursive`) never ends where the system
 * denies that there could be one at all, as it does for /proc/x.
 * @throws what the system says
 */
export function makeFolder(folder: string, mode: number): void {
  try {
    mkdirSync(folder, { mode });
    if (process.geteuid?.() === 0) {
      const { uid, gid } = statSync(dirname(folder));
      // Who owns the folder above could have put a link there by now; it would be the link that is handed over.
      lchownSync(folder, uid, gid);
    }
  } catch (error) {
    const above = dirname(folder);
    if (isMissing(error) && !existsSync(above)) {
      makeFolder(above, mode);
      makeFolder(folder, mode);
    } else if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
      throw error;
    }
  }
}
