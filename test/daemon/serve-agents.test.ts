import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serveAgents } from "../../src/daemon/serve-agents.ts";
import type { Served } from "../../src/daemon/serve-http.ts";
import { SILENT } from "../../src/logger.ts";
import { makeAuthority, makeCertificate } from "../support/certificates.ts";
import { describeReal } from "../support/real.ts";

describeReal("the port of agents", ["openssl"], () => {
  let folder: string;
  let served: Served | undefined;
  const taken: string[] = [];
  const deps = {
    acceptReport: async (raw: Buffer) => {
      taken.push(raw.toString());
      return { status: 200, body: { ack: 7 } };
    },
    refusedLargeReport: () => undefined,
  };
  const listen = () => {
    const [certFile, keyFile] = [join(folder, "localhost2.crt"), join(folder, "localhost2.key")];
    return { host: "localhost", port: 0, certFile, keyFile, clientCaFile: null, clientCrlFile: null };
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-agents-port-"));
    makeCertificate(folder, "localhost", makeAuthority(folder, "ours"));
    served = await serveAgents(listen(), deps, SILENT);
  });

  afterAll(async () => {
    await served?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** The status and body of an answer, over TLS with our authority alone. */
  function ask(method: string, path: string, body = ""): Promise<[status: number | undefined, body: string]> {
    const ca = readFileSync(join(folder, "ours.crt"));
    return new Promise((resolve, reject) => {
      const asked = request(new URL(path, served?.url), { method, ca, agent: false }, (response) => {
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve([response.statusCode, text]));
      });
      asked.on("error", reject);
      asked.end(body);
    });
  }

  it("takes reports over TLS, and shows nothing else", async () => {
    expect(served?.url).toMatch(/^https:/);
    expect(await ask("POST", "/api/v1/agents/report", "{}")).toEqual([200, '{"ack":7}']);
    expect(taken).toEqual(["{}"]);
    for (const path of ["/", "/map", "/api/v1/impacts", "/metrics", "/healthz"]) {
      expect((await ask("GET", path))[0]).toBe(404);
    }
    expect((await ask("POST", "/api/v1/events", "[]"))[0]).toBe(404);
  });

  it("says what is wrong with certificate or key", async () => {
    const broken = join(folder, "broken.crt");
    writeFileSync(broken, "no certificate");
    for (const certFile of [broken, join(folder, "missing.crt")]) {
      await expect(serveAgents({ ...listen(), certFile }, deps, SILENT)).rejects.toMatchObject({
        code: "DOTM_CONFIG_INVALID",
        next: expect.stringContaining("agents.cert_file"),
      });
    }
  });

  it("is not there where nothing is said of it", async () => {
    expect(await serveAgents(null, deps, SILENT)).toBeUndefined();
  });
});
