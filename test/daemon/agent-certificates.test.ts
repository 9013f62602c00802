/** Agents that show a certificate in place of a token: the agent's own client against the port as the daemon opens it. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { pushReport } from "../../agent/push.ts";
import { createIntake } from "../../src/daemon/create-intake.ts";
import { serveAgents } from "../../src/daemon/serve-agents.ts";
import { type Served, serveHttp } from "../../src/daemon/serve-http.ts";
import { addToken } from "../../src/ingest/token-file.ts";
import { SILENT } from "../../src/logger.ts";
import type { ReportDeps } from "../../src/web/agent-routes.ts";
import { createReportApp } from "../../src/web/report-app.ts";
import {
  type Certificate,
  makeAuthority,
  makeCertificate,
  makeRevocations,
  readCertificate,
} from "../support/certificates.ts";
import { reportOf } from "../support/dotm-process.ts";
import { eventually, ROOT, startProgram } from "../support/process.ts";
import { describeReal, findProgram } from "../support/real.ts";

describeReal("a certificate in place of a token", ["openssl"], () => {
  let folder: string;
  let authority: Certificate;
  let listen: Parameters<typeof serveAgents>[0] & object;
  let doors: ReportDeps;
  let served: Served | undefined;
  let sequence = 0;
  const taken: string[] = [];
  const made = {} as Record<"web01" | "WEB02" | "star" | "expired" | "revoked" | "stranger", Certificate>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-agents-tls-"));
    authority = makeAuthority(folder, "ours");
    const elsewhere = makeAuthority(folder, "elsewhere");
    const server = makeCertificate(folder, "localhost", authority);
    made.web01 = makeCertificate(folder, "web01", authority);
    made.WEB02 = makeCertificate(folder, "WEB02", authority);
    made.star = makeCertificate(folder, "*", authority);
    made.expired = makeCertificate(folder, "web01", authority, -1);
    made.revoked = makeCertificate(folder, "web03", authority);
    made.stranger = makeCertificate(folder, "web04", elsewhere);
    listen = {
      ...{ host: "localhost", port: 0, certFile: server.cert, keyFile: server.key },
      clientCaFile: authority.cert,
      clientCrlFile: makeRevocations(folder, authority, [made.revoked]),
    };
    const tokensFile = join(folder, "tokens.json");
    const intake = createIntake({ auth: "token", interval: 60, tokensFile, spoolDir: null, listen, pull: [] }, SILENT, {
      keep: async () => 0,
      deliver: ({ report }) => taken.push(report.host),
      nameOf: (host) => host,
      told: () => undefined,
    });
    doors = {
      acceptReport: (raw: Buffer, headers: object, certified?: readonly string[]) =>
        intake.acceptHttp(raw, headers as Record<string, unknown>, Date.now() / 1000, certified),
      refusedLargeReport: () => undefined,
    };
    served = await serveAgents(listen, doors, SILENT);
  });

  afterAll(async () => {
    await served?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What comes of a report of `host`, sent as an agent sends it. */
  async function send(host: string, certificate?: Certificate, token?: string): Promise<string> {
    sequence += 1;
    const server = {
      url: new URL(served?.url ?? ""),
      token,
      ca: readFileSync(join(folder, "ours.crt"), "utf8"),
      own:
        certificate === undefined
          ? undefined
          : { cert: readFileSync(certificate.cert, "utf8"), key: readFileSync(certificate.key, "utf8") },
    };
    const now = () => Date.now() / 1000;
    const body = gzipSync(JSON.stringify(reportOf(host, sequence)));
    const result = await pushReport(body, server, now, new AbortController().signal);
    return result.kind === "accepted" ? "accepted" : result.reason;
  }

  it("speaks for the host it names, and never for another one", async () => {
    expect(await send("web01", made.web01)).toBe("accepted");
    expect(await send("web02", made.WEB02)).toBe("accepted");
    expect(await send("db01", made.web01)).toContain("answers 401");
    expect(await send("web01.example.net", made.web01)).toContain("answers 401");
    expect(await send("web01", made.star)).toContain("answers 401");
    expect(await send("*", made.star)).toContain("answers 401");
  });

  it.each([["expired"], ["stranger"], ["revoked"]] as const)("counts for nothing where it is %s", async (kind) => {
    const host = { expired: "web01", stranger: "web04", revoked: "web03" }[kind];
    expect(await send(host, made[kind])).toMatch(/answers 401/);
  });

  it("counts for nothing once it is revoked, on a connection that was made before, either", async () => {
    const before = taken.length;
    const own = makeCertificate(folder, "web05", authority);
    const port = { part: "agents", files: listen, logger: SILENT, every: 20 };
    const followed = await serveHttp(createReportApp(doors, SILENT), listen, port);
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = () =>
      new Promise<string>((told) => {
        const tls = { ...readCertificate(own), ca: readFileSync(authority.cert), agent: kept };
        const asked = request(new URL("api/v1/agents/report", followed.url), { ...tls, method: "POST" }, (answer) => {
          answer.resume().on("end", () => told(`${answer.statusCode} ${asked.reusedSocket}`));
        });
        asked.on("error", () => told("broken off")).end(JSON.stringify(reportOf("web05", ++sequence)));
      });
    expect(await ask()).toBe("200 false");
    expect(await ask()).toBe("200 true");
    makeRevocations(folder, authority, [made.revoked, own]);
    await eventually("its refusal", async () => ((await ask()).startsWith("401") ? true : undefined));
    kept.destroy();
    await followed.close();
    taken.splice(before);
  });

  it.runIf(findProgram("dash") && findProgram("ss") && findProgram("curl"))(
    "is shown by the agent in sh, too",
    async () => {
      const before = taken.length;
      const words = ["run", "--host", "web01", "--server", served?.url ?? "", "--spool", join(folder, "spool")];
      const files = [
        "--ca-file",
        join(folder, "ours.crt"),
        "--cert-file",
        made.web01.cert,
        "--key-file",
        made.web01.key,
      ];
      const agent = startProgram("dash", ["agent/dotm-agent.sh", ...words, ...files], { cwd: ROOT });
      await eventually("its report", async () => (taken.length > before ? true : undefined));
      await agent.stop();
      // Its next one may follow at once.
      expect(new Set(taken.splice(before))).toEqual(new Set(["web01"]));
    },
  );

  it("leaves those with a token alone", async () => {
    const token = addToken(join(folder, "tokens.json"), "db07");
    expect(await send("db07", undefined, token)).toBe("accepted");
    expect(await send("db07")).toContain("answers 401");
    expect(await send("db07", made.stranger, token)).toBe("accepted");
    expect(taken).toEqual(["web01", "web02", "db07", "db07"]);
  });
});
