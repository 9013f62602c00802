import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pushReport } from "../../agent/push.ts";
import { closedPort, ReportServer, silentServer, switchingServer } from "./report-server.ts";

const BODY = gzipSync('{"version":1}');
const NEVER = new AbortController().signal;
const NOW = () => 1_795_356_000.5;

describe("pushReport", () => {
  const server = new ReportServer();

  beforeEach(() => server.start());
  afterEach(async () => {
    await server.stop();
    server.taken.length = 0;
  });

  function push(url: URL = server.url) {
    return pushReport(BODY, { url, token: "dotm_secret", ca: undefined }, NOW, NEVER);
  }

  it("posts gzip with the token and its own clock", async () => {
    expect(await push()).toEqual({ kind: "accepted" });
    const [{ path, headers, body }] = server.taken as [(typeof server.taken)[0]];
    expect(path).toBe("/api/v1/agents/report");
    expect(headers).toMatchObject({
      authorization: "Bearer dotm_secret",
      "content-encoding": "gzip",
      "content-type": "application/json",
      "x-dotm-sent": "2026-11-22T14:00:00.500Z",
    });
    expect(body).toEqual({ version: 1 });
  });

  it("keeps the path of a server behind a proxy", async () => {
    await push(new URL("/dotm/", server.url));
    expect(server.taken[0]?.path).toBe("/dotm/api/v1/agents/report");
  });

  it.each([
    [400, "refused"],
    [413, "refused"],
    [426, "refused"],
    [401, "later"],
    [403, "later"],
    [404, "later"],
    [429, "later"],
    [500, "later"],
    [503, "later"],
    [302, "later"],
  ])("takes %i for %s", async (status, kind) => {
    server.answer = () => ({ status, body: '{"error":"a reason"}' });
    const result = await push();
    expect(result).toMatchObject({ kind, reason: expect.stringContaining(`${status}`) });
    expect(status === 302 || ("reason" in result && result.reason.includes("a reason"))).toBe(true);
  });

  it("comes back from a server that switches to another protocol, which ends a request without a word", async () => {
    const { url, stop } = await switchingServer();
    expect(await push(url)).toEqual({ kind: "later", reason: "the server answers 101", wait: undefined });
    stop();
  });

  it("tells of a certificate that is none, and rejects not: the agent would end", async () => {
    const url = new URL("https://127.0.0.1:1");
    const own = { cert: "no certificate", key: "no key" };
    const result = await pushReport(BODY, { url, token: undefined, ca: undefined, own }, NOW, NEVER);
    expect(result).toMatchObject({ kind: "later", reason: expect.stringContaining("PEM") });
  });

  it("hears Retry-After, and does not believe in ages", async () => {
    server.answer = () => ({ status: 503, headers: { "retry-after": "7" } });
    expect(await push()).toMatchObject({ kind: "later", wait: 7 });
    server.answer = () => ({ status: 503, headers: { "retry-after": "999999999" } });
    expect(await push()).toMatchObject({ wait: 3600 });
    server.answer = () => ({ status: 503, headers: { "retry-after": "soon" } });
    expect(await push()).toMatchObject({ wait: undefined });
  });

  it("does not let the server write into its log", async () => {
    server.answer = () => ({
      status: 400,
      body: JSON.stringify({ error: `\u001b[2J\nroot logged in ${"x".repeat(10_000)}` }),
    });
    const { reason } = (await push()) as { reason: string };
    expect(reason).not.toMatch(/\p{Cc}/u);
    expect(reason.length).toBeLessThan(400);
  });

  it("tells why nobody answers", async () => {
    const result = await push(new URL(`http://127.0.0.1:${await closedPort()}`));
    expect(result).toEqual({
      kind: "later",
      reason: "nothing listens at the address of the server (ECONNREFUSED)",
      wait: undefined,
    });
  });

  it("lets go at once of a server that says nothing when it is stopped", async () => {
    const silent = await silentServer();
    const stop = new AbortController();
    const result = pushReport(BODY, { url: silent.url, token: undefined, ca: undefined }, NOW, stop.signal);
    await silent.connected;
    stop.abort();
    expect(await result).toMatchObject({ kind: "later" });
    silent.stop();
  });
});
