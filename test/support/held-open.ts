/** Servers and sockets that a test leaves open; they end with it. */
import type { Socket } from "node:net";
import { afterEach } from "vitest";
import type { Served } from "../../src/daemon/serve-http.ts";

/** Lists to put them on; each test begins with empty ones. */
export function heldOpen(): { readonly servers: Served[]; readonly sockets: Socket[] } {
  const [servers, sockets]: [Served[], Socket[]] = [[], []];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) {
      socket.destroy();
    }
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  return { servers, sockets };
}
