import { afterEach, describe, expect, it } from "vitest";
import { API_ROUTES } from "../../src/web/api/api-v1.ts";
import type { AppDeps } from "../../src/web/app-deps.ts";
import { generatedSite, siteGraphs } from "../support/picture.ts";
import { ACCESS, depsOf, type Extra, type ServedApp, type StoredSite, serveApp, storedShop } from "../support/web.ts";

let app: ServedApp | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function ask(path: string, init: RequestInit = {}, site: StoredSite = storedShop(), deps: Extra = {}) {
  app ??= await serveApp(depsOf(site, deps));
  const response = await fetch(`${app.url}/api/v1/${path}`, init);
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return { response, text, json: isJson ? JSON.parse(text) : undefined };
}

/** The address of a route's example. */
function exampleOf({ path, example = "" }: (typeof API_ROUTES)[number]): string {
  const [, name, value] = /\{(\w+)\}/.exec(path) === null ? [] : (/^(\w+)=(.*)$/.exec(example) ?? []);
  const filled = name === undefined ? `${path}?${example}` : path.replace(`{${name}}`, `${value}`);
  return filled.replace("/api/v1/", "");
}

describe("the document of the API", () => {
  it("names every route, and every reference in it leads somewhere", async () => {
    const { json, text } = await ask("openapi.json");
    expect(json.openapi).toBe("3.1.0");
    for (const { path, method } of API_ROUTES) {
      expect(json.paths[path]?.[method]?.responses, `${method} ${path}`).toBeDefined();
    }
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? "");
    expect(references.length).toBeGreaterThan(10);
    expect(references.filter((name) => json.components.schemas[name] === undefined)).toEqual([]);
  });

  it.each(API_ROUTES.filter(({ method }) => method === "get").map((route) => [route.path, route] as const))(
    "%s answers what its schema says",
    async (_, route) => {
      const { response, json } = await ask(exampleOf(route));
      expect([response.status, json]).toEqual([200, expect.anything()]);
      const checked = route.answer.safeParse(json);
      expect(checked.error?.issues).toBeUndefined();
      // Nothing is told that the document does not name.
      expect(json).toEqual(checked.data);
    },
  );

  it("is readable: the page lists all routes", async () => {
    app = await serveApp(depsOf(storedShop()));
    const page = await (await fetch(`${app.url}/api`)).text();
    for (const { path } of API_ROUTES) {
      expect(page).toContain(path.replaceAll("=", "&#x3D;"));
    }
  });
});

describe("lists", () => {
  it("go on where a page ended, and lose and repeat nothing", async () => {
    const site = { graphs: siteGraphs(generatedSite(120, 1)) };
    for (const kind of ["hosts", "services", "connections", "checks"]) {
      const all = (await ask(`${kind}?limit=1000`, {}, site)).json;
      expect(all.next).toBeNull();
      const seen: unknown[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const page = (await ask(`${kind}?limit=17${cursor === "" ? "" : `&cursor=${cursor}`}`)).json as {
          items: unknown[];
          next: string | null;
        };
        seen.push(...page.items);
        cursor = page.next;
      }
      expect(seen.length, kind).toBe(all.items.length);
      expect(seen, kind).toEqual(all.items);
    }
  });

  it("tell only the members asked for, and of one host", async () => {
    const { json } = await ask("services?host=db01&fields=id,process");
    expect(json.items).toContainEqual({ id: "db01:3306", process: "mysqld" });
    expect((await ask("services?process=mysqld&state=CRITICAL&fields=id")).json.items).toEqual([{ id: "db01:3306" }]);
  });

  it("find by pieces of names, hosts first", async () => {
    const { json } = await ask("search?q=db0");
    expect(json.items.slice(0, 2)).toMatchObject([
      { kind: "host", name: "db01" },
      { kind: "host", name: "db02" },
    ]);
    expect((await ask("search?q=mysql")).json.items[0]).toMatchObject({ kind: "check", name: "MySQL" });
  });

  it.each([
    ["hosts?limit=0", "limit"],
    ["hosts?limit=x", "limit"],
    ["hosts?cursor=nonsense", "cursor"],
    ["alarms?cursor=x", "cursor"],
    ["alarms?kind=x", "kind"],
    ["services?state=BAD", "state"],
  ])("refuse %s and name the parameter", async (path, name) => {
    const { response, json } = await ask(path);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(json.detail).toContain(name);
  });
});

describe("questions", () => {
  it("answer what-if without storing anything", async () => {
    const { json } = await ask("what-if?down=db01:3306&down=cache01");
    expect(json).toMatchObject({ hypothetical: true, assumed: [{ verb: "down", id: "db01:3306" }, { id: "cache01" }] });
    expect(json.affected.length).toBeGreaterThan(3);
    expect((await ask("what-if")).response.status).toBe(400);
    const unknown = await ask("what-if?down=db01:1");
    expect([unknown.response.status, unknown.json.suggestions]).toEqual([404, expect.arrayContaining(["db01:3306"])]);
  });

  it("find the way from one thing to another", async () => {
    const { json } = await ask("path?from=db01:3306&to=web01");
    expect(json).toMatchObject({ kind: "Path", from: "web01", to: "db01:3306" });
  });

  it("rank causes", async () => {
    const { json } = await ask("causes?host=web01&srv=HTTP");
    expect(json.items[0].candidates[0]).toMatchObject({ host: "db01", check: "MySQL" });
  });

  it("preview a rule: what matches, and what of it would change", async () => {
    const { json } = await ask("rules/preview?check=MySQL&process=mysqld%24");
    expect(json).toMatchObject({ error: null, changed: 0 });
    expect(json.matches[0]).toMatchObject({ host: "db01", after: ["db01:3306"] });
    const bad = await ask(`rules/preview?check=${encodeURIComponent("(?=x)")}&process=y`);
    expect(bad.json.error).toContain("look-ahead");
  });
});

describe("the picture as data", () => {
  it.each([
    ["dot", "text/vnd.graphviz", /^digraph dotm \{/],
    [
      "graphml",
      "application/graphml+xml",
      /<graphml [\s\S]*<node id="db01:3306">[\s\S]*<edge source="app01:8080" target="db01:3306">/,
    ],
    ["mermaid", "text/vnd.mermaid", /^flowchart LR/],
    ["csv", "text/csv", /^kind,id,host[^\r]*\r\nservice,[\s\S]*\r\nedge,/],
  ])("comes as %s", async (format, type, content) => {
    for (const target of ["host=db01&srv=MySQL&", ""]) {
      const { response, text } = await ask(`graph?${target}format=${format}`);
      expect(response.headers.get("content-type")).toContain(type);
      expect(text).toMatch(format === "graphml" && target === "" ? /<graphml / : content);
    }
  });

  it("comes in the shape of Grafana's node graph: flat rows whose edges lead from row to row", async () => {
    const { nodes, edges } = (await ask("grafana/data?host=db01&srv=MySQL")).json;
    const ids = nodes.map(({ id }: { id: string }) => id);
    expect(nodes.find(({ id }: { id: string }) => id === "db01:3306")).toMatchObject({
      mainstat: "CRITICAL",
      arc__critical: 1,
    });
    expect(
      edges.every(
        ({ source, target }: { source: string; target: string }) => ids.includes(source) && ids.includes(target),
      ),
    ).toBe(true);
    expect((await ask("grafana/nodes?host=db01&srv=MySQL")).json).toEqual(nodes);
    const { nodes_fields: fields } = (await ask("grafana/fields")).json;
    // The older plugin asks below the address it is given.
    expect((await ask("../graph/data?host=db01&srv=MySQL")).json).toEqual({ nodes, edges });
    expect((await ask("../graph/fields")).json.nodes_fields).toEqual(fields);
    expect((await ask("../health")).response.status).toBe(200);
    expect((await ask("grafana/nodes?host=&srv=")).json.length).toBeGreaterThan(nodes.length);
    expect(fields.map((field: { field_name: string }) => field.field_name)).toEqual(Object.keys(nodes[0]));
  });
});

describe("settings", () => {
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}, deps: Extra = {}) =>
    ask(
      path,
      {
        method,
        headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
      storedShop(),
      deps,
    );

  it("are added to, replaced, removed from, and tell what holds", async () => {
    const json = { "content-type": "application/json" };
    const added = await send("POST", "settings/service_mapping", { field: "^Shop", value: "^java" });
    expect(added.json.entries).toEqual([{ field: "^Shop", value: "^java", origin: "stored" }]);
    await send("PUT", "settings/other_internal_networks", { values: ["198.51.100.0/24"] });
    expect((await ask("settings/other_internal_networks")).json.entries).toMatchObject([{ value: "198.51.100.0/24" }]);
    const removed = await send(
      "DELETE",
      `settings/service_mapping?entry=${encodeURIComponent("^Shop")}`,
      undefined,
      json,
    );
    expect(removed.json.entries).toEqual([]);
    expect((await send("DELETE", "settings/service_mapping?entry=x", undefined, json)).response.status).toBe(404);
    expect((await send("PUT", "settings/aging", { values: { Services: "600" } })).json.entries).toMatchObject([
      { field: "Services", value: "600", origin: "stored" },
      { field: "Connections", value: "300", origin: "default" },
    ]);
  });

  it("never tell a password, and say what is wrong with a value", async () => {
    const set = await send("POST", "settings/nagios_instance", { field: "password", value: "geheim" });
    expect(set.text).not.toContain("geheim");
    expect(set.json.entries).toContainEqual({ field: "password", value: "***", origin: "stored" });
    const bad = await send("POST", "settings/aging", { field: "Services", value: "soon" });
    expect([bad.response.status, bad.json.detail]).toEqual([400, expect.stringContaining("whole number")]);
    const unknown = await send("POST", "settings/ageing", { field: "x", value: "1" });
    expect(unknown.json).toMatchObject({ status: 404, suggestions: ["aging"] });
  });

  it("take no form, no foreign page, no broken JSON", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const write = { field: "Services", value: "600" };
    for (const headers of [
      form,
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ] as Record<string, string>[]) {
      expect((await send("POST", "settings/aging", write, headers)).response.status, JSON.stringify(headers)).toBe(403);
    }
    expect((await send("POST", "settings/aging", write, { ...form, origin: app?.url ?? "" })).response.status).toBe(
      415,
    );
    const broken = await ask("settings/aging", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect(broken.response.status).toBe(400);
    const large = { field: "x", value: "x".repeat(1024 * 1024) };
    expect((await send("POST", "settings/aging", large)).response.status).toBe(413);
    expect((await ask("settings/aging")).json.entries[0].origin).toBe("default");
  });

  it("ask strangers for a token, and obey what it allows", async () => {
    const access: AppDeps["access"] = {
      ...ACCESS,
      roleOfToken: (token) =>
        ({ e: { role: "editor", name: "ed" } as const, v: { role: "viewer", name: "vi" } as const })[token],
      hosts: [],
      read: "everybody",
    };
    const write = { field: "Services", value: "600" };
    const stranger = { "x-forwarded-for": "192.0.2.1" };
    const refused = await send("POST", "settings/aging", write, stranger, { access });
    expect(refused.response.status).toBe(401);
    expect(refused.response.headers.get("www-authenticate")).toContain("Bearer");
    const as = (token: string, setting = "aging") =>
      send("POST", `settings/${setting}`, write, { ...stranger, authorization: `Bearer ${token}` });
    expect((await as("v")).response.status).toBe(403);
    expect((await as("nobody")).response.status).toBe(401);
    expect((await as("e")).response.status).toBe(200);
    expect((await as("e", "nagios_instance")).response.status).toBe(403);
  });

  it("believe a trusted proxy, and nobody else in its name", async () => {
    const proxyDeps = (address: string): Extra => ({
      access: {
        ...ACCESS,
        proxy: {
          isTrusted: (remote) => remote.endsWith(address),
          isSecret: (given) => given === "s3",
          userHeader: "x-forwarded-user",
          groupsHeader: "x-forwarded-groups",
          editors: ["@ops"],
          admins: ["root"],
        },
        hosts: ["dotm.example.com"],
        read: "everybody",
      },
    });
    const write = { field: "Services", value: "600" };
    const by = (headers: Record<string, string>, deps: Extra) => send("POST", "settings/aging", write, headers, deps);
    const ann = { "x-forwarded-user": "ann", "x-forwarded-groups": "web,ops", "x-dotm-proxy-secret": "s3" };
    expect((await by(ann, proxyDeps("127.0.0.1"))).response.status).toBe(200);
    expect((await by({ ...ann, origin: "https://dotm.example.com" }, {})).response.status).toBe(200);
    expect((await by({ ...ann, "x-forwarded-groups": "web" }, {})).response.status).toBe(403);
    expect((await by({ ...ann, "x-dotm-proxy-secret": "?" }, {})).response.status).toBe(400);
    // Whom the proxy asked for no login is a stranger, and no user is a group.
    for (const nobody of ["", "(null)"]) {
      expect((await by({ ...ann, "x-forwarded-user": nobody }, {})).response.status).toBe(401);
    }
    expect((await by({ ...ann, "x-forwarded-user": "@ops" }, {})).response.status).toBe(400);
    await app?.close();
    app = undefined;
    expect((await by(ann, proxyDeps("10.9.9.9"))).response.status).toBe(400);
  });
});
