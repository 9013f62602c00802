/** Opens the socket to a Livestatus server: Unix, TCP, or TLS. */

import { readFile } from "node:fs/promises";
import { createConnection, isIP, type Socket } from "node:net";
import { connect } from "node:tls";
import type { LivestatusPlace } from "../config/config-value.ts";
import { messageOf } from "../errors.ts";
import { LivestatusFault } from "./livestatus-fault.ts";

/** A socket that is being opened, and the event that says it is. */
export interface Opening {
  readonly socket: Socket;
  readonly ready: "connect" | "secureConnect";
}

/** Begins to open a socket. Listen to it at once: where there is no way to that network, it says so before anything is awaited. */
export function openLivestatus(place: LivestatusPlace, ca?: Buffer): Opening {
  if (place.kind === "unix") {
    return { socket: createConnection({ path: place.path }), ready: "connect" };
  }
  const { host, port, tls } = place;
  if (tls === null) {
    // A quiet line and a dead peer look alike; the kernel asks now and then.
    return { socket: createConnection({ host, port, keepAlive: true, noDelay: true }), ready: "connect" };
  }
  const name = tls.servername ?? (isIP(host) === 0 ? host : null);
  const options = { ...(ca === undefined ? {} : { ca }), ...(name === null ? {} : { servername: name }) };
  return { socket: connect({ host, port, ...options }), ready: "secureConnect" };
}

/**
 * The certificate of the authority that the place names; undefined where it names none.
 * @throws LivestatusFault where its file cannot be read
 */
export async function livestatusAuthority(place: LivestatusPlace): Promise<Buffer | undefined> {
  const caFile = place.kind === "tcp" ? (place.tls?.caFile ?? null) : null;
  if (caFile === null) {
    return;
  }
  try {
    return await readFile(caFile);
  } catch (error) {
    const cause = `the authority's certificate cannot be read: ${messageOf(error)}`;
    throw new LivestatusFault("no authority", cause, "Give the path of a readable PEM file as ca_file.");
  }
}
