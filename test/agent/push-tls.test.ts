import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pushReport } from "../../agent/push.ts";
import { makeCertificate } from "../support/certificate.ts";
import { describeReal } from "../support/real.ts";

describeReal("pushReport over HTTPS", ["openssl"], () => {
  let folder = "";
  let server: Server;
  let taken = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-tls-"));
    const own = makeCertificate(folder, "localhost");
    makeCertificate(folder, "elsewhere");
    server = createServer({ key: readFileSync(own.key), cert: readFileSync(own.cert) }, (request, response) => {
      taken++;
      request.resume();
      response.end("{}");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function push(host: string, caName: string | undefined) {
    const { port } = server.address() as AddressInfo;
    const ca = caName === undefined ? undefined : readFileSync(join(folder, `${caName}.pem`), "utf8");
    const target = { url: new URL(`https://${host}:${port}`), token: "dotm_secret", ca };
    return await pushReport(gzipSync("{}"), target, () => 1_795_356_000, new AbortController().signal);
  }

  it("delivers to a server with a trusted certificate, and to no other", async () => {
    expect(await push("localhost", "localhost")).toEqual({ kind: "accepted" });
    expect(taken).toBe(1);
    expect(await push("localhost", undefined)).toMatchObject({
      kind: "later",
      reason: expect.stringContaining("--ca-file"),
    });
    expect(await push("localhost", "elsewhere")).toMatchObject({
      kind: "later",
      reason: expect.stringContaining("certificate"),
    });
    expect(await push("127.0.0.1", "localhost")).toMatchObject({
      kind: "later",
      reason: expect.stringContaining("another name"),
    });
    // The token went to the trusted one only.
    expect(taken).toBe(1);
  });
});
