/** Hosts asked over TCP, against servers that speak exactly as the agents do. */
import { readFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { FetchFault } from "../../src/ingest/fetch-fault.ts";
import { fetchTcp } from "../../src/ingest/fetch-tcp.ts";
import { ASKED_AT, askHost, closeServers, listening, original, originalAgent } from "../support/asked-host.ts";

const FIXTURES = "test/fixtures/host-text";
const DB = readFileSync(`${FIXTURES}/02-centos6-db.txt`);

closeServers();

describe("the original agent", () => {
  it("is read until it hangs up", async () => {
    const port = await originalAgent((socket) => {
      socket.write(DB.subarray(0, 100));
      setImmediate(() => socket.end(DB.subarray(100)));
    });
    const { reports, error } = await askHost(original("db01", port));
    expect(error).toBeUndefined();
    expect(reports[0]).toMatchObject({ host: "db01", ips: ["10.0.0.20", "10.0.0.120"], partial: false, interval: 60 });
    expect(reports[0]?.listeners).toHaveLength(7);
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
    expect((await askHost(original("h", free))).error).toContain("refuses connections");
  });
});

describe("dotm-agent serve", () => {
  const body = JSON.stringify({ version: 1, host: "web01", time: ASKED_AT, listeners: [], connections: [] });

  it("is asked with its token, and may answer with gzip", async () => {
    const port = await listening(
      createHttpServer((request, response) => {
        const right = request.url === "/report" && request.headers.authorization === undefined;
        response.writeHead(right ? 200 : 401, { "content-encoding": "gzip" }).end(gzipSync(body));
      }),
    );
    const pull = { host: "web01", address: "127.0.0.1", port, type: "agent", tokenFile: null, caFile: null } as const;
    expect((await askHost(pull)).reports[0]?.host).toBe("web01");
    expect((await askHost({ ...pull, host: "web02" })).error).toContain("another host: web01");
    expect((await askHost({ ...pull, tokenFile: "/nonexistent" })).error).toContain("cannot read /nonexistent");
    expect((await askHost({ ...pull, tokenFile: `${FIXTURES}/README.md` })).error).toBeDefined();
  });
});
