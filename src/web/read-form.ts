/** A form's fields off the wire, bounded. */
import type { Request, Response } from "express";
import { readBody } from "./read-body.ts";

/** Bytes of a form at most. */
const LARGEST = 64 * 1024;

/** The fields; undefined where there are too many bytes, which is answered then. */
export async function readForm(request: Request, response: Response): Promise<URLSearchParams | undefined> {
  const raw = await readBody(request, response, LARGEST);
  return raw === undefined ? undefined : new URLSearchParams(raw.toString());
}
