/** The HTTP server around the app: limits against slow and many clients, and a clean end. */
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { DotmError, messageOf } from "../errors.ts";
import { inOrder } from "./in-order.ts";
import { SocketLimit } from "./socket-limit.ts";
import { followTls, readTls, type TlsPort } from "./tls-files.ts";
import { UnreadAnswers } from "./unread-answers.ts";

/** A server that listens. */
export interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Limits of RELIABILITY: milliseconds for headers and whole requests, sockets in all. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 } as const;
const MAX_CONNECTIONS = 2_000;

/** Milliseconds that a handshake of TLS may take: its connection is one of them already. */
const HANDSHAKE = 10_000;

/** Milliseconds that requests under way are waited for at the end. */
const DRAIN = 2_000;

/**
 * Listens, over TLS where that is said; port 0 takes a free one.
 * @throws DotmError DOTM_ADDRESS_TAKEN where the address is taken or not ours, DOTM_CONFIG_INVALID where a certificate cannot be used
 */
export async function serveHttp(
  app: RequestListener,
  listen: { readonly host: string; readonly port: number },
  tls?: TlsPort,
  sockets = new SocketLimit(),
  unread = new UnreadAnswers(),
): Promise<Served> {
  const watched = inOrder(unread.watched(app));
  const server = tls === undefined ? createServer(LIMITS, watched) : tlsServer(watched, tls);
  server.maxConnections = MAX_CONNECTIONS;
  server.on("drop", () => {
    sockets.refused += 1;
  });
  server.on("connection", (socket) => sockets.admit(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listen.port, listen.host, resolve);
  }).catch((error: unknown) => {
    const next = `Stop what listens there, or set ${tls?.part ?? "web"}.listen to another address (dotm serve, dotm.yaml).`;
    throw new DotmError(
      "DOTM_ADDRESS_TAKEN",
      `cannot listen on ${listen.host}:${listen.port}: ${messageOf(error)}`,
      next,
      {
        cause: error,
      },
    );
  });
  unread.start();
  server.once("close", () => unread.stop());
  const { port } = server.address() as AddressInfo;
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  return {
    url: `${tls === undefined ? "http" : "https"}://${host}:${port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), DRAIN).unref();
      }),
  };
}

/** Clients may show a certificate where an authority for them is named; what it is worth is for who takes the request. */
function tlsServer(app: RequestListener, tls: TlsPort) {
  const asks = tls.files.clientCaFile !== null;
  const server = createTlsServer(
    { ...LIMITS, handshakeTimeout: HANDSHAKE, ...readTls(tls), requestCert: asks, rejectUnauthorized: false },
    app,
  );
  server.once("close", followTls(server, tls));
  return server;
}
