/** Tokens of people and programs that look or write: a file of hashes, written by `dotm token`, followed by the daemon. */
import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { hashToken, makeToken } from "./agent-tokens.ts";
import { followHashFile, type HashFileKind, readHashFile, writeHashFile } from "./hash-file.ts";

/** What a token allows. */
export const TOKEN_ROLES = ["viewer", "editor", "admin"] as const;
export type TokenRole = (typeof TOKEN_ROLES)[number];

/** One token; its hash only. */
export interface UserToken {
  readonly name: string;
  readonly role: TokenRole;
  /** sha256, hexadecimal. */
  readonly hash: string;
  /** Unix seconds. */
  readonly created: number;
}

const KIND: HashFileKind<UserToken> = {
  entries: z.array(
    z.object({
      name: z.string().min(1).max(100),
      role: z.enum(TOKEN_ROLES),
      hash: z.string().regex(/^[0-9a-f]{64}$/),
      created: z.number(),
    }),
  ),
  what: "the tokens",
  remake: "dotm token add NAME",
};

/**
 * Reads the file; no file means no tokens.
 * @throws DotmError DOTM_CONFIG_INVALID where it cannot be read or is not what it should be
 */
export function readUserTokens(file: string): UserToken[] {
  return readHashFile(file, KIND);
}

/** Makes a token in place of the one of that name, and returns it; it is shown only now. `now` in Unix seconds. */
export function addUserToken(file: string, name: string, role: TokenRole, now: number): string {
  const token = makeToken();
  const others = readUserTokens(file).filter((known) => known.name !== name);
  writeHashFile(file, [...others, { name, role, hash: hashToken(token), created: Math.floor(now) }]);
  return token;
}

/** Takes a token back; false where there is none of that name. */
export function removeUserToken(file: string, name: string): boolean {
  const known = readUserTokens(file);
  const others = known.filter((token) => token.name !== name);
  if (others.length < known.length) {
    writeHashFile(file, others);
  }
  return others.length < known.length;
}

/** Whose a token is, by the file as it is now: a new one works at once, a removed one no longer. */
export function followUserTokens(file: string): (token: string) => UserToken | undefined {
  const tokens = followHashFile(file, () => readUserTokens(file));
  return (token) => {
    const given = Buffer.from(hashToken(token), "hex");
    // All are compared, so that the time tells nothing.
    return tokens().filter(({ hash }) => timingSafeEqual(Buffer.from(hash, "hex"), given))[0];
  };
}
