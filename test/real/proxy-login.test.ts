/** A real Apache that asks for a password tells DOTM who came, by the shipped lines and a secret; nobody else can say so. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Secret } from "../../src/config/secret.ts";
import { webAccess } from "../../src/daemon/web-access.ts";
import { SILENT } from "../../src/logger.ts";
import { apacheHead } from "../support/apache-config.ts";
import { eventually, freePort, startProgram, type TestProcess } from "../support/process.ts";
import { rawRequest } from "../support/raw-http.ts";
import { describeReal, findProgram } from "../support/real.ts";
import { depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

const MODULES = [
  ...["mpm_prefork", "authz_core", "authz_host", "authz_user", "authn_core", "authn_file", "auth_basic"],
  ...["proxy", "proxy_http", "headers"],
];

describeReal("a login at the proxy", ["apache2", "htpasswd"], () => {
  let folder: string;
  let app: ServedApp;
  let apache: TestProcess;
  let site: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-proxy-login-"));
    chmodSync(folder, 0o755);
    const users = join(folder, "htpasswd.users");
    for (const user of ["alice", "bob"]) {
      const made = spawnSync("htpasswd", ["-i", ...(user === "alice" ? ["-c"] : []), users, user], { input: "secret" });
      expect(made.status).toBe(0);
    }
    const proxy = {
      addresses: ["127.0.0.1"],
      secret: new Secret("5ecret-0f-both"),
      ...{
        userHeader: "x-forwarded-user",
        groupsHeader: "x-forwarded-groups",
        editors: ["alice", "@sysops"],
        admins: ["@root"],
      },
    };
    const auth = {
      read: "known",
      loopback: "admin",
      tokensFile: join(folder, "tokens.json"),
      htpasswd: null,
      restrict: [],
      proxy,
    } as const;
    const around = { now: () => 0, logger: SILENT, aliasKey: () => Buffer.alloc(32) };
    app = await serveApp(depsOf(storedShop(), { access: webAccess(auth, { hosts: [] }, around) }));
    const port = await freePort();
    const login = `AuthType Basic\nAuthName Nagios\nAuthUserFile ${users}\nRequire valid-user`;
    const shipped = readFileSync("nagios/apache/dotm.conf", "utf8")
      .replaceAll("http://127.0.0.1:4880", app.url)
      .replace(/Require ip .*/, login);
    const secret = `<Location "/dotm/">\nRequestHeader set X-DOTM-Proxy-Secret "5ecret-0f-both"\n</Location>\n`;
    writeFileSync(join(folder, "apache.conf"), [...apacheHead(folder, port, MODULES), shipped, secret].join("\n"));
    apache = startProgram(findProgram("apache2") ?? "", ["-f", join(folder, "apache.conf"), "-DFOREGROUND"], {
      cwd: folder,
      daemon: true,
    });
    site = `http://127.0.0.1:${port}/dotm/`;
    await eventually("Apache to answer", async () => ((await fetch(site)).status === 401 ? true : undefined));
  });
  afterAll(async () => {
    await apache?.stop();
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const as = (user: string) => ({ authorization: `Basic ${Buffer.from(`${user}:secret`).toString("base64")}` });
  const write = async (headers: Record<string, string>, to = site) => {
    const body = JSON.stringify({ field: "Services", value: "600" });
    const sent = { ...headers, "content-type": "application/json" };
    return (await fetch(`${to}api/v1/settings/aging`, { method: "POST", headers: sent, body })).status;
  };

  it("lets in who has a password there, with the rank that the lists give", async () => {
    expect((await fetch(`${site}map`)).status).toBe(401);
    expect((await fetch(`${site}map`, { headers: as("bob") })).status).toBe(200);
    expect(await write(as("bob"))).toBe(403);
    expect(await write(as("alice"))).toBe(200);
  });

  it("is not fooled by what a browser says of itself", async () => {
    expect(await write({ ...as("bob"), "x-forwarded-user": "alice" })).toBe(403);
    expect(await write({ ...as("bob"), "x-forwarded-user": "alice", "x-dotm-proxy-secret": "guess" })).toBe(403);
  });

  it("believes no groups that a browser makes up", async () => {
    for (const groups of ["sysops", "root", "web, root"]) {
      expect([groups, await write({ ...as("bob"), "x-forwarded-groups": groups })]).toEqual([groups, 403]);
    }
  });

  it("takes nobody for this machine who has the proxy forget its headers on the way", async () => {
    const { authorization } = as("bob");
    const names = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Server", "X-Forwarded-User", "Via"];
    const dropped = [...names, "X-Forwarded-Prefix", "X-DOTM-Proxy-Secret"].join(", ");
    const body = JSON.stringify({ field: "Services", value: "600" });
    const { status } = await rawRequest(
      site,
      [
        ...["POST /dotm/api/v1/settings/aging HTTP/1.1", "Host: 127.0.0.1", `Authorization: ${authorization}`],
        ...[
          `Connection: close, ${dropped}`,
          "Content-Type: application/json",
          `Content-Length: ${body.length}`,
          "",
          body,
        ],
      ].join("\r\n"),
    );
    expect([400, 401, 403]).toContain(status);
  });

  it("is not fooled by another program on the machine of the proxy", async () => {
    expect(await write({ "x-forwarded-user": "alice" }, `${app.url}/`)).toBe(400);
    expect(await write({ "x-forwarded-user": "alice", "x-dotm-proxy-secret": "guess" }, `${app.url}/`)).toBe(400);
  });
});
