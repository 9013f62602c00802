/** Takes the body of a request off the wire, bounded. */
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

async function bytesOf(request: Request, largest: number): Promise<Buffer | undefined> {
  const announced = request.get("content-length");
  if (announced !== undefined && !(Number(announced) <= largest)) {
    return undefined;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  // The stream stays whole when we stop reading: the answer goes over the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > largest) {
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
