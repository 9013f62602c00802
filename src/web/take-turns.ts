/** Bounds how many answers are made at once: each takes memory and the one thread, and those about the whole site much of both. */
import type { NextFunction, Request, Response } from "express";
import { DotmError } from "../errors.ts";
import { holderOf, isLoopback } from "../model/address.ts";
import { pathOf, queryOf } from "./base-path.ts";
import type { Access } from "./caller.ts";
import { refusePicture } from "./refuse-picture.ts";
import { Turnstile } from "./turnstile.ts";
import { parseTarget } from "./url-contract.ts";

/** Answers under way, by what they are about. */
export interface Turns {
  readonly site: Turnstile;
  readonly host: Turnstile;
}

/** The bounds; for tests there may be others. */
export function newTurns(patience = 20_000): Turns {
  return {
    site: new Turnstile({ atOnce: 2, waiting: 200, ofOne: 40, patience }),
    host: new Turnstile({ atOnce: 8, waiting: 1_000, ofOne: 400, patience }),
  };
}

/** What is answered without the picture, or goes on for hours; as routes take it, so also in capitals or with a slash at the end. */
const FREE = /^\/(?:healthz|readyz|api\/v1\/(?:changes|openapi\.json|events|webhooks\/.*|agents\/report))\/?$/i;

/** What is about one host and its neighbours, or about DOTM itself. Everything else reads the whole site, or may. */
const NEAR =
  /^\/(?:graph|popup|embed\/graph|settings|metrics|(?:host|node)\/.*|api\/v1\/(?:impact|hosts\/(?!suggestions).*|sources|settings.*|audit)|(?:backend|compat)\/(?:(?:mon\/)?(?:nodes|services)\/.*|settings.*|config.*))$/;

/** Milliseconds after which a seat is given back whatever becomes of an answer for which nobody waits any more. */
const LEFT_BEHIND = 20_000;

const TOO_MANY = "Too many ask at once.";

/** Has everybody who reads wait for their turn. */
export function takeTurns({ site, host }: Turns, access: Pick<Access, "proxy">) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const path = pathOf(request.url);
    if (!(request.method === "GET" || request.method === "HEAD") || FREE.test(path)) {
      next();
      return;
    }
    const isNear = NEAR.test(path) || (path === "/image" && parseTarget(queryOf(request.url)).host.length > 0);
    let isSeated = false;
    const leave = (isNear ? host : site).enter(askerOf(request, access), (isIn) => {
      isSeated = isIn;
      if (isIn) {
        next();
        return;
      }
      response.set("Retry-After", "5");
      if (!refusePicture(request, response, TOO_MANY)) {
        next(new DotmError("DOTM_BUSY", TOO_MANY, "Ask again in some seconds."));
      }
    });
    onceMade(response, leave);
    // What is worked out for who goes away keeps its seat: asking and going would begin any number at once.
    response.once("close", () => {
      if (!isSeated) {
        leave();
      } else if (!response.writableEnded) {
        setTimeout(leave, LEFT_BEHIND).unref();
      }
    });
  };
}

/** Whose requests are counted together: those of an address, or a network of IPv6; behind a proxy, who the proxy says it is. */
export function askerOf(request: Request, { proxy }: Pick<Access, "proxy">): string {
  const address = request.socket.remoteAddress ?? "";
  if (!(isLoopback(address) || proxy?.isTrusted(address) === true)) {
    return holderOf(address);
  }
  const behind = holderOf(request.get("x-forwarded-for")?.split(",").at(-1)?.trim() ?? "");
  const user = proxy === null ? "" : (request.get(proxy.userHeader) ?? "");
  return `${address} ${behind.slice(0, 64)} ${user.slice(0, 256)}`;
}

/** Calls back when an answer is made; who reads it slowly keeps no seat. */
function onceMade(response: Response, made: () => void): void {
  const end = response.end.bind(response) as (...given: unknown[]) => Response;
  response.end = ((...given: unknown[]) => {
    made();
    return end(...given);
  }) as Response["end"];
}
