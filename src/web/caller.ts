/**
 * Who asks, and what they may: by token, by name and password, by the word of a trusted proxy, or because they sit at
 * this machine. Nobody else may write; who may read is for whoever configures the port.
 */
import { isUtf8 } from "node:buffer";
import type { Request } from "express";
import { isLoopback } from "../model/address.ts";
import { groupsOf, type Restriction } from "./restriction.ts";

/** What somebody may: look, change settings and rules, change where DOTM reads from. */
export const ROLES = ["viewer", "editor", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** Who asks. `how` is null where nobody said anything: a stranger, who may look where looking is free. */
export interface Caller {
  readonly role: Role;
  /** For the log and the pages; empty for a stranger. */
  readonly name: string;
  readonly how: "token" | "htpasswd" | "proxy" | "loopback" | null;
  /** Host groups whose hosts they see by name, sorted; null for all hosts. Who is restricted is a viewer. */
  readonly sees: readonly string[] | null;
}

/** A caller refused, with the reason. */
export interface CallerRefused {
  readonly status: 400 | 401 | 429 | 503;
  readonly reason: string;
  /** Seconds after which to try again. */
  readonly wait?: number;
}

/** Users and groups that may do more than look. */
export interface Ranks {
  readonly editors: readonly string[];
  readonly admins: readonly string[];
}

/** Users with passwords of their own. */
export interface Passwords extends Ranks {
  /** Whether they are who they say; `wait` is seconds. Never rejects. */
  readonly check: (given: {
    readonly user: string;
    readonly password: string;
    readonly address: string;
  }) => Promise<{ readonly kind: "right" | "wrong" } | { readonly kind: "too often" | "busy"; readonly wait: number }>;
  /** The hash of a user's password as the file is now; undefined for who is not in it. */
  readonly hashOf: (user: string) => string | undefined;
}

/** A proxy that tells who asks. */
export interface TrustedProxy extends Ranks {
  readonly isTrusted: (address: string) => boolean;
  /** Whether what the proxy sends in `X-DOTM-Proxy-Secret` is its secret. */
  readonly isSecret: (given: string | undefined) => boolean;
  /** Names of headers, lower case; null: it names no groups, whatever a browser sends. */
  readonly userHeader: string;
  readonly groupsHeader: string | null;
}

/** How callers are told apart. */
export interface Access {
  /** Whose token it is; undefined where nobody's. @throws DotmError DOTM_CONFIG_INVALID where that cannot be told */
  readonly roleOfToken: (token: string) => { readonly role: Role; readonly name: string } | undefined;
  /** Null where nobody logs in with a password of their own. */
  readonly passwords: Passwords | null;
  readonly proxy: TrustedProxy | null;
  /** Whether everybody may look who reaches the port, or only who is known. */
  readonly read: "known" | "everybody";
  /** What somebody at this machine may do; null: they are strangers. */
  readonly loopback: Role | null;
  /** Host names, and those with their port, under which people reach us beside this machine's own. */
  readonly hosts: readonly string[];
  /** Who sees the hosts of some host groups only. */
  readonly restrictions: readonly Restriction[];
  /** What strangers see; null for all hosts. */
  readonly groupsOfStrangers: readonly string[] | null;
  /** What the names of hidden hosts are made with: the same key makes the same names. */
  readonly aliasKey: Buffer;
}

/** Headers by which a proxy tells that it is one, lower case. */
const FORWARDED =
  /^(?:forwarded|via|x-forwarded(?:-.*)?|x-original-.*|x-envoy-.*|cf-.*|(?:x|true|x-cluster)-(?:client|real)-ip|(?:x-)?remote-(?:user|groups)|x-dotm-proxy-secret)$/;

/** What was found out about requests: who asks is asked at several doors, and a password is checked once. */
const found = new WeakMap<Request, Promise<Caller | CallerRefused>>();

/** Says who asks. */
export function callerOf(request: Request, access: Access): Promise<Caller | CallerRefused> {
  const known = found.get(request) ?? findCaller(request, access);
  found.set(request, known);
  return known;
}

/** How to ask whether who asked may still what they may now: a token may be taken away while an answer goes on for hours. */
export async function followCaller(request: Request, access: Access): Promise<() => Promise<boolean>> {
  const then = await callerOf(request, access);
  const hash = hashOf(then, access);
  return async () => {
    const now = await findCaller(request, access);
    // Whose password cannot be checked at this moment is not sent away for that, as long as it is the same one.
    const isLater = "reason" in now && (now.status === 429 || now.status === 503);
    return isLater ? hashOf(then, access) === hash : JSON.stringify(then) === JSON.stringify(now);
  };
}

function hashOf(caller: Caller | CallerRefused, { passwords }: Access): string | undefined {
  return "how" in caller && caller.how === "htpasswd" ? passwords?.hashOf(caller.name) : undefined;
}

/** Somebody found out, before it is looked at what they may see. */
interface Known extends Omit<Caller, "sees"> {
  /** Groups that a proxy names, as `@GROUP`. */
  readonly groups?: readonly string[];
}

async function findCaller(request: Request, access: Access): Promise<Caller | CallerRefused> {
  const known = await findKnown(request, access);
  if ("reason" in known) {
    return known;
  }
  const { groups = [], ...caller } = known;
  const names = known.how === "loopback" ? [] : [known.name, ...groups];
  const sees = groupsOf(names, known.role === "viewer", access.restrictions);
  return { ...caller, role: sees === null ? known.role : "viewer", sees };
}

async function findKnown(request: Request, access: Access): Promise<Known | CallerRefused> {
  const authorization = request.get("authorization");
  const basic = basicOf(authorization);
  const token = bearerOf(authorization) ?? basic?.password;
  if (token !== undefined) {
    const known = access.roleOfToken(token);
    if (known !== undefined) {
      return { role: known.role, name: known.name, how: "token" };
    }
    return basic === undefined || access.passwords === null
      ? { status: 401, reason: "This token is not known. Make one: dotm token add NAME --role editor" }
      : userOf(basic, request, access.passwords);
  }
  const proxied = access.proxy === null ? undefined : proxiedCaller(request, access.proxy, access.restrictions);
  if (proxied !== undefined) {
    return proxied;
  }
  const atHome = localRole(request, access);
  return atHome === null
    ? { role: "viewer", name: "", how: null }
    : { role: atHome, name: "this machine", how: "loopback" };
}

/** Somebody with a name and a password of their own. */
async function userOf(basic: Basic, request: Request, passwords: Passwords): Promise<Known | CallerRefused> {
  const verdict = await passwords.check({ ...basic, address: request.socket.remoteAddress ?? "" });
  switch (verdict.kind) {
    case "right":
      return { role: roleAmong([basic.user], passwords), name: basic.user, how: "htpasswd" };
    case "wrong":
      return { status: 401, reason: "This name and this password do not belong together." };
    case "too often":
      return { status: 429, reason: "Too many wrong passwords for this name.", wait: verdict.wait };
    case "busy":
      return { status: 503, reason: "Too many passwords are being checked.", wait: verdict.wait };
  }
}

/** Whether somebody of this role may do what another role is needed for. */
export function mayAs(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** A token as programs send it. */
function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(authorization ?? "")?.[1];
}

/** What a browser was given. */
interface Basic {
  readonly user: string;
  readonly password: string;
}

function basicOf(authorization: string | undefined): Basic | undefined {
  const text = /^Basic +([A-Za-z0-9+/=]{1,2048}) *$/i.exec(authorization ?? "")?.[1];
  const [, user = "", password = ""] = /^([^:]*):(.*)$/s.exec(Buffer.from(text ?? "", "base64").toString()) ?? [];
  return text === undefined ? undefined : { user, password };
}

/** The highest rank that any of the names has. */
function roleAmong(names: readonly string[], { editors, admins }: Ranks): Role {
  const among = (list: readonly string[]) => names.some((name) => list.includes(name));
  const lesser = among(editors) ? "editor" : "viewer";
  return among(admins) ? "admin" : lesser;
}

/** What proxies send of whom nobody asked for a login: an empty variable, as web servers print it. */
const NOBODY: ReadonlySet<string> = new Set(["", "-", "(null)"]);

function proxiedCaller(
  request: Request,
  proxy: TrustedProxy,
  restrictions: readonly Restriction[],
): Known | CallerRefused | undefined {
  const user = toldIn(request, proxy.userHeader);
  if (user === undefined) {
    return undefined;
  }
  const isProxy = proxy.isTrusted(request.socket.remoteAddress ?? "");
  if (!(isProxy && proxy.isSecret(request.get("x-dotm-proxy-secret")))) {
    return { status: 400, reason: `Only the trusted proxy may send ${proxy.userHeader}.` };
  }
  const twice = [proxy.userHeader, proxy.groupsHeader ?? ""].find((header) => linesOf(request, header) > 1);
  if (twice !== undefined) {
    return { status: 400, reason: `${twice} came twice: the proxy must replace what browsers send.` };
  }
  if (NOBODY.has(user)) {
    return { role: "viewer", name: "", how: null };
  }
  if (user.startsWith("@")) {
    return { status: 400, reason: `${proxy.userHeader} names a group, and no user.` };
  }
  const told = proxy.groupsHeader === null ? "" : toldIn(request, proxy.groupsHeader);
  // A browser can have some proxies forget a header on the way, and with it what its user may not see.
  if (told === undefined && restrictions.some(({ who }) => who.some((name) => name.startsWith("@")))) {
    return { status: 400, reason: `auth.restrict goes by groups, and the proxy sent no ${proxy.groupsHeader}.` };
  }
  const groups = (told ?? "").split(/[,;|]/).map((group) => `@${group.trim()}`);
  return { role: roleAmong([user, ...groups], proxy), name: user, how: "proxy", groups };
}

function linesOf(request: Request, header: string): number {
  return request.headersDistinct[header]?.length ?? 0;
}

/** What a header says; names in UTF-8, as proxies write them, reach us byte for byte. */
function toldIn(request: Request, header: string): string | undefined {
  const given = request.get(header);
  const bytes = Buffer.from(given ?? "", "latin1");
  return given !== undefined && isUtf8(bytes) ? bytes.toString() : given;
}

/**
 * What somebody may do as they sit at this machine; null where they do not, or it gives nothing. Who comes through a proxy on
 * it does not: those say so, or speak HTTP/1.0.
 */
export function localRole(request: Request, { loopback, proxy }: Pick<Access, "loopback" | "proxy">): Role | null {
  const said = [proxy?.userHeader, proxy?.groupsHeader];
  const isForwarded = Object.keys(request.headers).some((header) => FORWARDED.test(header) || said.includes(header));
  const isHere = isLoopback(request.socket.remoteAddress ?? "") && !isForwarded && request.httpVersion !== "1.0";
  return isHere ? loopback : null;
}
