/**
 * Who asks, and what they may: by token, by the word of a trusted proxy, or because they sit at this machine. Nobody
 * else may write; who may read is for whoever configures the port.
 */
import type { Request } from "express";
import { isLoopback } from "../model/address.ts";

/** What somebody may: look, change settings and rules, change where DOTM reads from. */
export const ROLES = ["viewer", "editor", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who asks. `how` is null where nobody said anything: a stranger, who may look where looking is free. */
export interface Caller {
  readonly role: Role;
  /** For the log and the pages; empty for a stranger. */
  readonly name: string;
  readonly how: "token" | "proxy" | "loopback" | null;
}

/** A caller refused, with the reason. */
export interface CallerRefused {
  readonly status: 400 | 401;
  readonly reason: string;
}

/** A proxy that tells who asks. */
export interface TrustedProxy {
  readonly isTrusted: (address: string) => boolean;
  /** Whether what the proxy sends in `X-DOTM-Proxy-Secret` is its secret. */
  readonly isSecret: (given: string | undefined) => boolean;
  /** Names of headers, lower case. */
  readonly userHeader: string;
  readonly groupsHeader: string;
  /** Users and groups that may do more than look. */
  readonly editors: readonly string[];
  readonly admins: readonly string[];
}

/** How callers are told apart. */
export interface Access {
  /** Whose token it is; undefined where nobody's. */
  readonly roleOfToken: (token: string) => { readonly role: Role; readonly name: string } | undefined;
  readonly proxy: TrustedProxy | null;
  /** Whether everybody may look who reaches the port, or only who is known. */
  readonly read: "known" | "everybody";
  /** Host names, and those with their port, under which people reach us beside this machine's own. */
  readonly hosts: readonly string[];
}

/** Headers by which a proxy tells that it is one. */
const FORWARDED = [
  ...["forwarded", "via", "x-real-ip", "x-forwarded-for", "x-forwarded-host"],
  ...["x-forwarded-proto", "x-forwarded-prefix", "x-forwarded-server", "x-forwarded-user"],
];

/** Says who asks. */
export function callerOf(request: Request, access: Access): Caller | CallerRefused {
  const token = tokenOf(request.get("authorization"));
  if (token !== undefined) {
    const known = access.roleOfToken(token);
    return known === undefined
      ? { status: 401, reason: "This token is not known. Make one: dotm token add NAME --role editor" }
      : { ...known, how: "token" };
  }
  const proxied = access.proxy === null ? undefined : proxiedCaller(request, access.proxy);
  if (proxied !== undefined) {
    return proxied;
  }
  return isLocal(request)
    ? { role: "admin", name: "this machine", how: "loopback" }
    : { role: "viewer", name: "", how: null };
}

/** Whether somebody of this role may do what another role is needed for. */
export function mayAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** A token as programs send it, or as the password a browser was given. */
function tokenOf(authorization: string | undefined): string | undefined {
  const bearer = /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(authorization ?? "")?.[1];
  const basic = /^Basic +([A-Za-z0-9+/=]{1,1024}) *$/i.exec(authorization ?? "")?.[1];
  return (
    bearer ??
    (basic === undefined
      ? undefined
      : Buffer.from(basic, "base64")
          .toString()
          .replace(/^[^:]*:/, ""))
  );
}

function proxiedCaller(request: Request, proxy: TrustedProxy): Caller | CallerRefused | undefined {
  const user = request.get(proxy.userHeader);
  if (user === undefined) {
    return undefined;
  }
  const isProxy = proxy.isTrusted(request.socket.remoteAddress ?? "");
  if (!(isProxy && proxy.isSecret(request.get("x-dotm-proxy-secret")))) {
    return { status: 400, reason: `Only the trusted proxy may send ${proxy.userHeader}.` };
  }
  const names = [user, ...(request.get(proxy.groupsHeader) ?? "").split(/[,;|]/).map((group) => `@${group.trim()}`)];
  const among = (list: readonly string[]) => names.some((name) => list.includes(name));
  const lesser = among(proxy.editors) ? "editor" : "viewer";
  return { role: among(proxy.admins) ? "admin" : lesser, name: user, how: "proxy" };
}

/** Whether it comes from this machine and not from a proxy on it: those say so, or speak HTTP/1.0. */
function isLocal(request: Request): boolean {
  const isForwarded = FORWARDED.some((header) => request.get(header) !== undefined);
  return isLoopback(request.socket.remoteAddress ?? "") && !isForwarded && request.httpVersion !== "1.0";
}
