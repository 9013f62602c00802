/** The HTTP server around the app: limits against slow and many clients, and a clean end. */
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { DotmError, messageOf } from "../errors.ts";
import { SocketLimit } from "./socket-limit.ts";

/** A server that listens. */
export interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Limits of RELIABILITY: milliseconds for headers and whole requests, sockets in all. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 5_000 } as const;
const MAX_CONNECTIONS = 2_000;

/** Milliseconds that requests under way are waited for at the end. */
const DRAIN = 2_000;

/** A certificate with its key, PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * Listens, with a certificate over TLS; port 0 takes a free one.
 * @throws DotmError DOTM_ADDRESS_TAKEN where the address is taken or not ours
 */
export async function serveHttp(
  app: RequestListener,
  listen: { readonly host: string; readonly port: number },
  certificate?: Certificate,
  sockets = new SocketLimit(),
): Promise<Served> {
  const server =
    certificate === undefined
      ? createServer(LIMITS, app)
      : createTlsServer({ ...LIMITS, ...certificate, minVersion: "TLSv1.2" }, app);
  server.maxConnections = MAX_CONNECTIONS;
  server.on("drop", () => {
    sockets.refused += 1;
  });
  server.on("connection", (socket) => sockets.admit(socket));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(listen.port, listen.host, resolve);
  }).catch((error: unknown) => {
    const key = certificate === undefined ? "web.listen" : "agents.listen";
    const next = `Stop what listens there, or set ${key} to another address (dotm serve, dotm.yaml).`;
    throw new DotmError(
      "DOTM_ADDRESS_TAKEN",
      `cannot listen on ${listen.host}:${listen.port}: ${messageOf(error)}`,
      next,
      {
        cause: error,
      },
    );
  });
  const { port } = server.address() as AddressInfo;
  const host = listen.host.includes(":") ? `[${listen.host}]` : listen.host;
  return {
    url: `${certificate === undefined ? "http" : "https"}://${host}:${port}/`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
        setTimeout(() => server.closeAllConnections(), DRAIN).unref();
      }),
  };
}
