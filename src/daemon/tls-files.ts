/** Certificate and key of a port of ours, read from their files, and again when these change. */
import { readFileSync } from "node:fs";
import type { Server } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";
import type { TlsConfig } from "../config/config-value.ts";
import { DotmError, messageOf } from "../errors.ts";
import { stampOf } from "../ingest/hash-file.ts";
import type { Logger } from "../logger.ts";

/** What a port over TLS is made with. */
export interface TlsPort {
  /** The part of the configuration that names the files: `web` or `agents`. */
  readonly part: string;
  readonly files: TlsConfig;
  readonly logger: Logger;
  /** Milliseconds between two looks at the files. */
  readonly every?: number;
}

const EVERY = 10_000;

/**
 * Reads the files.
 * @throws DotmError DOTM_CONFIG_INVALID where they cannot be used
 */
export function readTls({ part, files }: Pick<TlsPort, "part" | "files">): SecureContextOptions {
  const { certFile, keyFile, clientCaFile, clientCrlFile } = files;
  try {
    const context = {
      cert: readFileSync(certFile),
      key: readFileSync(keyFile),
      ...(clientCaFile === null ? {} : { ca: readFileSync(clientCaFile) }),
      ...(clientCrlFile === null ? {} : { crl: readFileSync(clientCrlFile) }),
      minVersion: "TLSv1.2" as const,
    };
    createSecureContext(context);
    return context;
  } catch (error) {
    const next = `Give a certificate and its key in PEM: ${part}.cert_file (${certFile}), ${part}.key_file (${keyFile}).`;
    throw new DotmError("DOTM_CONFIG_INVALID", `${part}.listen cannot speak TLS: ${messageOf(error)}`, next, {
      cause: error,
    });
  }
}

/**
 * Looks at the files now and then; what they hold when they have changed counts for connections from then on, and where
 * it cannot be used, what was read before. Returns how to end that.
 */
export function followTls(server: Pick<Server, "setSecureContext" | "closeAllConnections">, port: TlsPort): () => void {
  const { part, files, logger, every = EVERY } = port;
  let last = stampsOf(files);
  const timer = setInterval(() => {
    const stamp = stampsOf(files);
    if (stamp === last) {
      return;
    }
    last = stamp;
    try {
      server.setSecureContext(readTls(port));
      if (files.clientCaFile !== null) {
        // The certificate that a client has shown may be revoked by now; who shows a good one connects anew.
        server.closeAllConnections();
      }
      logger.info({ part }, "the certificate was read again");
    } catch (error) {
      logger.error({ part, error: messageOf(error) }, "the new certificate cannot be used; the one before holds");
    }
  }, every);
  timer.unref();
  return () => clearInterval(timer);
}

function stampsOf({ certFile, keyFile, clientCaFile, clientCrlFile }: TlsConfig): string {
  return [certFile, keyFile, clientCaFile, clientCrlFile].map((file) => (file === null ? "" : stampOf(file))).join();
}
