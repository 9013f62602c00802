/** The ways in which Apache's `htpasswd` keeps a password, told apart and checked: bcrypt, apr1 (its default), md5-crypt, SHA. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import apacheMd5 from "apache-md5";
import { compare } from "bcryptjs";

/** What a line holds behind the name, and how dear it is to check, for comparing. */
export interface HashKind {
  readonly kind: "bcrypt" | "md5" | "sha";
  readonly cost: number;
}

/** Its types name a default export; the module itself is the function. */
const md5Crypt = apacheMd5 as unknown as (password: string, hash: string) => string;

/** Dearer ones take seconds to check and are refused: 2 to this power rounds. */
const DEAREST = 14;

/** Reads which kind a hash is; undefined where we cannot check it. */
export function hashKind(hash: string): HashKind | undefined {
  const bcrypt = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash);
  if (bcrypt !== null) {
    const rounds = Number(bcrypt[1]);
    return rounds >= 4 && rounds <= DEAREST ? { kind: "bcrypt", cost: 2 ** rounds } : undefined;
  }
  if (/^\$(?:apr1|1)\$[^$]{1,8}\$[./A-Za-z0-9]{22}$/.test(hash)) {
    return { kind: "md5", cost: 2 };
  }
  return /^\{SHA\}[A-Za-z0-9+/]{27}=$/.test(hash) ? { kind: "sha", cost: 1 } : undefined;
}

/** Whether a password is the one of a hash; false for what we cannot check. */
export async function isPasswordOf(password: string, hash: string): Promise<boolean> {
  switch (hashKind(hash)?.kind) {
    case "bcrypt":
      return compare(password, hash);
    case "md5":
      // The library takes each character for a byte.
      return isSame(md5Crypt(Buffer.from(password).toString("latin1"), hash), hash);
    case "sha":
      return isSame(`{SHA}${createHash("sha1").update(password).digest("base64")}`, hash);
    default:
      return false;
  }
}

/** How dear a hash is to check; 0 for one that we cannot. */
export function costOf(hash: string): number {
  return hashKind(hash)?.cost ?? 0;
}

/** A hash of nobody's password that takes as long to check as another one. */
export function decoyOf(hash: string): string {
  const letters = randomBytes(64).toString("base64url").replaceAll(/[-_]/g, "A");
  return hash.replace(/[^$}=]+(?==?$)/, (end) => letters.slice(0, end.length));
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
