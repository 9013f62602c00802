/** What `auth` may say: who may read, whose tokens and passwords hold, and which proxy tells who asks. */
import { z } from "zod";
import type { AuthConfig } from "./config-value.ts";
import { readSecret } from "./secret.ts";

const text = z.string().min(1, "must not be empty");

const header = z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, "must be the name of a header");

const who = z.array(text).default([]);

const EXAMPLE = {
  read: "known",
  loopback: "admin",
  tokens_file: "/var/lib/dotm/tokens.json",
  htpasswd: { file: "/etc/nagios4/htpasswd.users", editors: ["alice"], admins: ["root"] },
  restrict: [{ who: ["bob", "@shop"], host_groups: ["shop-servers"] }],
  proxy: {
    addresses: ["127.0.0.1"],
    secret_file: "/etc/dotm/proxy.secret",
    user_header: "X-Forwarded-User",
    groups_header: "X-Forwarded-Groups",
    editors: ["alice", "@sysops"],
    admins: ["root"],
  },
};

/** `auth: none` is a short way to write `read: everybody`. */
export const authSchema = z
  .strictObject({
    read: z
      .enum(["known", "everybody"])
      .default("known")
      .describe("Who may look: those with a token or a trusted proxy's word, or everybody who reaches web.listen"),
    loopback: z
      .enum(["admin", "editor", "viewer", "nobody"])
      .optional()
      .describe(
        "What those may do who come from this machine itself; default: admin. `nobody` where a proxy on it that adds no header brings others, or where others log in on it",
      ),
    tokens_file: text
      .optional()
      .describe("Hashes of tokens that `dotm token add` makes; default: tokens.json in data_dir"),
    htpasswd: z
      .strictObject({
        file: text.describe(
          "File of names and passwords that Apache's htpasswd makes (bcrypt, apr1, SHA); Nagios' own will do",
        ),
        editors: who.describe("Users that may change settings and rules; everybody else in the file may look"),
        admins: who.describe("Users that may also change where DOTM reads from"),
      })
      .optional()
      .describe("People who log in with a name and a password"),
    restrict: z
      .array(
        z.strictObject({
          who: z
            .array(text)
            .min(1, "must name somebody")
            .describe(
              "Users, names of tokens, groups of the proxy as @NAME; * is every viewer that no other line names",
            ),
          host_groups: z.array(text).describe("Host groups of the monitoring"),
        }),
      )
      .default([])
      .describe("Who sees only the hosts of some host groups by name; they are viewers, whatever else lists say")
      .meta({ examples: [[{ who: ["bob", "@shop"], host_groups: ["shop-servers"] }]] }),
    proxy: z
      .strictObject({
        addresses: z
          .array(
            z.string().regex(/^[\da-fA-F.:]+(?:\/\d{1,3})?$/, "must be an address or a network such as 10.0.0.0/24"),
          )
          .min(1, "needs one at least")
          .describe("Addresses of the proxy"),
        secret_file: text
          .optional()
          .describe("File with what the proxy sends in X-DOTM-Proxy-Secret, so that nobody else on its machine can"),
        user_header: header.default("X-Forwarded-User").describe("Header that names the user"),
        groups_header: header
          .optional()
          .describe(
            "Header that names the user's groups; without it nobody is in any. The proxy must always send its own",
          )
          .meta({ examples: ["X-Forwarded-Groups"] }),
        editors: who.describe("Users, or groups as @NAME, that may change settings and rules"),
        admins: who.describe("Users, or groups as @NAME, that may also change where DOTM reads from"),
      })
      .optional()
      .describe("A reverse proxy that logs people in"),
  })
  .optional()
  .describe("Who may look and who may write; needed where web.listen is not loopback. `none` lets everybody look")
  .meta({ examples: [EXAMPLE] });

/** The value handed down; `file` makes a path absolute. @throws DotmError where the proxy's secret cannot be read */
export function authConfig(
  auth: z.output<typeof authSchema>,
  tokensFile: string,
  file: (path: readonly string[], value: string) => string,
): AuthConfig {
  const proxy = auth?.proxy;
  const secretFile = proxy?.secret_file;
  const htpasswd = auth?.htpasswd;
  return {
    read: auth?.read ?? "everybody",
    loopback: auth?.loopback === "nobody" ? null : (auth?.loopback ?? "admin"),
    tokensFile: auth?.tokens_file === undefined ? tokensFile : file(["auth", "tokens_file"], auth.tokens_file),
    restrict: (auth?.restrict ?? []).map(({ who, host_groups: hostGroups }) => ({ who, hostGroups })),
    htpasswd: htpasswd === undefined ? null : { ...htpasswd, file: file(["auth", "htpasswd", "file"], htpasswd.file) },
    proxy:
      proxy === undefined
        ? null
        : {
            addresses: proxy.addresses,
            secret: secretFile === undefined ? null : readSecret(file(["auth", "proxy", "secret_file"], secretFile)),
            userHeader: proxy.user_header.toLowerCase(),
            groupsHeader: proxy.groups_header?.toLowerCase() ?? null,
            editors: proxy.editors,
            admins: proxy.admins,
          },
  };
}

/** The configuration as plain values, with `auth: none` written out. */
export function withAuthWord(values: unknown): unknown {
  const isObject = typeof values === "object" && values !== null && "auth" in values;
  return isObject && values.auth === "none" ? { ...values, auth: { read: "everybody" } } : values;
}
