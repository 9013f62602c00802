import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createCgiSource } from "../../src/ingest/cgi-source.ts";
import { SILENT } from "../../src/logger.ts";
import { NOON } from "../support/builders.ts";
import { makeAuthority, makeCertificate, readCertificate } from "../support/certificates.ts";
import { nagiosAnswer } from "../support/cgi-server.ts";
import { describeReal } from "../support/real.ts";
import { isUnwell, isWell, Told } from "../support/told.ts";

describeReal("CGIs behind TLS", ["openssl"], () => {
  let folder: string;
  let server: Server;
  const told = new Told();

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-cgi-tls-"));
    const certificate = makeCertificate(folder, "localhost", makeAuthority(folder, "ours"));
    makeAuthority(folder, "other");
    const up = { status: 2, has_been_checked: true };
    const answer = nagiosAnswer({ hostlist: { web: up }, servicelist: {} }, () => NOON, 1);
    server = createServer(readCertificate(certificate), (request, response) => {
      const url = new URL(request.url ?? "/", "https://localhost");
      answer(url.pathname.split("/").at(-1) ?? "", url.searchParams, response, request);
    });
    await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([
    ["ours", true],
    ["other", false],
    [null, false],
  ])("are believed with the authority %s: %s", async (authority, isBelieved) => {
    told.clear();
    const { port } = server.address() as AddressInfo;
    const source = createCgiSource({
      ...{ name: "mon", url: `https://localhost:${port}/cgi-bin/`, user: null, password: null, format: "auto" },
      ca: authority === null ? null : readFileSync(join(folder, `${authority}.crt`), "utf8"),
      ...{ interval: 60, offset: () => 0, sink: told.sink, logger: SILENT, now: () => NOON, random: () => 1 },
    });
    await source.start();
    const health = await told.until(isBelieved ? isWell() : isUnwell);
    await source.stop();
    expect(told.states.flatMap(({ statuses }) => statuses).length).toBe(isBelieved ? 1 : 0);
    if (!isBelieved && health.kind === "health") {
      expect(health.error).toMatch(/ca_file/);
    }
  });
});
