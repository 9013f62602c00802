/** Which host names are ours: against pages that make their own name point here, and forms that others send in our user's name. */
import { isIP } from "node:net";
import type { NextFunction, Request, Response } from "express";
import { readUrl } from "../model/web-address.ts";
import { pathOf } from "./base-path.ts";
import { sendProblem } from "./failures.ts";
import { machineNames, systemNames } from "./machine-names.ts";

/** Doors of programs, which bring a token of their own and are no browsers: any name will do. */
const DOORS = /^\/(?:healthz|readyz|metrics|api\/v1\/(?:agents\/report|events|webhooks\/alertmanager))$/;

/**
 * Refuses requests for a name that is not ours (DNS rebinding). Addresses and names without a domain need no list, as no
 * page of the Internet can make one its own; nor do this machine's names, as it knows them. Looks at the path below the
 * site's own.
 */
export function guardHost(hosts: readonly string[], machine = machineNames(systemNames())) {
  const own = new Set([...machine, ...hosts.map((name) => name.toLowerCase())]);
  return (request: Request, response: Response, next: NextFunction): void => {
    const asked = (request.get("host") ?? "").toLowerCase();
    const name = nameIn(asked);
    const needsNoList = !name.includes(".") || isAddress(name);
    if (needsNoList || own.has(asked) || own.has(name) || DOORS.test(pathOf(request.url))) {
      next();
      return;
    }
    response.set("Cache-Control", "no-store");
    const detail = `${asked.slice(0, 255)} is no name of this DOTM. If it should be, add it to web.hosts in dotm.yaml.`;
    sendProblem(response, 421, "Misdirected request", detail);
  };
}

/**
 * Why a request that writes may be somebody else's doing; undefined where it is the caller's own. Browsers say where a
 * request comes from; programs say nothing, and then it must be JSON, which no form of a page can send.
 */
export function foreignHand(request: Request, hosts: readonly string[]): string | undefined {
  const site = request.get("sec-fetch-site");
  const origin = request.get("origin");
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    return `This came from another site (Sec-Fetch-Site: ${site}).`;
  }
  if (origin !== undefined && !isOwn(origin, site, request, hosts)) {
    return `This came from ${origin.slice(0, 255)}, which is not this DOTM; if it is, add its name to web.hosts in dotm.yaml.`;
  }
  return origin === undefined && site === undefined && !isJson(request)
    ? "A form must come from a page of ours (Origin); programs send JSON (Content-Type: application/json)."
    : undefined;
}

/** Whether the body is JSON. */
export function isJson(request: Request): boolean {
  return /^application\/(?:[\w.+-]+\+)?json\b/i.test(request.get("content-type") ?? "");
}

function isOwn(origin: string, site: string | undefined, request: Request, hosts: readonly string[]): boolean {
  // Our pages send no referrer, so browsers call their origin null, and name the site instead.
  if (origin === "null") {
    return site === "same-origin";
  }
  const host = (readUrl(origin)?.host ?? "").toLowerCase();
  const own = [request.get("host") ?? "", ...hosts].map((name) => name.toLowerCase());
  return host !== "" && (own.includes(host) || own.slice(1).includes(nameIn(host)));
}

function nameIn(host: string): string {
  return host.replace(/:\d{1,5}$/, "");
}

function isAddress(name: string): boolean {
  return isIP(name.replace(/^\[(.*)\]$/, "$1")) !== 0;
}
