/** People who log in with a name and a password of an htpasswd file: what they may, and that tokens hold beside them. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { webAccess } from "../../src/daemon/web-access.ts";
import { addUserToken } from "../../src/ingest/user-tokens.ts";
import { SILENT } from "../../src/logger.ts";
import { depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

/** `secret`, as `htpasswd -s` keeps it. */
const HASH = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=";

let folder = "";
let app: ServedApp;
let file = "";
const logged: object[] = [];

beforeEach(async () => {
  logged.length = 0;
  folder = mkdtempSync(join(tmpdir(), "dotm-login-"));
  file = join(folder, "htpasswd.users");
  writeFileSync(file, ["vi", "ed", "ann"].map((user) => `${user}:${HASH}\n`).join(""));
  const access = webAccess(
    {
      read: "known",
      loopback: "admin",
      tokensFile: join(folder, "tokens.json"),
      htpasswd: { file, editors: ["ed", "nobody"], admins: ["ann"] },
      restrict: [],
      proxy: null,
    },
    { hosts: [] },
    {
      now: () => 1_000,
      logger: { ...SILENT, error: (fields) => logged.push(fields) },
      aliasKey: () => Buffer.alloc(32),
    },
  );
  app = await serveApp(depsOf(storedShop(), { access }));
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

/** As a browser behind another machine. */
const stranger = { "x-forwarded-for": "192.0.2.1" };
const login = (user: string, password: string) => ({
  ...stranger,
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});
const look = (headers: Record<string, string>, path = "/map") => fetch(`${app.url}${path}`, { headers });
const write = async (user: string, setting: string, value = { field: "Services", value: "600" }) => {
  const headers = { ...login(user, "secret"), "content-type": "application/json" };
  const body = JSON.stringify(value);
  return (await fetch(`${app.url}/api/v1/settings/${setting}`, { method: "POST", headers, body })).status;
};

it("strangers are asked for a name and a password, and who has them looks", async () => {
  const refused = await look(stranger);
  expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, expect.stringContaining("Basic")]);
  expect((await look(login("vi", "secret"))).status).toBe(200);
  expect((await look(login("vi", "Secret"))).status).toBe(401);
  expect((await look(login("nobody", "secret"))).status).toBe(401);
  expect((await look(login("", ""))).status).toBe(401);
  expect((await look({ ...stranger, authorization: "Basic !" })).status).toBe(401);
});

it("each may what the lists say, and who stands in no list looks", async () => {
  expect(await write("vi", "aging")).toBe(403);
  expect(await write("ed", "aging")).toBe(200);
  expect(await write("ed", "fetch_parameters", { field: "interval", value: "60" })).toBe(403);
  expect(await write("ann", "fetch_parameters", { field: "interval", value: "60" })).toBe(200);
});

it("another site writes nothing with the password a browser remembers", async () => {
  const headers = { ...login("ann", "secret"), origin: "https://evil.example.net" };
  const answer = await fetch(`${app.url}/settings`, { method: "POST", headers, body: new URLSearchParams({ a: "b" }) });
  expect(answer.status).toBe(403);
});

it("after five wrong passwords the sixth is told to wait", async () => {
  for (let i = 0; i < 5; i += 1) {
    expect((await look(login("ann", `guess ${i}`))).status).toBe(401);
  }
  const waiting = await look(login("ann", "secret"));
  expect([waiting.status, waiting.headers.get("retry-after")]).toEqual([429, "60"]);
  expect((await look(login("vi", "secret"))).status).toBe(200);
});

it("a token is taken as the password still, and whoever is taken out of the file is out", async () => {
  const token = addUserToken(join(folder, "tokens.json"), "grafana", "viewer", 1);
  expect((await look(login("anything", token))).status).toBe(200);
  expect((await look({ ...stranger, authorization: `Bearer ${token}` })).status).toBe(200);
  expect((await look({ ...stranger, authorization: "Bearer secret" })).status).toBe(401);
  expect((await look(login("ann", "secret"))).status).toBe(200);
  writeFileSync(file, `vi:${HASH}\n`);
  expect((await look(login("ann", "secret"))).status).toBe(401);
});

it("where tokens or passwords cannot be read nobody gets in, who asks learns so much, and the log why", async () => {
  const tokens = join(folder, "tokens.json");
  writeFileSync(tokens, "[torn");
  for (const _ of [1, 2]) {
    const answer = await look({ ...stranger, authorization: "Bearer one" }, "/api/v1/hosts");
    const text = await answer.text();
    expect([answer.status, text]).toEqual([503, expect.stringContaining("It cannot be told whose token this is")]);
    expect(text).not.toContain(folder);
  }
  const reasons = logged.filter((fields) => "file" in fields);
  expect(reasons).toMatchObject([{ file: tokens, error: expect.stringContaining(tokens) }]);
  // A file that cannot even be looked at.
  rmSync(tokens);
  rmSync(file);
  symlinkSync(file, file);
  symlinkSync(tokens, tokens);
  expect((await look({ ...stranger, authorization: "Bearer one" })).status).toBe(503);
  rmSync(tokens);
  expect((await look(login("vi", "secret"))).status).toBe(401);
  expect(logged.at(-1)).toMatchObject({ file, error: expect.stringContaining("ELOOP") });
});
