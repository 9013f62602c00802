/** The exact headers of every kind of answer (the header tables of the design), and the names and paths we answer under. */
import { request } from "node:http";
import { hostname } from "node:os";
import { afterEach, describe, expect, it } from "vitest";
import { rawRequest } from "../support/raw-http.ts";
import { depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

let app: ServedApp | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

const policy = (ancestors: string, forms = "'self'") =>
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
  `base-uri 'none'; form-action ${forms}; frame-ancestors ${ancestors}`;

const ICINGA = "https://icinga.example.com";
const CONFIG = { basePath: "/", frameAncestors: [ICINGA], version: "1" };

/** Asks with any header, `Host` too, which `fetch` does not let through. */
function ask(path: string, headers: Record<string, string> = {}, method = "GET", body = "") {
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(app?.url ?? "");
      const sent = request({ hostname, port, path, method, headers }, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      });
      sent.on("error", reject).end(body);
    },
  );
}

const READING = [
  "/",
  "/map",
  "/map?by=host",
  "/services",
  "/report",
  "/geo",
  "/host/db01",
  "/graph?host=db01",
  "/graph?host=nobody",
  "/api/v1/hosts",
  "/api/v1/impact?host=db01&srv=MySQL",
];

describe("headers", () => {
  it("let scripts of the origins named read the API, and of no other, and nothing but the API", async () => {
    const origin = "https://nagios.example.net";
    app = await serveApp(depsOf(storedShop(), { config: { ...CONFIG, corsOrigins: [origin] } }));
    const allowed = async (path: string, from: string) =>
      (await ask(path, { Origin: from })).headers["access-control-allow-origin"];
    expect(await allowed("/api/v1/badges", origin)).toBe(origin);
    expect(await allowed("/api/v1/badges", "https://evil.example.net")).toBeUndefined();
    expect(await allowed("/api/v1/badges", "null")).toBeUndefined();
    expect(await allowed("/settings", origin)).toBeUndefined();
    expect((await ask("/api/v1/badges")).headers["vary"]).toContain("Origin");
  });

  it.each(READING)("of %s: framed by whom it is allowed, revalidated by its tag", async (path) => {
    app = await serveApp(depsOf(storedShop(), { config: CONFIG }));
    const { headers } = await ask(path);
    expect(headers).toMatchObject({
      "content-security-policy": policy(`'self' ${ICINGA}`),
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "cache-control": "no-cache",
      etag: expect.stringMatching(/^"[\w-]+"$/),
    });
    for (const name of [
      "x-frame-options",
      "strict-transport-security",
      "set-cookie",
      "access-control-allow-origin",
      "x-powered-by",
    ]) {
      expect(headers[name], name).toBeUndefined();
    }
    expect((await ask(path, { "if-none-match": String(headers["etag"]) })).status).toBe(304);
  });

  it.each(["/image?host=db01", "/popup?host=db01&srv=MySQL"])("of %s: a picture for any page", async (path) => {
    app = await serveApp(depsOf(storedShop(), { config: CONFIG }));
    const { headers } = await ask(path);
    expect(headers).toMatchObject({
      "content-type": "image/svg+xml; charset=utf-8",
      "content-security-policy": "default-src 'none'",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "cross-origin",
    });
  });

  it.each(["/embed/graph?host=db01", "/embed/map"])("of %s: for frames, without forms", async (path) => {
    app = await serveApp(depsOf(storedShop(), { config: CONFIG }));
    const { headers } = await ask(path);
    expect(headers).toMatchObject({
      "content-security-policy": policy(`'self' ${ICINGA}`, "'none'"),
      "cache-control": "no-cache",
    });
    expect(headers["x-frame-options"]).toBeUndefined();
  });

  const WRITING: readonly (readonly [method: string, path: string])[] = [
    ["GET", "/settings"],
    ["GET", "/rules"],
    ["GET", "/hosts"],
    ["GET", "/api/v1/settings"],
    ["GET", "/api/v1/settings/aging"],
    ["POST", "/settings"],
    ["POST", "/rules"],
    ["POST", "/hosts"],
    ["POST", "/api/v1/settings/aging"],
    ["PUT", "/api/v1/settings/aging"],
    ["DELETE", "/api/v1/settings/aging?entry=x"],
    ["POST", "/backend/settings/setHash/aging"],
    ["POST", "/backend/nodes"],
    ["POST", "/compat/nodes"],
  ];

  it.each(WRITING)("of %s %s: framed by nobody, kept by nobody", async (method, path) => {
    app = await serveApp(depsOf(storedShop(), { config: CONFIG }));
    const { headers } = await ask(path, method === "GET" ? {} : { "content-type": "application/json" }, method);
    expect(headers).toMatchObject({
      "content-security-policy": policy("'none'"),
      "x-frame-options": "DENY",
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "permissions-policy": "geolocation=(), camera=(), microphone=()",
      "x-content-type-options": "nosniff",
      vary: "Cookie, Authorization",
    });
  });
});

describe("names and paths", () => {
  it("answers under addresses, localhost and the names it was given, and refuses others", async () => {
    const access = { ...depsOf(storedShop()).access, hosts: ["dotm.example.com", "lab.example.com:8080"] };
    app = await serveApp(depsOf(storedShop(), { access }));
    const plain = [
      "127.0.0.1:4880",
      "10.1.2.3",
      "[::1]:4880",
      "localhost:1",
      "nagios",
      `${hostname().split(".")[0]}.lan:4880`,
    ];
    for (const host of [...plain, "dotm.example.com", "DOTM.example.com:443", "lab.example.com:8080"]) {
      expect((await ask("/", { host })).status, host).toBe(200);
    }
    // Whoever has a domain may call a host of it like this machine.
    const alike = `${hostname().split(".")[0]}.evil.example`;
    for (const host of [
      "evil.example",
      alike,
      "lab.example.com",
      "lab.example.com:81",
      "dotm.example.com.evil.example",
    ]) {
      const { status, text, headers } = await ask("/", { host });
      expect([status, headers["cache-control"]], host).toEqual([421, "no-store"]);
      expect(text).toContain("web.hosts");
      // Programs bring a token, or tell nothing of the site.
      expect((await ask("/healthz", { host })).status, host).toBe(200);
      expect((await ask("/api/v1/agents/report", { host }, "POST")).status, host).toBe(200);
      // What looks like such a door is none.
      for (const path of ["/settings?/healthz", "/api/v1/hosts?x=/metrics", "/host/readyz", "/x/healthz"]) {
        expect((await ask(path, { host })).status, path).toBe(421);
      }
      expect((await ask("/x/healthz", { host, "x-forwarded-prefix": "/x" })).status).toBe(200);
    }
  });

  it("refuses targets that a door may read otherwise than the route behind it", async () => {
    app = await serveApp(depsOf(storedShop()));
    const statuses: [string, number][] = [];
    for (const target of [
      ...["http://127.0.0.1/map", "//127.0.0.1/map#", "/map#", "/api\\v1/hosts", "map", "*", "/map#?at=now"],
    ]) {
      const { status } = await rawRequest(app.url, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      statuses.push([target, status]);
    }
    expect(statuses.filter(([, status]) => status !== 400)).toEqual([]);
    expect((await ask("/graph?host=db01#&srv=MySQL")).status).toBe(200);
  });

  it.each(["/", "/map", "/services?only=problems", "/report", "/host/db01", "/settings", "/rules"])(
    "%s works below a path: by configuration, and where a proxy names one",
    async (path) => {
      app = await serveApp(depsOf(storedShop(), { config: { ...CONFIG, basePath: "/dotm/" } }));
      const links = async (prefix: string, headers: Record<string, string>) => {
        const { status, text } = await ask(prefix + path, headers);
        expect(status).toBe(200);
        return [...text.matchAll(/(?:href|src|action)="([^"]*)"/g)]
          .map(
            ([, link]) =>
              new URL((link ?? "").replaceAll("&#x3D;", "=").replaceAll("&amp;", "&"), `http://x${prefix}${path}`),
          )
          .filter(({ host }) => host === "x")
          .map(({ pathname }) => pathname);
      };
      for (const [prefix, headers] of [
        ["/dotm", {}],
        ["/proxied/there", { "x-forwarded-prefix": "/proxied/there" }],
      ] as const) {
        const found = await links(prefix, headers);
        expect(found.length).toBeGreaterThan(10);
        expect(found.filter((link) => !link.startsWith(`${prefix}/`))).toEqual([]);
      }
    },
  );

  it("answers only who is known, where the configuration says so; browsers are asked for a password", async () => {
    const access: ReturnType<typeof depsOf>["access"] = {
      ...depsOf(storedShop()).access,
      read: "known",
      roleOfToken: (token) => (token === "t0" ? { role: "viewer", name: "ann" } : undefined),
    };
    app = await serveApp(depsOf(storedShop(), { access }));
    const stranger = { "x-forwarded-for": "192.0.2.1" };
    const refused = await ask("/", stranger);
    expect([refused.status, refused.headers["www-authenticate"]]).toEqual([401, 'Basic realm="dotm", charset="UTF-8"']);
    expect((await ask("/healthz", stranger)).status).toBe(200);
    const basic = (token: string) => ({
      ...stranger,
      authorization: `Basic ${Buffer.from(`me:${token}`).toString("base64")}`,
    });
    expect((await ask("/", basic("t0"))).status).toBe(200);
    expect((await ask("/", basic("t1"))).status).toBe(401);
    expect((await ask("/", {})).status).toBe(200);
  });

  it("lets one address ask so many costly questions, then says when to come again", async () => {
    app = await serveApp(depsOf(storedShop()));
    const statuses: number[] = [];
    for (let at = 0; at < 125; at += 1) {
      statuses.push((await ask("/api/v1/path?from=web01&to=db01")).status);
    }
    expect(statuses.slice(0, 120).every((status) => status === 200)).toBe(true);
    const last = await ask("/api/v1/path?from=web01&to=db01");
    expect([last.status, last.headers["retry-after"]]).toEqual([429, "1"]);
    for (const path of ["/API/v1/path?from=web01&to=db01", "/graph?host=db01&what%69f=down:db01"]) {
      expect((await ask(path)).status, path).toBe(429);
    }
    expect((await ask("/graph?host=db01")).status).toBe(200);
  });
});
