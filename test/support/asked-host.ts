/** Hosts asked over TCP, against servers that speak exactly as the agents do. */
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach } from "vitest";
import type { PullConfig } from "../../src/config/config-value.ts";
import { pulledHost } from "../../src/ingest/pulled-host.ts";
import { readReport } from "../../src/ingest/report-door.ts";
import type { HostReport } from "../../src/model/host-report.ts";

/** When all of it is, Unix seconds. */
export const ASKED_AT = 1_795_356_000;

const servers: { close(): unknown }[] = [];

/** To be called by each file that uses this: ends the servers of a test after it. */
export function closeServers(): void {
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
    }
  });
}

/** Listens on a free port of loopback. */
export async function listening<S extends Server>(server: S): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** The original agent: whoever connects is sent the text, asked nothing, and hung up on. */
export function originalAgent(serve: (socket: Socket) => void): Promise<number> {
  return listening(createServer((socket) => serve(socket.on("error", () => undefined))));
}

/** What came of asking. */
export interface AskedHost {
  readonly reports: readonly HostReport[];
  readonly refused: number;
  readonly error: string | undefined;
}

/** Asks once and gives what was taken in. */
export async function askHost(pull: PullConfig): Promise<AskedHost> {
  const reports: HostReport[] = [];
  let refused = 0;
  const polled = pulledHost(pull, {
    parameters: () => ({ sshUser: "dotm", interval: 60 }),
    isHost: (told, name) => told === name,
    take: async (raw) => void reports.push(readReport(raw, { receivedAt: ASKED_AT }).report),
    refused: () => refused++,
    boot: "b",
    now: () => ASKED_AT,
  });
  const error = await polled.ask(new AbortController().signal).then(
    () => undefined,
    (fault: Error) => fault.message,
  );
  return { reports, refused, error };
}

/** A host with the original agent. */
export const original = (host: string, port: number): PullConfig => ({
  host,
  address: "127.0.0.1",
  port,
  type: "original",
});
