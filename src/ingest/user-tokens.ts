/** Tokens of people and programs that look or write: a file of hashes, written by `dotm token`, followed by the daemon. */
import { timingSafeEqual } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { DotmError, messageOf } from "../errors.ts";
import { hashToken, makeToken } from "./agent-tokens.ts";

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

const entries = z.array(
  z.object({
    name: z.string().min(1).max(100),
    role: z.enum(TOKEN_ROLES),
    hash: z.string().regex(/^[0-9a-f]{64}$/),
    created: z.number(),
  }),
);

/**
 * Reads the file; no file means no tokens.
 * @throws DotmError DOTM_CONFIG_INVALID where it cannot be read or is not what it should be
 */
export function readUserTokens(file: string): UserToken[] {
  try {
    return entries.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return [];
    }
    const next = "Make it readable for the user DOTM runs as, or make tokens anew: dotm token add NAME";
    throw new DotmError("DOTM_CONFIG_INVALID", `cannot read the tokens in ${file}: ${messageOf(error)}`, next, {
      cause: error,
    });
  }
}

/** Makes a token in place of the one of that name, and returns it; it is shown only now. `now` in Unix seconds. */
export function addUserToken(file: string, name: string, role: TokenRole, now: number): string {
  const token = makeToken();
  const others = readUserTokens(file).filter((known) => known.name !== name);
  write(file, [...others, { name, role, hash: hashToken(token), created: Math.floor(now) }]);
  return token;
}

/** Takes a token back; false where there is none of that name. */
export function removeUserToken(file: string, name: string): boolean {
  const known = readUserTokens(file);
  const others = known.filter((token) => token.name !== name);
  if (others.length < known.length) {
    write(file, others);
  }
  return others.length < known.length;
}

/** Whose a token is, by the file as it is now: a new one works at once, a removed one no longer. */
export function followUserTokens(file: string): (token: string) => UserToken | undefined {
  let stamp = "";
  let known: readonly UserToken[] = [];
  return (token) => {
    const now = stampOf(file);
    if (now !== stamp) {
      known = readUserTokens(file);
      stamp = now;
    }
    const given = Buffer.from(hashToken(token), "hex");
    // All are compared, so that the time tells nothing.
    return known.filter(({ hash }) => timingSafeEqual(Buffer.from(hash, "hex"), given))[0];
  };
}

function write(file: string, tokens: readonly UserToken[]): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(tokens, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(temporary, file);
}

function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "none" : `${found.ino} ${found.mtimeMs} ${found.size}`;
}
