/** A file of hashes of tokens: JSON, replaced whole by `dotm`, followed by the daemon. */
import { randomBytes } from "node:crypto";
import { constants, fchownSync, lstatSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { z } from "zod";
import { DotmError, isMissing, messageOf } from "../errors.ts";
import { makeFolder } from "../make-folder.ts";
import { withOwnFile } from "../own-file.ts";

/** What such a file holds. */
export interface HashFileKind<Entry> {
  readonly entries: z.ZodType<Entry[]>;
  /** For people: `the agents' tokens`. */
  readonly what: string;
  /** The command that makes a token anew. */
  readonly remake: string;
}

/**
 * Reads the file; no file means no tokens.
 * @throws DotmError DOTM_CONFIG_INVALID where it cannot be read or is not what it should be
 */
export function readHashFile<Entry>(file: string, { entries, what, remake }: HashFileKind<Entry>): Entry[] {
  try {
    return entries.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    const next = `Make it readable for the user DOTM runs as, or make tokens anew: ${remake}`;
    throw new DotmError("DOTM_CONFIG_INVALID", `cannot read ${what} in ${file}: ${messageOf(error)}`, next, {
      cause: error,
    });
  }
}

/** Replaces the file. It stays whose it is, or is its folder's owner's: who calls the command as root runs DOTM as another. */
export function writeHashFile(file: string, entries: readonly object[]): void {
  makeFolder(dirname(file), 0o700);
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  const before = lstatSync(file, { throwIfNoEntry: false });
  try {
    withOwnFile(temporary, constants.O_EXCL, (descriptor) => {
      writeFileSync(descriptor, `${JSON.stringify(entries, null, 2)}\n`, { flush: true });
      if (process.geteuid?.() === 0 && before !== undefined && before.uid !== 0) {
        fchownSync(descriptor, before.uid, before.gid);
      }
    });
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** What `read` makes of the file as it is now: read again only where it was replaced. */
export function followHashFile<Read>(file: string, read: () => Read): () => Read {
  let known: { readonly stamp: string; readonly content: Read } | undefined;
  return () => {
    const stamp = stampOf(file);
    if (known?.stamp !== stamp) {
      known = { stamp, content: read() };
    }
    return known.content;
  };
}

/** Another text once a file was replaced or written to, or cannot be looked at. */
export function stampOf(file: string): string {
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? "none" : `${found.ino} ${found.mtimeMs} ${found.size}`;
  } catch (error) {
    // Whoever reads it then says why it cannot.
    return messageOf(error);
  }
}
