/** Pages over TLS: from which version on, what browsers are told, and a certificate that is exchanged while we serve. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterEach, beforeEach, expect, it } from "vitest";
import { askReady } from "../../src/cli/ask-ready.ts";
import { type Served, serveHttp } from "../../src/daemon/serve-http.ts";
import type { Logger } from "../../src/logger.ts";
import { makeAuthority, makeCertificate } from "../support/certificates.ts";
import { describeReal } from "../support/real.ts";

describeReal("the port of pages over TLS", ["openssl"], () => {
  let folder = "";
  let served: Served | undefined;
  let told: () => void = () => undefined;
  const logger: Logger = { debug() {}, info: () => told(), warn() {}, error: () => told() };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-web-tls-"));
    use("first");
    served = await serveHttp(
      (_, response) => response.end("ready"),
      { host: "localhost", port: 0 },
      {
        part: "web",
        files: { certFile: file("web.crt"), keyFile: file("web.key"), clientCaFile: null, clientCrlFile: null },
        logger,
        every: 20,
      },
    );
  });
  afterEach(async () => {
    await served?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string) => join(folder, name);

  /** Puts the certificate of an authority of that name in the place of the one that is served. */
  function use(name: string): void {
    const { cert, key } = makeCertificate(folder, "localhost", makeAuthority(folder, name));
    copyFileSync(cert, file("web.crt"));
    copyFileSync(key, file("web.key"));
  }

  function asked(name: string): Promise<string> {
    return new Promise((resolve) => {
      get(new URL(served?.url ?? ""), { ca: readFileSync(file(`${name}.crt`)), agent: false }, (answer) => {
        answer.resume().on("end", () => resolve(`${answer.statusCode}`));
      }).on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  }

  const word = () =>
    new Promise<void>((resolve) => {
      told = resolve;
    });

  it("takes TLS 1.2 and nothing older", async () => {
    expect(served?.url).toMatch(/^https:/);
    expect(await asked("first")).toBe("200");
    const old = await new Promise<string>((resolve) => {
      const { hostname, port } = new URL(served?.url ?? "");
      const options = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
      const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options });
      socket.on("secureConnect", () => resolve("connected")).on("error", (error) => resolve(error.message));
    });
    expect(old).toMatch(/alert protocol version|unsupported protocol|no protocols/i);
  });

  it("shows a new certificate once its files hold one, and the one before while they hold none", async () => {
    const broken = word();
    writeFileSync(file("web.crt"), "half a certifi");
    await broken;
    expect(await asked("first")).toBe("200");
    const renewed = word();
    use("second");
    await renewed;
    // Both files are written one after the other: a look between them finds no pair, and the next one does.
    if ((await asked("second")) !== "200") {
      await word();
    }
    expect(await asked("second")).toBe("200");
    expect(await asked("first")).not.toBe("200");
  });

  it("is asked whether it is ready by its own certificate, whatever its name", async () => {
    const by = served?.url.replace("localhost", "127.0.0.1") ?? "";
    expect(await askReady(by, file("web.crt"))).toEqual({ kind: "ready" });
    makeAuthority(folder, "another");
    expect(await askReady(by, file("another.crt"))).toMatchObject({ kind: "silent" });
  });
});
