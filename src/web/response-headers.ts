/**
 * The headers of answers. Pages may be framed by our own origin and those configured; pictures may be shown by any
 * page. No header of helmet's defaults: several break framing and plain HTTP inside a LAN.
 */
import type { NextFunction, Request, Response } from "express";

/** Content policy of pages: everything from our own origin, nothing inline. */
function pagePolicy(frameAncestors: readonly string[], formAction = "'self'"): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    `form-action ${formAction}`,
    ["frame-ancestors 'self'", ...frameAncestors].join(" "),
  ].join("; ");
}

/** Content policy of pages made for frames: they have no forms. */
export function framePolicy(frameAncestors: readonly string[]): string {
  return pagePolicy(frameAncestors, "'none'");
}

/** Sets what every answer has; pictures and assets replace some of it. */
export function commonHeaders(frameAncestors: readonly string[]) {
  const policy = pagePolicy(frameAncestors);
  return (_request: Request, response: Response, next: NextFunction): void => {
    response.set({
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "same-origin",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Cache-Control": "no-cache",
    });
    next();
  };
}

/** Makes an answer a picture that any page may show. */
export function asPicture(response: Response): void {
  response.set({ "Content-Security-Policy": "default-src 'none'", "Cross-Origin-Resource-Policy": "cross-origin" });
  response.type("image/svg+xml");
}
