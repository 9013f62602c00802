/** Where the site lies: behind a proxy under a path, or at the root. All links are relative, so little has to be known. */
import type { NextFunction, Request, Response } from "express";

/** Prefixes a proxy may name; anything else is ignored. */
const PREFIX = /^(?:\/[\w.~-]+)+\/?$/;

/**
 * Takes the prefix off the URL where the proxy left it on: the configured base path, or what `X-Forwarded-Prefix`
 * says. Without it the request passes as it is.
 */
export function stripBasePath(basePath: string) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const forwarded = request.get("x-forwarded-prefix") ?? "";
    const prefixes = [basePath, PREFIX.test(forwarded) ? forwarded : ""].map((prefix) => prefix.replace(/\/$/, ""));
    const prefix = prefixes.find((each) => each !== "" && isBelow(request.url, each));
    if (prefix !== undefined && pathOf(request.url) === prefix) {
      // Relative links below a path without its slash would lead elsewhere.
      response.redirect(308, `${prefix.slice(prefix.lastIndexOf("/") + 1)}/${request.url.slice(prefix.length)}`);
      return;
    }
    if (prefix !== undefined) {
      request.url = request.url.slice(prefix.length);
    }
    next();
  };
}

/** The way from a page back to the root of the site: `./`, `../`. */
export function rootFrom(path: string): string {
  const deep = path.split("/").length - 2;
  return deep <= 0 ? "./" : "../".repeat(deep);
}

/** The path of a request's URL, still encoded. */
export function pathOf(url: string): string {
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

/** The raw query string of a request's URL, without `?`. */
export function queryOf(url: string): string {
  const query = url.indexOf("?");
  return query < 0 ? "" : url.slice(query + 1);
}

function isBelow(url: string, prefix: string): boolean {
  const path = pathOf(url);
  return path === prefix || path.startsWith(`${prefix}/`);
}
