/** Every write over HTTP is written down with who, from where, and old and new values, before it is made; refusals, too. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { AuditEntry } from "../../src/audit/audit-entry.ts";
import { AuditTrail } from "../../src/audit/audit-trail.ts";
import { webAudit } from "../../src/daemon/web-audit.ts";
import { SILENT } from "../../src/logger.ts";
import { API_ROUTES } from "../../src/web/api/api-v1.ts";
import type { Access } from "../../src/web/caller.ts";
import { NOW } from "../support/picture.ts";
import { hostsValue, settingsValue } from "../support/settings.ts";
import { ACCESS, depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

const SECRET = "s3cret-0f-nagios";

let folder = "";
let file = "";
let app: ServedApp;
let now = NOW;

const access: Access = {
  ...ACCESS,
  roleOfToken: (token) =>
    (
      ({
        v: { role: "viewer", name: "vi" },
        e: { role: "editor", name: "ed" },
        a: { role: "admin", name: "ann" },
      }) as const
    )[token],
};

beforeEach(async () => {
  now = NOW;
  folder = mkdtempSync(join(tmpdir(), "dotm-audit-"));
  file = join(folder, "audit.log");
  const [settings, hosts] = [settingsValue(), hostsValue()];
  const audit = webAudit(new AuditTrail(file, () => now), { settings, hosts }, SILENT);
  app = await serveApp({ ...depsOf(storedShop(), { settings, hosts, access }), audit });
});
afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

function entries(): AuditEntry[] {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The last line, without when and from where. */
function last() {
  const { at, from, ...rest } = entries().at(-1) as AuditEntry;
  expect([at, from]).toEqual([new Date(now * 1000).toISOString(), "127.0.0.1"]);
  return rest;
}

const by = (token: string) => ({ authorization: `Bearer ${token}` });

function send(method: string, path: string, body?: object, token = "a") {
  return fetch(`${app.url}${path}`, {
    method,
    headers: { ...by(token), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function post(path: string, form: Record<string, string>, token = "a") {
  return fetch(`${app.url}${path}`, {
    method: "POST",
    headers: by(token),
    body: new URLSearchParams(form),
    redirect: "manual",
  });
}

const ANN = { who: "ann", role: "admin", how: "token", reason: null, leftOut: 0 };

it("tells each change of a setting by the API with what was and what is", async () => {
  await send("POST", "/api/v1/settings/aging", { field: "Services", value: "600" }, "e");
  expect(last()).toMatchObject({
    ...{ who: "ed", role: "editor", how: "token", result: "done" },
    ...{ action: "add", object: "setting aging", old: null, new: { Services: "600" } },
  });
  await send("POST", "/api/v1/settings/aging", { field: "Services", value: "700" });
  expect(last()).toMatchObject({ ...ANN, old: { Services: "600" }, new: { Services: "700" } });
  await send("PUT", "/api/v1/settings/aging", { values: { Connections: "60" } });
  expect(last()).toMatchObject({ action: "replace", old: { Services: "700" }, new: { Connections: "60" } });
  await send("DELETE", "/api/v1/settings/aging?entry=Connections");
  expect(last()).toMatchObject({ action: "remove", old: { Connections: "60" }, new: null });
  await send("PUT", "/api/v1/settings/service_port_whitelist", { values: ["22", "53"] });
  expect(last()).toMatchObject({ object: "setting service_port_whitelist", old: null, new: "22, 53" });
  await send("DELETE", "/api/v1/settings/service_port_whitelist?entry=22");
  expect(last()).toMatchObject({ old: "22", new: null });
});

it("saves nothing of a form of which one field is refused, and tells which", async () => {
  const form = { setting: "history", action: "set", "field.interval": "600", "field.expire": "soon" };
  const answer = await post("/settings", form);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("soon")]);
  expect(last()).toMatchObject({ action: "set", object: "setting history", result: "failed" });
  const { entries: held } = (await (await send("GET", "/api/v1/settings/history")).json()) as { entries: object[] };
  expect(held).toContainEqual(expect.objectContaining({ field: "interval", value: "3600" }));
});

it("tells forms of pages and of the original's front end alike", async () => {
  await post("/settings", { setting: "history", action: "set", "field.interval": "600" });
  expect(last()).toMatchObject({ ...ANN, object: "setting history", new: { interval: "600" } });
  await post("/rules", { check: "MySQL.*", process: "mysqld" });
  expect(last()).toMatchObject({ object: "setting service_mapping", old: null, new: { "MySQL.*": "mysqld" } });
  await post("/rules", { action: "remove", check: "MySQL.*" });
  expect(last()).toMatchObject({ action: "remove", old: { "MySQL.*": "mysqld" }, new: null });
  await post("/hosts", { host: "db07", type: "agent", address: "10.0.0.7" });
  expect(last()).toMatchObject({ action: "add", object: "host db07", new: { type: "agent", address: "10.0.0.7" } });
  await post("/hosts", { action: "remove", host: "db07" });
  expect(last()).toMatchObject({ action: "remove", old: { type: "agent", address: "10.0.0.7" }, new: null });
  await post("/backend/settings/setHash/hiding", { key1: "Services", value1: "3" });
  expect(last()).toMatchObject({ object: "setting hiding", new: { Services: "3" } });
  await post("/compat/nodes", { action: "add", name: "web09" });
  expect(last()).toMatchObject({ object: "host web09", new: { type: "ssh" } });
});

it("holds no secret, not even one that was given to the wrong field", async () => {
  for (const field of ["password", "Password", "nonsense"]) {
    await send("POST", "/api/v1/settings/nagios_instance", { field, value: SECRET });
  }
  await send("POST", "/api/v1/settings/nagios_instance", { field: "url", value: `http://me:${SECRET}@nagios/` });
  await send("POST", "/api/v1/settings/aging", { field: "Services", value: SECRET });
  await post("/settings", { setting: "nagios_instance", action: "set", "field.password": SECRET });
  await send("PUT", "/api/v1/settings/nagios_instance", { values: { password: SECRET } }, SECRET);
  expect(entries().length).toBeGreaterThan(5);
  expect(entries().some(({ new: told }) => typeof told === "object" && told?.["password"] === "***")).toBe(true);
  expect(readFileSync(file, "utf8")).not.toContain(SECRET);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it("says by a second line that a change failed", async () => {
  await send("POST", "/api/v1/settings/aging", { field: "Services", value: "soon" });
  expect(entries().map(({ result }) => result)).toEqual(["done", "failed"]);
  expect(last().reason).toContain("cannot stand there");
});

it("tells who was refused and why, at every route that writes", async () => {
  const routes = API_ROUTES.filter(({ method }) => method !== "get");
  const paths = routes.map(({ method, path }) => [method.toUpperCase(), path.replace("{setting}", "aging")] as const);
  const forms = ["/settings", "/rules", "/hosts", "/backend/settings/set/aging", "/compat/nodes"];
  for (const [method, path] of [...paths, ...forms.map((path) => ["POST", path] as const)]) {
    const { status } = await send(method, path, {}, "v");
    expect([status, last()]).toEqual([
      403,
      {
        ...{ who: "vi", role: "viewer", how: "token", result: "refused", action: method, object: path },
        ...{ old: null, new: null, leftOut: 0, reason: "vi is a viewer; this needs an editor." },
      },
    ]);
  }
  await send("POST", "/api/v1/settings/aging", {}, "unknown");
  expect(last()).toMatchObject({ who: "", how: null, reason: expect.stringContaining("not known") });
  await post("/settings", { setting: "nagios_instance", field: "url", value: "x" }, "e");
  expect(last()).toMatchObject({ who: "ed", result: "refused", reason: "ed is an editor; this needs an admin." });
  await fetch(`${app.url}/rules`, { method: "POST", headers: { origin: "https://evil.example.net" } });
  expect(last()).toMatchObject({ result: "refused", reason: expect.stringContaining("is not this DOTM") });
});

it("tells who was refused at the door of those who are known, too, and logs of no address what follows its path", async () => {
  const [settings, hosts] = [settingsValue(), hostsValue()];
  const audit = webAudit(new AuditTrail(file, () => now), { settings, hosts }, SILENT);
  const said: string[] = [];
  const logger = { ...SILENT, info: (about: object) => said.push(JSON.stringify(about)) };
  await app.close();
  const known = { ...access, read: "known" } as const;
  app = await serveApp({ ...depsOf(storedShop(), { settings, hosts, access: known, logger }), audit });
  await send("POST", "/api/v1/settings/aging?token=s3cret", { field: "Services", value: "600" });
  expect(said).toEqual([expect.stringContaining('"path":"/api/v1/settings/aging"')]);
  expect((await send("POST", "/settings?token=s3cret", {}, "unknown")).status).toBe(401);
  expect(last()).toMatchObject({ who: "", result: "refused", action: "POST", object: "/settings" });
  await send("GET", "/settings", undefined, "unknown");
  expect(entries()).toHaveLength(2);
});

it("is not flooded by refusals: of too many in a minute the number is told", async () => {
  for (let i = 0; i < 40; i += 1) {
    await send("POST", "/api/v1/settings/aging", {}, "nobody's");
  }
  expect(entries()).toHaveLength(30);
  now += 60;
  await send("POST", "/api/v1/settings/aging", {}, "nobody's");
  expect(entries()).toHaveLength(31);
  expect(last().leftOut).toBe(10);
});

it("keeps a change from being made that cannot be written down", async () => {
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "no folder");
  const answer = await send("POST", "/api/v1/settings/aging", { field: "Services", value: "600" });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("nothing was changed") });
  const { entries: held } = (await (await send("GET", "/api/v1/settings/aging")).json()) as {
    entries: { field: string; value: string }[];
  };
  expect(held.find(({ field }) => field === "Services")?.value).toBe("300");
});

it("tells what is done after a full disk, of which a torn line is left", async () => {
  writeFileSync(file, '{"at":"2026-11-2');
  await send("POST", "/api/v1/settings/aging", { field: "Services", value: "600" });
  await send("POST", "/api/v1/settings/aging", { field: "Services", value: "700" });
  const shown = await (await send("GET", "/api/v1/audit", undefined, "a")).json();
  expect(shown).toMatchObject({ items: [{ new: { Services: "600" } }, { new: { Services: "700" } }] });
});

it("is shown to admins alone", async () => {
  await send("POST", "/api/v1/settings/aging", { field: "Services", value: "600" });
  const seen = async (token: string) => send("GET", "/api/v1/audit?limit=5", undefined, token);
  expect((await seen("v")).status).toBe(403);
  expect((await seen("e")).status).toBe(403);
  const shown = await seen("a");
  expect(shown.headers.get("cache-control")).toBe("no-store");
  expect(await shown.json()).toMatchObject({ kind: "AuditList", items: [{ object: "setting aging", who: "ann" }] });
});

it("that cannot be read is told as such", async () => {
  rmSync(file, { force: true });
  mkdirSync(file);
  const answer = await send("GET", "/api/v1/audit", undefined, "a");
  expect([answer.status, await answer.json()]).toMatchObject([503, { detail: expect.stringContaining("EISDIR") }]);
});
