/** What somebody at this machine may do, as `auth.loopback` says, and whoever a proxy on it brings that does not say so. */
import { createServer, type RequestListener, request } from "node:http";
import { type AddressInfo, connect, createServer as createTcp } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createApp } from "../../src/web/app.ts";
import type { AddressedPush } from "../../src/web/app-deps.ts";
import type { Access } from "../../src/web/caller.ts";
import { createDoorApp } from "../../src/web/door-app.ts";
import { ACCESS, depsOf, storedShop } from "../support/web.ts";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) {
    stop();
  }
});

const PROXY = {
  ...{ isTrusted: () => true, isSecret: () => true, userHeader: "x-login", groupsHeader: "x-teams" },
  ...{ editors: [], admins: [] },
};

async function serving(app: RequestListener): Promise<string> {
  const server = createServer(app).listen(0, "127.0.0.1");
  stops.push(() => server.close().closeAllConnections());
  await new Promise((listening) => server.once("listening", listening));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A site whose pushes are noted, behind a proxy of plain TCP. */
async function behindTcp(access: Partial<Access>): Promise<{ readonly url: string; readonly pushes: AddressedPush[] }> {
  const pushes: AddressedPush[] = [];
  const acceptPush = async (push: AddressedPush) => {
    pushes.push(push);
    return { status: 200, body: {} };
  };
  const deps = depsOf(storedShop(), { access: { ...ACCESS, read: "known", ...access }, acceptPush });
  const { port } = new URL(await serving(createApp(deps)));
  const proxy = createTcp((client) => {
    const site = connect(Number(port), "127.0.0.1");
    client.on("error", () => site.destroy()).pipe(site);
    site.on("error", () => client.destroy()).pipe(client);
  }).listen(0, "127.0.0.1");
  stops.push(() => proxy.close());
  await new Promise((listening) => proxy.once("listening", listening));
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, pushes };
}

async function statuses(url: string, headers: Record<string, string> = {}): Promise<number[]> {
  const write = (setting: string, field: string) =>
    fetch(`${url}/api/v1/settings/${setting}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", connection: "close" },
      body: JSON.stringify({ field, value: "60" }),
    });
  const read = (path: string) => fetch(`${url}${path}`, { headers: { ...headers, connection: "close" } });
  const asked = [
    read("/map"),
    write("aging", "Services"),
    write("fetch_parameters", "interval"),
    read("/api/v1/audit"),
  ];
  return Promise.all(
    asked.map(async (each) => {
      const answer = await each;
      await answer.body?.cancel();
      return answer.status;
    }),
  );
}

it.each([
  ["admin", [200, 200, 200, 200], true],
  ["editor", [200, 200, 403, 403], true],
  ["viewer", [200, 403, 403, 403], false],
  [null, [401, 401, 401, 401], false],
] as const)("%s: may look, change, administer, read the audit log; and push", async (loopback, expected, pushes) => {
  const site = await behindTcp({ loopback });
  expect(await statuses(site.url)).toEqual(expected);
  const headers = { "content-type": "application/json", connection: "close" };
  await fetch(`${site.url}/api/v1/events`, { method: "POST", headers, body: "[]" });
  expect(site.pushes.map(({ isLocal }) => isLocal)).toEqual([pushes]);
});

it("a viewer at this machine sees what every viewer sees whom no line names", async () => {
  const { url } = await behindTcp({ loopback: "viewer", restrictions: [{ who: ["*"], hostGroups: ["none"] }] });
  const answer = await fetch(`${url}/api/v1/hosts`, { headers: { connection: "close" } });
  expect(Number(answer.headers.get("x-dotm-hidden-hosts"))).toBeGreaterThan(0);
});

it("tells proxies by what they add, the headers of auth.proxy among them", async () => {
  const { url } = await behindTcp({ proxy: PROXY });
  const added = [
    ...["forwarded", "via", "x-real-ip", "x-client-ip", "true-client-ip", "cf-connecting-ip", "x-forwarded-for"],
    ...["x-forwarded-port", "x-forwarded-groups", "x-original-forwarded-for", "x-envoy-external-address", "x-teams"],
    ...["remote-user", "x-remote-user", "x-dotm-proxy-secret"],
  ];
  for (const header of added) {
    expect([header, (await statuses(url, { [header]: "x" }))[0]]).toEqual([header, 401]);
  }
});

it("a process without pages shows its figures to those who may look, and to nobody else", async () => {
  const deps = depsOf(storedShop());
  const ask = async (access: Partial<Access>, path: string, headers: Record<string, string> = {}) => {
    const url = await serving(createDoorApp({ ...deps, access: { ...ACCESS, read: "known", ...access } }));
    const answer = await fetch(url + path, { headers });
    return [answer.status, /connected/.test(await answer.text())];
  };
  const afar = { "x-forwarded-for": "192.0.2.7" };
  expect(await ask({}, "/metrics", afar)).toEqual([401, false]);
  expect((await ask({}, "/metrics"))[0]).toBe(200);
  expect(await ask({}, "/readyz", afar)).toEqual([200, false]);
  expect(await ask({}, "/readyz")).toEqual([200, true]);
  expect(await ask({}, "/healthz", afar)).toEqual([200, false]);
  const restricted = {
    read: "everybody",
    restrictions: [{ who: ["*"], hostGroups: ["x"] }],
    groupsOfStrangers: ["x"],
  } as const;
  expect((await ask(restricted, "/metrics", afar))[0]).toBe(403);
  expect(await ask(restricted, "/readyz", afar)).toEqual([200, false]);
  expect((await ask(restricted, "/metrics"))[0]).toBe(200);
});

it("a process without pages shows its figures to no restricted viewer however the address is written", async () => {
  const access = { ...ACCESS, restrictions: [{ who: ["*"], hostGroups: ["x"] }], groupsOfStrangers: ["x"] };
  const { port } = new URL(await serving(createDoorApp({ ...depsOf(storedShop()), access })));
  const statusOf = (path: string) =>
    new Promise((told, failed) => {
      const asked = request({ port, path, headers: { "x-forwarded-for": "192.0.2.7" } }, (answer) => {
        answer.resume();
        told(answer.statusCode);
      });
      asked.on("error", failed).end();
    });
  for (const [path, status] of [
    ...([
      ["/metrics", 403],
      ["/METRICS/", 403],
      ["http://any.example/metrics", 400],
    ] as const),
    ...([
      ["/metrics#x", 400],
      ["/metrics#?", 400],
      ["/healthz", 200],
    ] as const),
  ] as const) {
    expect([path, await statusOf(path)]).toEqual([path, status]);
  }
});
