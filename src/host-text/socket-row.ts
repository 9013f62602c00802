/** Sockets as `netstat` and `ss` print them, brought to one form. */
import { normalizeAddress } from "../model/address.ts";

/**
 * What a socket does. `opening`: asked for and not answered, or not yet. `closing`: half closed or in TIME_WAIT, which
 * proves that there was a connection.
 */
export type SocketPhase = "listening" | "opening" | "established" | "closing";

/** One row of a listing. Addresses as printed, without `::ffff:` in front of IPv4. */
export interface SocketRow {
  readonly proto: "tcp" | "udp";
  readonly phase: SocketPhase;
  readonly local: string;
  readonly localPort: number;
  /** Of a listening socket: any address, port 0. */
  readonly remote: string;
  readonly remotePort: number;
  readonly process: string | null;
}

/** Connected Unix sockets of two processes. */
export interface UnixRow {
  readonly path: string;
  readonly server: string;
  readonly client: string;
}

/** What a listing told. */
export interface SocketListing {
  readonly tool: "netstat" | "ss";
  readonly rows: readonly SocketRow[];
  readonly unix: readonly UnixRow[];
  /** Lines that begin like a row and are none. */
  readonly skipped: number;
  /** Rows left out because the program had cut an address, so that nobody knows which one it was. */
  readonly unsure: number;
  /** Rows whose state is in a language we do not know; taken as closing. */
  readonly unknownStates: number;
}

/** An address with a port. Port 0 stands for `*`. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** First port that systems give to clients where nobody says otherwise. */
const EPHEMERAL_FROM = 32_768;

/**
 * Takes `ADDRESS:PORT` apart as either program prints it: `:::80`, `[::]:80`, `*:80`, `[fe80::1]%eth0:546`,
 * `::ffff:10.0.0.1:80`. The address is not checked; undefined where there is no port.
 */
export function endpointOf(text: string): Endpoint | undefined {
  const colon = text.lastIndexOf(":");
  const port = text.slice(colon + 1);
  if (colon < 0 || !/^(?:\*|\d{1,5})$/.test(port) || Number(port) > 65_535) {
    return undefined;
  }
  const address = text
    .slice(0, colon)
    .replace(/^\[(.*)\](%[^%]+)?$/, "$1$2")
    .replace(/^::ffff:(?=\d+\.)/i, "");
  return { address: address === "*" ? "::" : address, port: port === "*" ? 0 : Number(port) };
}

/** Whether a text is an address, with or without a zone. */
export function isAddress(text: string): boolean {
  return normalizeAddress(text) !== undefined;
}

/** Whether a UDP socket without a peer serves; those with a port of clients ask, as resolvers do. */
export function serves(proto: "tcp" | "udp", port: number): boolean {
  return port > 0 && (proto === "tcp" || port < EPHEMERAL_FROM);
}
