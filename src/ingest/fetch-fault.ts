/** Why a host could not be asked; the message is what `fetch_status` of the host shows. */
import { messageOf } from "../errors.ts";

/** Bytes an answer may have; 50,000 sockets in the text of netstat are some 5 MB. */
export const MAX_ANSWER = 16 * 1024 * 1024;

/** A fetch that failed. */
export class FetchFault extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "FetchFault";
  }
}

/** What a socket's error says, in words. */
export function socketFault(error: unknown, where: string): FetchFault {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return new FetchFault(`${where} ${SOCKET_ERRORS[code] ?? `gave an error: ${messageOf(error)}`}`, { cause: error });
}

const SOCKET_ERRORS: Readonly<Partial<Record<string, string>>> = {
  ECONNREFUSED: "refuses connections: is the agent running?",
  ECONNRESET: "broke the connection",
  EHOSTUNREACH: "cannot be reached",
  ENETUNREACH: "cannot be reached",
  ENOTFOUND: "has no address in DNS",
  EAI_AGAIN: "has no address: DNS does not answer",
  ETIMEDOUT: "does not answer",
  EPROTO: "speaks no TLS: start the agent with --cert-file, or leave ca_file out",
  ERR_TLS_CERT_ALTNAME_INVALID: "has a certificate for another host",
  DEPTH_ZERO_SELF_SIGNED_CERT: "has a certificate that ca_file does not vouch for",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "has a certificate that ca_file does not vouch for",
  SELF_SIGNED_CERT_IN_CHAIN: "has a certificate that ca_file does not vouch for",
  CERT_HAS_EXPIRED: "has a certificate that has expired",
};
