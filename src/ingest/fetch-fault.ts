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
};
