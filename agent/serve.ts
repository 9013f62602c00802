/** The agent that waits to be asked. */
import { once } from "node:events";
import type { Server } from "node:net";
import type { Interfaces } from "./addresses.ts";
import type { Endpoint } from "./endpoint.ts";
import type { ServeOptions } from "./options.ts";
import { createOriginalServer } from "./original-server.ts";
import { type ListedSocket, originalText } from "./original-text.ts";
import { createReportServer } from "./report-server.ts";

/** What serving needs. */
export interface ServeDeps {
  /** JSON of a new report. */
  readonly report: () => Promise<string>;
  readonly sockets: () => readonly ListedSocket[];
  readonly interfaces: () => Interfaces;
  /** Seconds of a clock that never jumps. */
  readonly steady: () => number;
  readonly log: (line: string) => void;
}

/** Listens until the signal aborts; rejects where an address is taken. */
export async function serveAgent(options: ServeOptions, deps: ServeDeps, signal: AbortSignal): Promise<void> {
  const { listen, original, token, tls, host } = options;
  const { report, steady, log } = deps;
  const servers: Server[] = [];
  const open = async (server: Server, endpoint: Endpoint, what: string) => {
    servers.push(server);
    server.listen({ host: endpoint.address, port: endpoint.port });
    await once(server, "listening");
    const at = server.address();
    log(`${what} at ${endpoint.address} port ${typeof at === "object" ? at?.port : endpoint.port}`);
  };
  try {
    await open(createReportServer({ token, tls, report, steady }), listen, `reports of ${host}`);
    if (original !== undefined) {
      const text = () => originalText(host, deps.sockets(), deps.interfaces());
      const server = createOriginalServer({ allow: original.allow, text, steady });
      await open(server, original, "the original's protocol");
    }
    await (signal.aborted ? undefined : once(signal, "abort"));
  } finally {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
