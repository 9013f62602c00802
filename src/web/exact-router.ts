/** Routers that tell capitals from small letters: what is limited, shared or masked goes by the path, and must be what the routes take it for. */
import { Router } from "express";

/** A router of which each path has one way to be written. */
export function exactRouter(): Router {
  return Router({ caseSensitive: true });
}
