/** Tokens of agents: who speaks for which host. Only hashes are kept. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Hashes of the tokens of one host; two at most, so that one can be exchanged for the next without a gap. */
export interface TokenEntry {
  readonly host: string;
  /** `hashToken` of each token. */
  readonly hashes: readonly string[];
}

/** Whether a token speaks for a host. */
export type TokenCheck = (host: string, token: string | undefined) => boolean;

const TOKENS_PER_HOST = 2;
/** The secrets are random and long: a slow hash would only give attackers a way to keep us busy. */
const ALGORITHM = "sha256";

/** A new token; it is shown once and never kept. */
export function makeToken(): string {
  return `dotm_${randomBytes(32).toString("base64url")}`;
}

/** What is kept of a token: sha256, in hexadecimal. */
export function hashToken(token: string): string {
  return createHash(ALGORITHM).update(token).digest("hex");
}

/** The token of an `Authorization: Bearer …` header; undefined for anything else. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(authorization ?? "")?.[1];
}

/**
 * A check against the hashes of all hosts. It does the same work for known and unknown hosts and never stops at the
 * first difference, so that its time tells nothing. Of more than two hashes of a host the last two are valid.
 */
export function createTokenCheck(entries: readonly TokenEntry[]): TokenCheck {
  const byHost = new Map(entries.map(({ host, hashes }) => [host, hashes.slice(-TOKENS_PER_HOST).map(digestOf)]));
  // Of a token that nobody has: fills the places of hosts with fewer tokens and of hosts that are not known.
  const nobody = randomBytes(32);
  return (host, token) => {
    const given = createHash(ALGORITHM)
      .update(token ?? "")
      .digest();
    const known = byHost.get(host) ?? [];
    let matches = 0;
    for (let i = 0; i < TOKENS_PER_HOST; i++) {
      matches += timingSafeEqual(given, known[i] ?? nobody) ? 1 : 0;
    }
    return matches > 0 && token !== undefined && token !== "";
  };
}

/** Whether a token is one of these, whoever it speaks for. What is looked up is its hash: that takes as long for any token. */
export function createTokenSet(entries: readonly TokenEntry[]): (token: string | undefined) => boolean {
  const valid = new Set(entries.flatMap(({ hashes }) => hashes.slice(-TOKENS_PER_HOST)));
  return (token) => token !== undefined && valid.has(hashToken(token));
}

/** Bytes of a hash; undefined for a text that is none, which then never matches. */
function digestOf(hash: string): Buffer | undefined {
  return /^[0-9a-f]{64}$/i.test(hash) ? Buffer.from(hash, "hex") : undefined;
}
