/** Takes the body of a request off the wire, bounded. */
import type { IncomingMessage } from "node:http";
import type { Request, Response } from "express";
import { sendProblem } from "./failures.ts";

/** The whole body; undefined where it has more than `largest` bytes, which is answered then. */
export async function readBody(request: Request, response: Response, largest: number): Promise<Buffer | undefined> {
  const raw = await bytesOf(request, largest);
  if (raw === undefined) {
    // The rest is not read: the connection ends with the answer.
    response.set("Connection", "close");
    sendProblem(response, 413, "Too large", `This takes at most ${largest} bytes.`);
  }
  return raw;
}

/** The whole body; undefined where it has more than `largest` bytes: the rest is not read then. Rejects where it ends early. */
export async function bytesOf(request: IncomingMessage, largest: number): Promise<Buffer | undefined> {
  const announced = request.headers["content-length"];
  if (announced !== undefined && !(Number(announced) <= largest)) {
    return undefined;
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const take = (chunk: Buffer): void => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > largest) {
        // The stream stays whole when we stop reading: the answer goes over the same connection.
        request.off("data", take).pause();
        resolve(undefined);
      }
    };
    request.on("data", take);
    request.once("end", () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length)));
    request.once("error", reject);
    request.once("close", () => reject(new Error("the request ended before its body did")));
  });
}
