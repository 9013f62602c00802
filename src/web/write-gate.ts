/** The door of everything that writes: who may, and whether they mean it. What goes through it, or not, is written down. */
import type { Request, Response } from "express";
import type { Actor } from "../audit/audit-entry.ts";
import type { Logger } from "../logger.ts";
import type { Audit, Editing } from "./app-deps.ts";
import { pathOf } from "./base-path.ts";
import { type Access, type Caller, type CallerRefused, callerOf, mayAs, type Role } from "./caller.ts";
import { foreignHand } from "./own-origin.ts";
import { asWrite } from "./response-headers.ts";

/** A refusal. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 429 | 503;
  readonly reason: string;
}

/** What the door needs. */
export interface GateDeps {
  readonly access: Access;
  readonly audit: Pick<Audit, "editing" | "refused">;
  readonly logger: Logger;
}

/** Who writes, and what with. */
export interface Writer {
  readonly caller: Caller;
  readonly editing: Editing;
}

/** Who writes, or why not. Tokens of programs are proof enough; everybody else's browser may be used by others. */
export async function writer(
  request: Request,
  response: Response,
  deps: GateDeps,
  needed: Role,
): Promise<Writer | Refusal> {
  asWrite(response);
  const caller = await callerOf(request, deps.access);
  const refusal = "reason" in caller ? caller : (foreignRefusal(request, deps.access) ?? roleRefusal(caller, needed));
  if (refusal !== undefined) {
    noteRefusal(request, deps, caller, refusal.reason);
    return refusal;
  }
  const known = caller as Caller;
  const path = pathOf(request.url);
  deps.logger.info({ by: known.name, how: known.how, path, method: request.method }, "somebody writes");
  return { caller: known, editing: deps.audit.editing(actorOf(request, known)) };
}

/** Why somebody may not do what needs a role; undefined where they may. */
export function roleRefusal({ how, name, role }: Caller, needed: Role): Refusal | undefined {
  if (mayAs(role, needed)) {
    return undefined;
  }
  const article = (word: Role) => (word === "viewer" ? "a" : "an");
  return how === null
    ? {
        status: 401,
        reason: `This needs the password or the token (dotm token add NAME --role ${needed}) of an ${needed}, a trusted proxy that names one, or this machine itself.`,
      }
    : { status: 403, reason: `${name} is ${article(role)} ${role}; this needs an ${needed}.` };
}

/** Writes down that somebody may not. */
export function noteRefusal(request: Request, deps: GateDeps, caller: Caller | CallerRefused, reason: string): void {
  const act = { action: request.method, object: pathOf(request.url).slice(0, 200) };
  deps.audit.refused(actorOf(request, caller), act, reason);
}

function foreignRefusal(request: Request, { hosts }: Access): Refusal | undefined {
  const isBearer = /^Bearer /i.test(request.get("authorization") ?? "");
  const foreign = isBearer ? undefined : foreignHand(request, hosts);
  return foreign === undefined ? undefined : { status: 403, reason: foreign };
}

/** A proxy's own word on where its user is counts only where the proxy is trusted. */
function actorOf(request: Request, caller: Caller | CallerRefused): Actor {
  const address = request.socket.remoteAddress ?? "";
  if ("reason" in caller) {
    return { who: "", role: null, how: null, from: address };
  }
  const behind = caller.how === "proxy" ? (request.get("x-forwarded-for") ?? "").split(",").at(-1)?.trim() : "";
  const from = behind ? `${behind.slice(0, 64)} by ${address}` : address;
  return { who: caller.name, role: caller.role, how: caller.how, from };
}
