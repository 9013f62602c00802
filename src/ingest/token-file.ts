/** The file of agents' tokens: an array of host and hashes; written by `dotm agent token`. */
import { z } from "zod";
import {
  createTokenCheck,
  createTokenSet,
  hashToken,
  makeToken,
  type TokenCheck,
  type TokenEntry,
} from "./agent-tokens.ts";
import { followHashFile, type HashFileKind, readHashFile, writeHashFile } from "./hash-file.ts";

const KIND: HashFileKind<TokenEntry> = {
  entries: z.array(z.object({ host: z.string().min(1).max(255), hashes: z.array(z.string().regex(/^[0-9a-f]{64}$/)) })),
  what: "the agents' tokens",
  remake: "dotm agent token HOST",
};

/**
 * Reads the file; no file means no tokens.
 * @throws DotmError DOTM_CONFIG_INVALID where it cannot be read or is not what it should be
 */
export function readTokenFile(file: string): TokenEntry[] {
  return readHashFile(file, KIND);
}

/** Makes a token for a host, stores its hash (the one before stays valid) and returns the token; it is shown only now. */
export function addToken(file: string, host: string): string {
  const token = makeToken();
  const known = readTokenFile(file);
  const before = known.find((entry) => entry.host === host)?.hashes.slice(-1) ?? [];
  const others = known.filter((entry) => entry.host !== host);
  writeHashFile(file, [...others, { host, hashes: [...before, hashToken(token)] }]);
  return token;
}

/** What the file says of a token. */
export interface AgentTokens {
  readonly speaksFor: TokenCheck;
  /** Whether it speaks for any host at all. */
  readonly isKnown: (token: string | undefined) => boolean;
}

/** Goes by the file as it is now: a new token works at once, a removed one no longer. */
export function followTokenFile(file: string): AgentTokens {
  const current = followHashFile(file, () => {
    const entries = readTokenFile(file);
    return { speaksFor: createTokenCheck(entries), isKnown: createTokenSet(entries) };
  });
  return {
    speaksFor: (host, token) => current().speaksFor(host, token),
    isKnown: (token) => current().isKnown(token),
  };
}
