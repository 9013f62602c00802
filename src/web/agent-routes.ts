/** `POST /api/v1/agents/report`: takes an agent's report off the wire, bounded, and hands it on as it came. */
import { type Request, type Response, Router } from "express";
import { sendProblem } from "./failures.ts";
import type { PageDeps } from "./page-frame.ts";

/** Bytes on the wire at most, compressed or not. */
const LARGEST = 8 * 1024 * 1024;

/** The route of reports. */
export function agentRoutes(deps: PageDeps): Router {
  const router = Router();
  router.post("/api/v1/agents/report", async (request: Request, response: Response) => {
    response.set("Cache-Control", "no-store");
    const raw = await readBody(request);
    if (raw === undefined) {
      // The rest is not read: the connection ends with the answer.
      response.set("Connection", "close");
      sendProblem(response, 413, "Too large", `A report has at most ${LARGEST} bytes.`);
      return;
    }
    const { status, body } = await deps.acceptReport(raw, request.headers);
    if (status === 401) {
      response.set("WWW-Authenticate", 'Bearer realm="dotm agent"');
    }
    response.status(status).json(body);
  });
  return router;
}

/** The whole body; undefined where it is too large. */
async function readBody(request: Request): Promise<Buffer | undefined> {
  const announced = request.get("content-length");
  if (announced !== undefined && !(Number(announced) <= LARGEST)) {
    return undefined;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  // The stream stays whole when we stop reading: the answer goes over the same connection.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST) {
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
