import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pushReport } from "../../agent/push.ts";
import { describeReal, findProgram } from "../support/real.ts";

describeReal("pushReport over HTTPS", ["openssl"], () => {
  let folder = "";
  let server: Server;
  let taken = 0;

  /** A certificate of its own for a name; its path without suffix. */
  function certificate(name: string): string {
    const path = join(folder, name);
    const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
    const files = ["-keyout", `${path}.key`, "-out", `${path}.pem`];
    const options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    expect(spawnSync(findProgram("openssl") ?? "", ["req", ...options, ...subject, ...files]).status).toBe(0);
    return path;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-tls-"));
    const own = certificate("localhost");
    certificate("elsewhere");
    server = createServer(
      { key: readFileSync(`${own}.key`), cert: readFileSync(`${own}.pem`) },
      (request, response) => {
        taken++;
        request.resume();
        response.end("{}");
      },
    );
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
