/**
 * The headers of answers. Pages that only read may be framed by our own origin and those configured; pictures may be
 * shown by any page; what writes may be framed by nobody. No header of helmet's defaults: several break framing and
 * plain HTTP inside a LAN.
 */
import type { NextFunction, Request, Response } from "express";

/** Content policy of pages: everything from our own origin, nothing inline. */
function pagePolicy(frameAncestors: string, formAction = "'self'"): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    `form-action ${formAction}`,
    `frame-ancestors ${frameAncestors}`,
  ].join("; ");
}

/** Content policy of pages made for frames: they have no forms. */
export function framePolicy(frameAncestors: readonly string[]): string {
  return pagePolicy(["'self'", ...frameAncestors].join(" "), "'none'");
}

/** What every answer has; pictures, assets and what writes replace some of it. */
export function commonValues(frameAncestors: readonly string[]): Readonly<Record<string, string>> {
  return {
    "Content-Security-Policy": pagePolicy(["'self'", ...frameAncestors].join(" ")),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
  };
}

/** Sets that. */
export function commonHeaders(frameAncestors: readonly string[]) {
  const values = commonValues(frameAncestors);
  return (_request: Request, response: Response, next: NextFunction): void => {
    response.set(values);
    next();
  };
}

/** Lets scripts of these origins read the API; nobody's cookies or passwords are sent for that. */
export function allowOrigins(origins: readonly string[]) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const origin = request.get("origin") ?? "";
    if (request.method === "GET" && request.path.startsWith("/api/v1/") && origins.length > 0) {
      response.vary("Origin");
      if (origins.includes(origin)) {
        response.set("Access-Control-Allow-Origin", origin);
      }
    }
    next();
  };
}

/** Makes an answer a picture that any page may show. */
export function asPicture(response: Response): void {
  response.set({ "Content-Security-Policy": "default-src 'none'", "Cross-Origin-Resource-Policy": "cross-origin" });
  response.type("image/svg+xml");
}

/** Makes an answer one of a page with forms, or of a write: nobody frames it, keeps it, or learns that it was asked for. */
export function asWrite(response: Response): void {
  response.set({
    "Content-Security-Policy": pagePolicy("'none'"),
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Cache-Control": "no-store",
    Vary: "Cookie, Authorization",
  });
}
