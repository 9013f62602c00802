/** Strong entity tags: the stored picture's revision, the parameters, and the clock as coarse as pages show it. */
import { createHash } from "node:crypto";
import type { Request, Response } from "express";
import type { Revision } from "../store/map-reader.ts";

/** Ages on pages are renewed this often, seconds. */
const CLOCK_STEP = 10;

/** The clock of pages: ages are told as of this time, so that one tag means one text. */
export function coarse(now: number): number {
  return Math.floor(now / CLOCK_STEP) * CLOCK_STEP;
}

/** Tags of one version of the program. */
export class EntityTags {
  private readonly version: string;

  constructor(version: string) {
    this.version = version;
  }

  /** Sets the tag of an answer; true where the asker has it already and 304 was sent. */
  unchanged(request: Request, response: Response, revision: Revision, now: number): boolean {
    const parts = [this.version, request.originalUrl, revision.id, coarse(now), coarse(revision.at)];
    const tag = `"${createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 22)}"`;
    response.set("ETag", tag);
    if (!names(request.get("if-none-match") ?? "", tag)) {
      return false;
    }
    response.status(304).end();
    return true;
  }
}

function names(header: string, tag: string): boolean {
  return header.split(",").some((each) => each.trim().replace(/^W\//, "") === tag || each.trim() === "*");
}
