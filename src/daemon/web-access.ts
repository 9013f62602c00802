/** Who may look and who may write, as the configuration says. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { AuthConfig, ProxyConfig, WebConfig } from "../config/config-value.ts";
import { followUserTokens } from "../ingest/user-tokens.ts";
import { createNetworks } from "../model/address.ts";
import type { Access, TrustedProxy } from "../web/caller.ts";

/** The web's side of `auth` and `web.hosts`. */
export function webAccess(auth: AuthConfig, web: Pick<WebConfig, "hosts">): Access {
  return {
    roleOfToken: followUserTokens(auth.tokensFile),
    proxy: auth.proxy === null ? null : trustedProxy(auth.proxy),
    hosts: web.hosts,
    read: auth.read,
  };
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
