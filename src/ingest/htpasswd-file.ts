/** The users of an htpasswd file, as Nagios and Apache share one (`htpasswd.users`); read again when it changes. */
import { readFileSync } from "node:fs";
import { followHashFile } from "./hash-file.ts";
import { costOf } from "./htpasswd-hash.ts";

/** Users read at most, and bytes of a file. */
const MOST_USERS = 10_000;
const LARGEST = 4_000_000;

/** What a file holds. */
export interface HtpasswdUsers {
  /** Hash by name. */
  readonly hashes: ReadonlyMap<string, string>;
  /** Names whose password we cannot check: crypt, plain text, newer kinds, too dear ones. */
  readonly unusable: readonly string[];
  /** The hash that is dearest to check; empty where there is none. */
  readonly dearest: string;
}

/** Reads the text: `NAME:HASH` lines; of a name that stands there twice the first counts, as for Apache. */
export function readHtpasswd(text: string): HtpasswdUsers {
  const hashes = new Map<string, string>();
  const unusable: string[] = [];
  const seen = new Set<string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, hash = ""] = /^([^#:\s][^:]{0,254}):([^:\s]+)/.exec(line) ?? [];
    if (name !== undefined && !seen.has(name) && seen.size < MOST_USERS) {
      seen.add(name);
      costOf(hash) === 0 ? unusable.push(name) : hashes.set(name, hash);
    }
  }
  const dearest = [...hashes.values()].reduce((a, b) => (costOf(b) > costOf(a) ? b : a), "");
  return { hashes, unusable, dearest };
}

/**
 * The users as the file is now. Where it cannot be read nobody is known, and `told` hears why, once for each state of it.
 */
export function followHtpasswd(file: string, told: (read: HtpasswdUsers | Error) => void): () => HtpasswdUsers {
  return followHashFile(file, () => {
    try {
      const bytes = readFileSync(file);
      const users = readHtpasswd(bytes.subarray(0, LARGEST).toString());
      told(users);
      return users;
    } catch (error) {
      told(error as Error);
      return NOBODY;
    }
  });
}

const NOBODY: HtpasswdUsers = { hashes: new Map(), unusable: [], dearest: "" };
