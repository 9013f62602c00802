/** The door of everything that writes: who may, and whether they mean it. */
import type { Request, Response } from "express";
import type { Logger } from "../logger.ts";
import { type Access, type Caller, callerOf, mayAs, type Role } from "./caller.ts";
import { foreignHand } from "./own-origin.ts";
import { asWrite } from "./response-headers.ts";

/** A refusal. */
export interface Refusal {
  readonly status: 400 | 401 | 403;
  readonly reason: string;
}

/** What the door needs. */
export interface GateDeps {
  readonly access: Access;
  readonly logger: Logger;
}

/** Who writes, or why not. Tokens of programs are proof enough; everybody else's browser may be used by others. */
export function writer(request: Request, response: Response, deps: GateDeps, needed: Role): Caller | Refusal {
  asWrite(response);
  const caller = callerOf(request, deps.access);
  if ("reason" in caller) {
    return caller;
  }
  const isBearer = /^Bearer /i.test(request.get("authorization") ?? "");
  const foreign = isBearer ? undefined : foreignHand(request, deps.access.hosts);
  if (foreign !== undefined) {
    return { status: 403, reason: foreign };
  }
  if (!mayAs(caller.role, needed)) {
    return refusalOf(caller, needed);
  }
  deps.logger.info({ by: caller.name, how: caller.how, path: request.url, method: request.method }, "somebody writes");
  return caller;
}

function refusalOf({ how, name, role }: Caller, needed: Role): Refusal {
  return how === null
    ? {
        status: 401,
        reason: `Writing needs a token (dotm token add NAME --role ${needed}), a trusted proxy that names an ${needed}, or this machine itself.`,
      }
    : { status: 403, reason: `${name} is a ${role}; this needs an ${needed}.` };
}
