/** Sends JSON that may be long: written piece by piece, so that others have their turn meanwhile. */
import type { Response } from "express";
import type { Pieces } from "../model/pieces.ts";
import { inSlices } from "../store/time-slices.ts";

/** Levels that are taken apart: the members of an answer, and theirs. */
const LEVELS = 2;

/** The same answer as `response.json` would give. */
export async function sendJson(response: Response, value: unknown): Promise<void> {
  const text = await inSlices(jsonPieces(value));
  response.set("Content-Type", "application/json").send(text);
}

/** The same text as of `JSON.stringify`, of plain data. */
export function* jsonPieces(value: unknown, levels = LEVELS): Pieces<string> {
  if (typeof value !== "object" || value === null || levels === 0) {
    return textOf(value);
  }
  const parts: string[] = [];
  if (Array.isArray(value)) {
    for (const item of value) {
      parts.push(yield* jsonPieces(item, levels - 1));
      yield;
    }
    return `[${parts.join(",")}]`;
  }
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) {
      parts.push(`${JSON.stringify(name)}:${yield* jsonPieces(member, levels - 1)}`);
      yield;
    }
  }
  return `{${parts.join(",")}}`;
}

/** What has no text in a list is null there. */
function textOf(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}
