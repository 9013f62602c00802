/** Who comes through a proxy that logs people in: whose word counts, and what of it. */
import { afterEach, expect, it } from "vitest";
import type { AuthConfig } from "../../src/config/config-value.ts";
import { webAccess } from "../../src/daemon/web-access.ts";
import { SILENT } from "../../src/logger.ts";
import { rawRequest } from "../support/raw-http.ts";
import { depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

const PROXY = {
  ...{ addresses: ["127.0.0.1"], secret: null, userHeader: "x-forwarded-user", groupsHeader: null },
  ...{ editors: ["ann", "@sysops"], admins: ["@root"] },
} as const;

const AUTH: AuthConfig = {
  read: "known",
  loopback: "admin",
  tokensFile: "/nowhere/tokens.json",
  htpasswd: null,
  restrict: [],
  proxy: PROXY,
};

const apps: ServedApp[] = [];
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

async function serving(auth: Partial<AuthConfig>): Promise<string> {
  const around = { now: () => 0, logger: SILENT, aliasKey: () => Buffer.alloc(32) };
  const app = await serveApp(depsOf(storedShop(), { access: webAccess({ ...AUTH, ...auth }, { hosts: [] }, around) }));
  apps.push(app);
  return app.url;
}

async function writes(url: string, user: string, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(`${url}/api/v1/settings/aging`, {
    method: "POST",
    headers: { "x-forwarded-user": user, "content-type": "application/json", ...headers },
    body: JSON.stringify({ field: "Services", value: "600" }),
  });
  await answer.body?.cancel();
  return answer.status;
}

async function hidden(url: string, headers: Record<string, string>): Promise<string | number | null> {
  const answer = await fetch(`${url}/api/v1/hosts`, { headers });
  await answer.body?.cancel();
  return answer.status === 200 ? answer.headers.get("x-dotm-hidden-hosts") : answer.status;
}

it("groups count only where the configuration names the header they come in", async () => {
  const silent = await serving({});
  expect(await writes(silent, "ann")).toBe(200);
  expect(await writes(silent, "bob", { "x-forwarded-groups": "sysops, root" })).toBe(403);
  const telling = await serving({ proxy: { ...PROXY, groupsHeader: "x-forwarded-groups" } });
  expect(await writes(telling, "bob", { "x-forwarded-groups": "web; sysops" })).toBe(200);
  expect(await writes(telling, "bob", { "x-forwarded-groups": "web" })).toBe(403);
});

it("nobody escapes a restriction of groups by having the proxy forget the header", async () => {
  const url = await serving({
    restrict: [{ who: ["@shop"], hostGroups: ["no such group"] }],
    proxy: { ...PROXY, groupsHeader: "x-forwarded-groups" },
  });
  const as = (user: string, groups?: string) =>
    hidden(url, { "x-forwarded-user": user, ...(groups === undefined ? {} : { "x-forwarded-groups": groups }) });
  const all = Number(await as("bob", "web,shop"));
  expect(all).toBeGreaterThan(0);
  expect(await as("bob", "web")).toBe(null);
  expect(await as("bob", "")).toBe(null);
  expect(await as("bob")).toBe(400);
});

it("nobody escapes a restriction by another spelling of their name", async () => {
  const url = await serving({
    restrict: [{ who: ["jürgen", "@Läden"], hostGroups: ["none"] }],
    proxy: { ...PROXY, groupsHeader: "x-groups" },
  });
  const bytes = (text: string) => Buffer.from(text).toString("latin1");
  for (const [user, groups] of [
    ["jürgen", ""],
    ["JÜRGEN", ""],
    ["Jürgen".normalize("NFD"), ""],
    ["ann", "läden"],
  ] as const) {
    const told = await hidden(url, { "x-forwarded-user": bytes(user), "x-groups": bytes(groups) });
    expect([user, Number(told)]).toEqual([user, expect.any(Number)]);
    expect(Number(told)).toBeGreaterThan(0);
  }
  expect(await hidden(url, { "x-forwarded-user": "ann", "x-groups": "" })).toBe(null);
});

it("ranks are for the very name that is listed", async () => {
  const url = await serving({});
  expect(await writes(url, "ANN")).toBe(403);
});

it("a name or groups that came twice are refused: the proxy adds where it must replace", async () => {
  const url = await serving({ proxy: { ...PROXY, groupsHeader: "x-groups" } });
  const ask = async (...headers: string[]) =>
    (
      await rawRequest(
        url,
        ["GET /map HTTP/1.1", "Host: localhost", "Connection: close", ...headers, "", ""].join("\r\n"),
      )
    ).status;
  expect(await ask("X-Forwarded-User: ann", "X-Groups: web")).toBe(200);
  expect(await ask("X-Forwarded-User: bob", "X-Forwarded-User: ann", "X-Groups: web")).toBe(400);
  expect(await ask("X-Forwarded-User: ann", "X-Groups: root", "X-Groups: web")).toBe(400);
});
