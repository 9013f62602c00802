/** Gives the report to a DOTM server that asks for it: `GET /report`, over TLS and with a token where they are given. */
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer as createHttp, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttps } from "node:https";
import { gzipSync } from "node:zlib";
import { FewConnections } from "./few-connections.ts";

/** What serving needs. */
export interface ReportServerDeps {
  /** Certificate and key (PEM); undefined for plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** Token that callers must have; undefined lets everyone ask. */
  readonly token: string | undefined;
  /** JSON of a new report. */
  readonly report: () => Promise<string>;
  /** Seconds of a clock that never jumps. */
  readonly steady: () => number;
}

/** Who asks again within this time gets the same report: looking is not for the asking. */
const REPORT_AGE = 1;
const PATIENCE_MS = 10_000;
/** Milliseconds between two looks for who takes longer. */
const LOOK_MS = 2_000;

/** A server that is not listening yet. */
export function createReportServer(deps: ReportServerDeps): Server {
  const fresh = shared(deps);
  const limits = {
    ...{ headersTimeout: PATIENCE_MS, requestTimeout: PATIENCE_MS, connectionsCheckingInterval: LOOK_MS },
    ...{ keepAlive: false, maxHeaderSize: 8_192 },
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    respond(request, response, deps.token, fresh).catch(() => response.destroy());
  };
  const server =
    deps.tls === undefined
      ? createHttp(limits, answer)
      : createHttps({ ...limits, ...deps.tls, handshakeTimeout: PATIENCE_MS }, answer);
  // Of what is sent behind a request nothing is answered; who does not read what they asked for is left.
  server.maxRequestsPerSocket = 1;
  server.timeout = PATIENCE_MS;
  const connections = new FewConnections();
  return server.on("connection", (socket) => connections.take(socket));
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  token: string | undefined,
  report: () => Promise<Fresh>,
): Promise<void> {
  const say = (status: number, error: string, more: Record<string, string> = {}) => {
    response.writeHead(status, { "content-type": "application/json", connection: "close", ...more });
    response.end(JSON.stringify({ error }));
  };
  if (!isKnown(request.headers.authorization, token)) {
    say(401, "a token is needed", { "www-authenticate": "Bearer" });
  } else if (request.url !== "/report") {
    say(404, "there is only /report");
  } else if (request.method !== "GET") {
    say(405, "ask with GET", { allow: "GET" });
  } else {
    const packed = /\bgzip\b/.test(`${request.headers["accept-encoding"]}`);
    const { text, gzip } = await report();
    const encoding = packed ? { "content-encoding": "gzip" } : {};
    response.writeHead(200, { "content-type": "application/json", connection: "close", ...encoding });
    response.end(packed ? gzip : text);
  }
}

/** Compared as hashes, which are of one length and take one time. */
function isKnown(header: string | undefined, token: string | undefined): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return token === undefined || timingSafeEqual(hash(header ?? ""), hash(`Bearer ${token}`));
}

/** A report, packed once however many ask. */
interface Fresh {
  readonly text: string;
  readonly gzip: Buffer;
}

/** One report for all who ask at the same time, and one look at a time. */
function shared({ report, steady }: ReportServerDeps): () => Promise<Fresh> {
  let at = Number.NEGATIVE_INFINITY;
  let last: Promise<Fresh> | undefined;
  const look = async () => {
    const text = await report();
    return { text, gzip: gzipSync(text) };
  };
  return () => {
    if (last === undefined || steady() - at >= REPORT_AGE) {
      // Counted from the end of the look: one that takes long is not begun again meanwhile.
      at = Number.POSITIVE_INFINITY;
      last = look().finally(() => {
        at = steady();
      });
    }
    return last;
  };
}
