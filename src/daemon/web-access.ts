/** Who may look and who may write, as the configuration says. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { AuthConfig, HtpasswdConfig, ProxyConfig, WebConfig } from "../config/config-value.ts";
import { DotmError, messageOf } from "../errors.ts";
import { followHtpasswd, type HtpasswdUsers } from "../ingest/htpasswd-file.ts";
import { PasswordDoor } from "../ingest/password-door.ts";
import { followUserTokens } from "../ingest/user-tokens.ts";
import type { Logger } from "../logger.ts";
import { createNetworks } from "../model/address.ts";
import type { Access, Passwords, TrustedProxy } from "../web/caller.ts";
import { groupsOf } from "../web/restriction.ts";

/** What telling people apart needs beside the configuration. */
export interface AccessDeps {
  /** Unix seconds. */
  readonly now: () => number;
  readonly logger: Logger;
  /** What names of hidden hosts are made with. */
  readonly aliasKey: () => Buffer;
}

/** The web's side of `auth` and `web.hosts`. */
export function webAccess(auth: AuthConfig, web: Pick<WebConfig, "hosts">, deps: AccessDeps): Access {
  return {
    roleOfToken: userTokens(auth.tokensFile, deps.logger),
    passwords: auth.htpasswd === null ? null : passwords(auth.htpasswd, deps),
    proxy: auth.proxy === null ? null : trustedProxy(auth.proxy),
    hosts: web.hosts,
    read: auth.read,
    loopback: auth.loopback,
    restrictions: auth.restrict,
    groupsOfStrangers: groupsOf([], true, auth.restrict),
    aliasKey: auth.restrict.length === 0 ? Buffer.alloc(0) : deps.aliasKey(),
  };
}

/** Whose token it is. Where the file cannot be read whoever asks learns that much, and the log why. */
function userTokens(file: string, logger: Logger): Access["roleOfToken"] {
  const find = followUserTokens(file);
  let told = "";
  return (token) => {
    try {
      return find(token);
    } catch (error) {
      const reason = messageOf(error);
      if (reason !== told) {
        told = reason;
        logger.error({ file, error: reason }, "auth.tokens_file cannot be read; nobody can log in with a token");
      }
      const text = "It cannot be told whose token this is: DOTM cannot read its tokens.";
      throw new DotmError("DOTM_CONFIG_INVALID", text, "Its log says why.", { cause: error });
    }
  };
}

function passwords({ file, editors, admins }: HtpasswdConfig, { now, logger }: AccessDeps): Passwords {
  const told = (read: HtpasswdUsers | Error): void => {
    if (read instanceof Error) {
      logger.error({ file, error: messageOf(read) }, "auth.htpasswd cannot be read; nobody can log in with a password");
    } else if (read.unusable.length > 0) {
      const users = read.unusable.slice(0, 20);
      logger.warn({ file, users }, "passwords that cannot be checked; make them anew: htpasswd -B FILE USER");
    }
  };
  const users = followHtpasswd(file, told);
  // Told at the start, not at the first login.
  users();
  const door = new PasswordDoor(users, now);
  return { editors, admins, check: (given) => door.check(given), hashOf: (user) => users().hashes.get(user) };
}

function trustedProxy({ addresses, secret, ...rest }: ProxyConfig): TrustedProxy {
  const networks = createNetworks(addresses);
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const wanted = secret === null ? null : digest(secret.reveal());
  return {
    ...rest,
    isTrusted: (address) => networks.has(address),
    isSecret: (given) => wanted === null || timingSafeEqual(digest(given ?? ""), wanted),
  };
}
