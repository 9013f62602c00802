/** Hosts asked over TCP, against servers that speak exactly as the agents do. */
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import type { PullConfig } from "../../src/config/config-value.ts";
import { FetchFault } from "../../src/ingest/fetch-fault.ts";
import { fetchTcp } from "../../src/ingest/fetch-tcp.ts";
import { pulledHost } from "../../src/ingest/pulled-host.ts";
import { readReport } from "../../src/ingest/report-door.ts";
import type { HostReport } from "../../src/model/host-report.ts";

const NOW = 1_795_356_000;
const FIXTURES = "test/fixtures/host-text";
const DB = readFileSync(`${FIXTURES}/02-centos6-db.txt`);

const servers: { close(): unknown }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
  }
});

async function listening<S extends Server>(server: S): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** The original agent: whoever connects is sent the text, asked nothing, and hung up on. */
function originalAgent(serve: (socket: Socket) => void): Promise<number> {
  return listening(createServer((socket) => serve(socket.on("error", () => undefined))));
}

/** Asks once and gives what was taken in. */
async function ask(pull: PullConfig): Promise<{ reports: HostReport[]; refused: number; error: string | undefined }> {
  const reports: HostReport[] = [];
  let refused = 0;
  const polled = pulledHost(pull, {
    parameters: () => ({ sshUser: "dotm", interval: 60 }),
    isHost: (told, name) => told === name,
    take: async (raw) => void reports.push(readReport(raw, { receivedAt: NOW }).report),
    refused: () => refused++,
    boot: "b",
    now: () => NOW,
  });
  const error = await polled.ask(new AbortController().signal).then(
    () => undefined,
    (fault: Error) => fault.message,
  );
  return { reports, refused, error };
}

const original = (host: string, port: number): PullConfig => ({ host, address: "127.0.0.1", port, type: "original" });

describe("the original agent", () => {
  it("is read until it hangs up", async () => {
    const port = await originalAgent((socket) => {
      socket.write(DB.subarray(0, 100));
      setImmediate(() => socket.end(DB.subarray(100)));
    });
    const { reports, error } = await ask(original("db01", port));
    expect(error).toBeUndefined();
    expect(reports[0]).toMatchObject({ host: "db01", ips: ["10.0.0.20", "10.0.0.120"], partial: false, interval: 60 });
    expect(reports[0]?.listeners).toHaveLength(7);
  });

  it("that is cut tells what it told, takes nothing away, and is reported", async () => {
    const port = await originalAgent((socket) => socket.end(readFileSync(`${FIXTURES}/22-cut-transfer.txt`)));
    const { reports, error } = await ask(original("cut01", port));
    expect(reports[0]?.partial).toBe(true);
    expect(error).toContain("the transfer was cut");
  });

  it.each([
    ["no hostname", DB.subarray(DB.indexOf("\n") + 1), "no line hostname=NAME", 1],
    ["no listing", readFileSync(`${FIXTURES}/18-netstat-error.txt`), "no listing of sockets", 0],
    [
      "no addresses",
      Buffer.from(`${DB}`.slice(0, DB.indexOf("1: lo")).replace("db01", "broken01")),
      "no address of global scope",
      0,
    ],
    ["another host", DB, "another host: db01", 1],
    ["HTML", Buffer.from("<!DOCTYPE html>\n<html>It works!</html>\n"), "neither sockets nor addresses", 1],
    ["a TLS alert", Buffer.from([21, 3, 1, 0, 2, 2, 10]), "neither sockets nor addresses", 1],
    ["nothing", Buffer.alloc(0), "neither sockets nor addresses", 1],
  ])("with %s leaves the host as it was", async (_, text, message, counted) => {
    const port = await originalAgent((socket) => socket.end(text));
    const { reports, error, refused } = await ask(original("broken01", port));
    expect(reports).toEqual([]);
    expect(error).toContain(message);
    expect(refused).toBe(counted);
  });

  it("that does not listen, hangs, or never ends costs a bounded time and size", async () => {
    const port = await originalAgent(() => undefined);
    const at = { address: "127.0.0.1", port };
    const { signal } = new AbortController();
    await expect(fetchTcp(at, { total: 50 }, signal)).rejects.toThrow("did not answer within 0.05 s");
    const endless = await originalAgent((socket) => {
      const more = (gone?: Error | null) => {
        if (!gone) {
          socket.write(Buffer.alloc(65_536, "x"), more);
        }
      };
      more();
    });
    const flood = fetchTcp({ address: "127.0.0.1", port: endless }, { total: 10_000, bytes: 1_000_000 }, signal);
    await expect(flood).rejects.toThrow("sent more than 1000000 bytes");
    const gone = createServer();
    const free = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    await expect(fetchTcp({ address: "127.0.0.1", port: free }, { total: 1_000 }, signal)).rejects.toThrow(FetchFault);
    expect((await ask(original("h", free))).error).toContain("refuses connections");
  });
});

describe("dotm-agent serve", () => {
  const body = JSON.stringify({ version: 1, host: "web01", time: NOW, listeners: [], connections: [] });

  it("is asked with its token, and may answer with gzip", async () => {
    const port = await listening(
      createHttpServer((request, response) => {
        const right = request.url === "/report" && request.headers.authorization === undefined;
        response.writeHead(right ? 200 : 401, { "content-encoding": "gzip" }).end(gzipSync(body));
      }),
    );
    const pull = { host: "web01", address: "127.0.0.1", port, type: "agent", tokenFile: null, caFile: null } as const;
    expect((await ask(pull)).reports[0]?.host).toBe("web01");
    expect((await ask({ ...pull, host: "web02" })).error).toContain("another host: web01");
    expect((await ask({ ...pull, tokenFile: "/nonexistent" })).error).toContain("cannot read /nonexistent");
    expect((await ask({ ...pull, tokenFile: `${FIXTURES}/README.md` })).error).toBeDefined();
  });
});
