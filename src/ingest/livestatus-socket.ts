/** Opens the socket to a Livestatus server: Unix, TCP, or TLS. */

import { readFile } from "node:fs/promises";
import { createConnection, isIP, type Socket } from "node:net";
import { connect } from "node:tls";
import type { LivestatusPlace, LivestatusTls } from "../config/config-value.ts";
import { messageOf } from "../errors.ts";
import { LivestatusFault } from "./livestatus-fault.ts";

/** A socket that is being opened, and the event that says it is. */
export interface Opening {
  readonly socket: Socket;
  readonly ready: "connect" | "secureConnect";
}

/**
 * Begins to open a socket.
 * @throws LivestatusFault where the file of the authority cannot be read
 */
export async function openLivestatus(place: LivestatusPlace): Promise<Opening> {
  if (place.kind === "unix") {
    return { socket: createConnection({ path: place.path }), ready: "connect" };
  }
  const { host, port, tls } = place;
  if (tls === null) {
    // A quiet line and a dead peer look alike; the kernel asks now and then.
    return { socket: createConnection({ host, port, keepAlive: true, noDelay: true }), ready: "connect" };
  }
  const ca = await authority(tls);
  const name = tls.servername ?? (isIP(host) === 0 ? host : null);
  const options = { ...(ca === undefined ? {} : { ca }), ...(name === null ? {} : { servername: name }) };
  return { socket: connect({ host, port, ...options }), ready: "secureConnect" };
}

async function authority({ caFile }: LivestatusTls): Promise<Buffer | undefined> {
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
