/** The file of agents' tokens: JSON, an array of host and hashes; written by `dotm agent token`, followed by the daemon. */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { DotmError, messageOf } from "../errors.ts";
import { createTokenCheck, hashToken, makeToken, type TokenCheck, type TokenEntry } from "./agent-tokens.ts";

const entries = z.array(
  z.object({ host: z.string().min(1).max(255), hashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)) }),
);

/**
 * Reads the file; no file means no tokens.
 * @throws DotmError DOTM_CONFIG_INVALID where it cannot be read or is not what it should be
 */
export function readTokenFile(file: string): TokenEntry[] {
  try {
    return entries.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return [];
    }
    const next = "Make it readable for the user DOTM runs as, or make tokens anew: dotm agent token HOST";
    throw new DotmError("DOTM_CONFIG_INVALID", `cannot read the agents' tokens in ${file}: ${messageOf(error)}`, next, {
      cause: error,
    });
  }
}

/** Makes a token for a host, stores its hash (the one before stays valid) and returns the token; it is shown only now. */
export function addToken(file: string, host: string): string {
  const token = makeToken();
  const known = readTokenFile(file);
  const before = known.find((entry) => entry.host === host)?.hashes.slice(-1) ?? [];
  const after = [...known.filter((entry) => entry.host !== host), { host, hashes: [...before, hashToken(token)] }];
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(after, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(temporary, file);
  return token;
}

/** A check against the file as it is now: a new token works at once, a removed one no longer. */
export function followTokenFile(file: string): TokenCheck {
  let stamp = "";
  let check: TokenCheck = () => false;
  return (host, token) => {
    const now = stampOf(file);
    if (now !== stamp) {
      check = createTokenCheck(readTokenFile(file));
      stamp = now;
    }
    return check(host, token);
  };
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.ino} ${found.mtimeMs} ${found.size}`;
}
