/** Takes the body of a request off the wire, bounded: each one, and all of them together. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Request, Response } from "express";
import { BodyBudget } from "./body-budget.ts";
import { sendProblem } from "./failures.ts";

/** Why a body was not read to its end; the rest is not read then. */
export type BodyRefusal = "too large" | "too many";

/** The asker went away: nothing of ours failed, and nobody is left to be told. */
class BodyEnded extends Error {
  readonly status = 400;

  constructor() {
    super("the request ended before its body did");
  }
}

/** A process has one memory, whichever of its ports a body comes in at. */
const BUDGET = new BodyBudget();

/** The whole body; undefined where it has more than `largest` bytes, or there is no room, which is answered then. */
export async function readBody(request: Request, response: Response, largest: number): Promise<Buffer | undefined> {
  const raw = await bytesOf(request, response, largest);
  if (Buffer.isBuffer(raw)) {
    return raw;
  }
  // The rest is not read: the connection ends with the answer.
  response.set("Connection", "close");
  if (raw === "too large") {
    sendProblem(response, 413, "Too large", `This takes at most ${largest} bytes.`);
  } else {
    response.set("Retry-After", "1");
    sendProblem(response, 503, "Too much at once", "Others are sending too much at this moment; send it again.");
  }
  return undefined;
}

/**
 * The whole body, or why not. It counts as under way until it is answered. Rejects where it ends early.
 */
export async function bytesOf(
  request: IncomingMessage,
  response: ServerResponse,
  largest: number,
  budget = BUDGET,
): Promise<Buffer | BodyRefusal> {
  if (announcesMore(request, largest)) {
    return "too large";
  }
  const address = request.socket.remoteAddress ?? "";
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.once("close", () => budget.give(length, address));
    const take = (chunk: Buffer): void => {
      const hasRoom = budget.take(chunk.length, address);
      length += hasRoom ? chunk.length : 0;
      chunks.push(chunk);
      if (!hasRoom || length > largest) {
        // The stream stays whole when we stop reading: the answer goes over the same connection.
        request.off("data", take).pause();
        resolve(hasRoom ? "too large" : "too many");
      }
    };
    request.on("data", take);
    const all = () =>
      resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, length));
    whenOver(request, all, reject);
  });
}

/**
 * Lets a body go by unkept, of somebody who will be refused whatever it says: strangers must not take the room of others, and
 * who still sends hears no answer. False where there is more of it than `largest`. Rejects where it ends early.
 */
export async function bodyGone(request: IncomingMessage, largest: number): Promise<boolean> {
  if (announcesMore(request, largest)) {
    return false;
  }
  return new Promise((resolve, reject) => {
    let length = 0;
    const pass = (chunk: Buffer): void => {
      length += chunk.length;
      if (length > largest) {
        request.off("data", pass).pause();
        resolve(false);
      }
    };
    request.on("data", pass);
    whenOver(request, () => resolve(true), reject);
  });
}

/** Calls back when a body has come whole, or that it ended early. */
function whenOver(request: IncomingMessage, whole: () => void, early: (error: BodyEnded) => void): void {
  request.once("end", whole);
  request.once("error", () => early(new BodyEnded()));
  request.once("close", () => {
    // It comes after every request; to make an error for each takes longer than to answer some.
    if (!request.complete) {
      early(new BodyEnded());
    }
  });
}

/** Whether the head says already that the body is too large. */
function announcesMore(request: IncomingMessage, largest: number): boolean {
  const announced = request.headers["content-length"];
  return announced !== undefined && !(Number(announced) <= largest);
}
