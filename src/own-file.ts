/**
 * Files that the user DOTM runs as must be able to write later, whoever makes them first: root is who calls `dotm` on many
 * machines. Whose folder it is might put a link or a pipe where root is about to write; nothing of that is followed.
 */
import { closeSync, constants, fchownSync, fstatSync, openSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Only these are looked at, as the folder may be somebody else's. */
const UNFOLLOWED = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Opens a file to write, makes it (mode 0600) where it is missing, hands its descriptor on, and closes it. What root makes
 * belongs to the owner of its folder. `flags` are those of open(2) beside O_CREAT, and O_WRONLY where O_RDWR is not among them.
 * @throws what the system says, and where root finds anything but a plain file of one name
 */
export function withOwnFile<T>(file: string, flags: number, use: (descriptor: number) => T): T {
  const isRoot = process.geteuid?.() === 0;
  const access = (flags & constants.O_RDWR) === 0 ? constants.O_WRONLY : 0;
  const opening = access | constants.O_CREAT | flags | (isRoot ? UNFOLLOWED : 0);
  const descriptor = openSync(file, opening, 0o600);
  try {
    if (isRoot) {
      handOver(file, descriptor);
    }
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** A file of root in a folder of somebody else was made by root on their behalf, now or earlier. */
function handOver(file: string, descriptor: number): void {
  const found = fstatSync(descriptor);
  if (!found.isFile() || found.nlink > 1) {
    throw new Error(`${file} is no plain file of one name, so root does not write there`);
  }
  const folder = statSync(dirname(file));
  if (found.uid === 0 && folder.uid !== 0) {
    fchownSync(descriptor, folder.uid, folder.gid);
  }
}
