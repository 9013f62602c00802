/**
 * Files in folders that belong to somebody else, looked at and replaced by root: nagios, www-data may put links, pipes and
 * other folders in their place at any moment. Nothing of that is followed, and what is replaced is what was looked at.
 */
import { isUtf8 } from "node:buffer";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { isMissing } from "../../errors.ts";

/** A file as it was found. */
export interface GivenFile {
  readonly text: string;
  /** Latin-1 where the bytes are no UTF-8, so that they stay what they are. */
  readonly encoding: "utf8" | "latin1";
  readonly stats: Stats;
}

/** Bytes of the largest file that we would ever change. */
const LARGEST = 64 * 1024 * 1024;

/** Reads a file; undefined where it is not there. Throws where it is no plain file, or a link of somebody else. */
export function givenFile(path: string): GivenFile | undefined {
  try {
    return withFolder(path, (place) => fileAt(place));
  } catch (error) {
    if (isMissing(error) || (error as NodeJS.ErrnoException).code === "ENOTDIR") {
      return undefined;
    }
    throw error;
  }
}

/**
 * Puts a text into the place of a file at once, null for none; what is there must still be `before`. The rights and the
 * owner stay what they were, else the rights are `mode`, whatever the umask is.
 */
export function replaceFile(path: string, before: string | null, after: string | null, mode: number): void {
  withFolder(path, (place) => {
    const now = fileAt(place);
    if ((now?.text ?? null) !== before) {
      throw new Error("somebody else has changed it in the meantime");
    }
    if (after === null) {
      rmSync(place, { force: true });
    } else {
      put(place, Buffer.from(after, now?.encoding), now?.stats ?? { mode });
    }
  });
}

function put(place: string, bytes: Buffer, like: Pick<Stats, "mode"> & Partial<Stats>): void {
  const temporary = `${place}.dotm-${randomBytes(6).toString("hex")}`;
  const file = openSync(
    temporary,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  );
  try {
    writeFileSync(file, bytes, { flush: true });
    if (like.uid !== undefined && like.gid !== undefined && process.getuid?.() === 0) {
      fchownSync(file, like.uid, like.gid);
    }
    fchmodSync(file, like.mode & 0o777);
    renameSync(temporary, place);
  } finally {
    closeSync(file);
    rmSync(temporary, { force: true });
  }
}

function fileAt(place: string): GivenFile | undefined {
  let file: number;
  try {
    // Opening a pipe must not wait for who writes into it.
    file = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
  try {
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > LARGEST) {
      throw new Error(stats.isFile() ? `it has more than ${LARGEST} bytes` : "it is no plain file");
    }
    const bytes = readFileSync(file);
    const encoding = isUtf8(bytes) ? "utf8" : "latin1";
    return { text: bytes.toString(encoding), encoding, stats };
  } finally {
    closeSync(file);
  }
}

/** Holds the folder of a file while something is done there: who puts another one in its place changes nothing. */
function withFolder<T>(path: string, act: (place: string) => T): T {
  const real = linkedFrom(path);
  const folder = openSync(dirname(real), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const held = `/proc/self/fd/${folder}`;
    return act(existsSync(held) ? join(held, basename(real)) : real);
  } finally {
    closeSync(folder);
  }
}

/** Where a link leads that root or we ourselves have made; the path itself where it is none. */
function linkedFrom(path: string): string {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink() !== true) {
    return path;
  }
  if (stats.uid !== 0 && stats.uid !== process.geteuid?.()) {
    throw new Error(`it is a symbolic link that user ${stats.uid} has made`);
  }
  return realpathSync(path);
}
