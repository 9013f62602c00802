/** The key from which names of hidden hosts are made, kept in the data folder so that they stay what they are. */

import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isMissing } from "../errors.ts";

const FILE = "alias.key";
const BYTES = 32;

/** Reads the key, or makes it. Processes that share one show the same names. */
export function aliasKey(dataDir: string): Buffer {
  const file = join(dataDir, FILE);
  const known = readIfThere(file);
  if (known !== undefined && known.length >= BYTES) {
    return known;
  }
  const made = randomBytes(BYTES);
  writeFileSync(file, made, { mode: 0o600, flush: true });
  return made;
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}
