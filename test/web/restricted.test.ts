/**
 * A restricted viewer over a site whose hidden hosts, their processes, checks and words all hold SECRET: no way out holds
 * it, and every count is that of who sees everything.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StreamedChange } from "../../src/store/change-feed.ts";
import { API_ROUTES } from "../../src/web/api/api-v1.ts";
import { createApp } from "../../src/web/app.ts";
import type { AppDeps } from "../../src/web/app-deps.ts";
import { hotAnswers } from "../../src/web/hot-answers.ts";
import { NOW } from "../support/picture.ts";
import { SHOWN, SHOWN_GROUP, secretPast, secretReader, secretSite } from "../support/secret-site.ts";
import { hostsValue } from "../support/settings.ts";
import { ACCESS, depsOf, type ServedApp, serveApp } from "../support/web.ts";

const LISTENERS = new Set<(changes: readonly StreamedChange[]) => void>();

const EVENTS: readonly StreamedChange[] = [
  { id: "6-0", at: NOW, kind: "state", host: "SECRET-db01", subject: "SECRET-MySQL", from: "OK", to: "CRITICAL" },
  { id: "6-1", at: NOW, kind: "topology", host: "SECRET-db01", subject: "SECRET-db01:1", from: null, to: "SECRET-x" },
  { id: "6-2", at: NOW, kind: "impact", host: "web01", subject: "HTTP", from: null, to: "3" },
];

const RESTRICTIONS = [
  { who: ["bob"], hostGroups: [SHOWN_GROUP] },
  { who: ["blind", "ed"], hostGroups: [] },
];

let app: ServedApp;

beforeEach(async () => {
  const site = secretSite();
  const reader = secretReader(site);
  const snapshot = { at: NOW - 60, bytes: 7, hosts: site.graphs.size, problems: 3, fault: null };
  const past = { reader: secretReader(secretPast()), at: NOW - 60, asOf: NOW - 60, exact: true };
  const access: AppDeps["access"] = {
    ...ACCESS,
    read: "known",
    roleOfToken: (token) =>
      (
        ({
          full: { role: "viewer", name: "ann" },
          some: { role: "viewer", name: "bob" },
          none: { role: "viewer", name: "blind" },
          edit: { role: "editor", name: "ed" },
        }) as const
      )[token],
    restrictions: RESTRICTIONS,
    aliasKey: Buffer.from("a key of the test"),
  };
  const added = { host: "SECRET-new01", type: "ssh" as const, address: null };
  const deps = depsOf(site, {
    access,
    reader,
    hosts: hostsValue(new Map([[added.host, added]])),
    namedHosts: async () => [{ name: "SECRET-named", address: "10.9.9.9" }],
    history: { list: async () => [snapshot], at: async () => past },
    changes: {
      listen: (listener) => {
        LISTENERS.add(listener);
        return () => LISTENERS.delete(listener);
      },
      since: async () => EVENTS,
    },
  });
  app = await serveApp(deps);
});
afterEach(() => app.close());

async function ask(path: string, token = "some") {
  const answer = await fetch(`${app.url}${path}`, {
    headers: { authorization: `Bearer ${token}` },
    redirect: "manual",
  });
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const text = await answer.text();
  return { status: answer.status, text, all: `${headers}\n\n${text}`, headers: answer.headers };
}

/** Every address of ours that reads, for a host that is shown and for one that is not. */
function addresses(host: string, check: string, id: string): string[] {
  const enc = encodeURIComponent;
  const target = `host=${enc(host)}`;
  const one = `${target}&srv=${enc(check)}`;
  const examples: Readonly<Record<string, string>> = {
    ...{ from: id, to: "web01:80", q: host, host, srv: check, whatif: `down:${id}`, check: "HTTP", process: "nginx" },
    ...{ a: id, b: "web01:80" },
  };
  const api = API_ROUTES.filter(({ method }) => method === "get").map(({ path, query, example }) => {
    const known = Object.keys(query.shape).filter((name) => name in examples);
    const asked = known.map((name) => `${name}=${enc(examples[name] ?? "")}`).join("&");
    const filled = path.replace("{name}", enc(host)).replace("{setting}", "aging");
    return [`${filled}?${asked}`, `${filled}?${example ?? ""}`, filled];
  });
  const pages = [
    "/",
    "/map",
    "/map?by=host",
    "/services",
    "/report",
    "/geo",
    "/history",
    "/health",
    "/hosts",
    "/rules",
  ];
  const compat = ["nodes", `nodes/${enc(host)}`, "services", "geo/nodes", "settings", "mon/nodes", "report", "config"];
  const more = [`mon/nodes/${enc(host)}`, `mon/services/${enc(host)}`, "nodes/suggestions", "history"];
  return [
    ...api.flat(),
    ...pages,
    ...pages.map((page) => `${page}?at=-1m`),
    ...[`/history?from=-1m&to=now`, `/host/${enc(host)}`, `/graph?${target}`, `/graph?${one}`, "/settings", "/api"],
    ...[
      `/graph?${one}&whatif=down:${enc(id)}`,
      `/graph?${target}&at=-1m`,
      `/host/${enc(host)}?at=-1m`,
      `/services?q=${enc(host)}`,
      `/hosts?q=x`,
    ],
    ...[`/image?${target}`, `/image?${one}`, `/popup?${one}`, `/embed/graph?${one}`, "/embed/map", "/image"],
    ...[`/graph?host=${enc(host.slice(0, -1))}`, `/api/v1/graph?${target}&format=dot`, "/metrics", "/readyz"],
    ...["dot", "graphml", "mermaid", "csv"].map((format) => `/api/v1/graph?${target}&format=${format}`),
    ...[...compat, ...more].flatMap((path) => [`/backend/${path}`, `/compat/${path}`, `/compat/${path}?history=1`]),
    `/node/${enc(host)}`,
  ];
}

/** What the site says of hidden hosts, however it is written, and their addresses. */
const SECRET = /SECRET|secret-|10\.9\.[89]\.\d/;

const HIDDEN = /hidden-[0-9a-f]{10}/g;

describe("a restricted viewer", () => {
  it("reads no name, process, check or word of a hidden host at any address, however it is asked", async () => {
    const { items } = JSON.parse((await ask("/api/v1/impacts")).text);
    const hidden = items.find(({ problem }: { problem: { host: string } }) => !SHOWN.has(problem.host));
    const named = [
      addresses("web01", "HTTP", "web01:80"),
      addresses(hidden.problem.host, hidden.problem.check, hidden.failed[0].id),
    ].flat();
    const leaks: string[] = [];
    let shown = 0;
    for (const path of new Set(named)) {
      const { status, all } = await ask(path);
      leaks.push(...(SECRET.test(all) || status >= 500 ? [`${status} ${path} ${cut(all)}`] : []));
      shown += HIDDEN.test(all) ? 1 : 0;
    }
    expect(leaks).toEqual([]);
    expect(shown).toBeGreaterThan(40);
  }, 60_000);

  it("has at each host, seen or hidden, those of all alarms that are its own", async () => {
    const itemsAt = async (path: string, part: string) =>
      (JSON.parse((await ask(path)).text) as Record<string, { readonly host: string; readonly name: string }[]>)[part];
    const all = (await itemsAt("/api/v1/alarms?limit=1000", "items")) ?? [];
    const hosts = new Set(all.map(({ host }) => host).filter((host) => host !== null));
    expect(hosts.size).toBeGreaterThan(1);
    for (const host of hosts) {
      const own = all.filter((alarm) => alarm.host === host);
      const name = encodeURIComponent(host);
      expect(await itemsAt(`/api/v1/hosts/${name}`, "alarms")).toEqual(own);
      expect(await itemsAt(`/api/v1/alarms?limit=1000&host=${name}`, "items")).toEqual(own);
    }
  });

  it("is asked by the true name of a hidden host as by that of one that is not there", async () => {
    for (const path of ["/host/X", "/graph?host=X", "/api/v1/hosts/X", "/api/v1/impact?host=X", "/compat/nodes/X"]) {
      const [known, unknown] = [await ask(path.replace("X", "SECRET-db01")), await ask(path.replace("X", "nobody-01"))];
      expect([path, known.status]).toEqual([path, unknown.status]);
      expect((await ask(path.replace("X", "SECRET-alias"))).status).toBe(unknown.status);
      // Nothing but what was asked comes back.
      expect(SECRET.exec(known.text.replaceAll("SECRET-db01", ""))?.[0]).toBeUndefined();
    }
    expect((await ask("/graph?host=www")).status).toBe(200);
  });

  it("follows a link in any page to pages that hold nothing either", async () => {
    const seen = new Set<string>();
    const queue = ["/", "/services", "/report", "/map?by=host"];
    while (queue.length > 0 && seen.size < 120) {
      const path = queue.shift() ?? "";
      if (seen.has(path)) {
        continue;
      }
      seen.add(path);
      const { text, all, status } = await ask(path);
      expect([path, status < 500, SECRET.exec(all)?.[0]]).toEqual([path, true, undefined]);
      const base = new URL(path, "http://x");
      for (const [, href = ""] of text.matchAll(/href="([^"#][^"]*)"/g)) {
        const to = new URL(href.replaceAll("&amp;", "&").replaceAll("&#x3D;", "="), base);
        const isOurs =
          to.host === "x" && !/^\/(?:assets|settings|rules)/.test(to.pathname) && !to.search.includes("theme");
        queue.push(...(isOurs ? [to.pathname + to.search] : []));
      }
    }
    expect([...seen].filter((path) => /hidden-/.test(path)).length).toBeGreaterThan(5);
  }, 60_000);

  it("counts what everybody counts", async () => {
    const lists = API_ROUTES.filter(({ method, path, needs }) => {
      return method === "get" && needs === "viewer" && !/settings|rules|suggestions|search|\{/.test(path);
    });
    let compared = 0;
    for (const { path, example } of lists) {
      const address = `${path}?${example?.replace("db01", "web01").replace("MySQL", "HTTP") ?? ""}`;
      const [some, full] = [await ask(address), await ask(address, "full")];
      if (full.status === 200 && full.headers.get("content-type")?.includes("json")) {
        expect([address, numbersOf(JSON.parse(some.text))]).toEqual([address, numbersOf(JSON.parse(full.text))]);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(12);
    const hosts = JSON.parse((await ask("/api/v1/hosts")).text).items as { name: string; groups: string[] }[];
    expect(hosts.filter(({ name }) => !name.startsWith("hidden-")).map(({ name }) => name)).toEqual([
      "Internet",
      ...SHOWN,
    ]);
    const summary = async (token: string) =>
      (JSON.parse((await ask("/api/v1/impact?host=web01&srv=HTTP", token)).text).summary as string).replace(/:.*/, "");
    expect(await summary("some")).toBe(await summary("full"));
  });

  it("is told how many hosts are hidden, on each page and in a header", async () => {
    const { text, headers } = await ask("/map");
    const hidden = secretSite().graphs.size - SHOWN.size - 1;
    expect(text).toContain(`You see the hosts of ${SHOWN_GROUP}. ${hidden} hosts are not shown to you by name`);
    expect(headers.get("x-dotm-hidden-hosts")).toBe(`${hidden}`);
    expect((await ask("/map", "full")).text).not.toContain("You see the hosts of");
  });

  it("has tags of their own, and answers that no one else is given", async () => {
    const tags = await Promise.all(["full", "some", "none"].map(async (token) => (await ask("/map", token)).headers));
    expect(new Set(tags.map((headers) => headers.get("etag"))).size).toBe(3);
    expect(tags[1]?.get("cache-control")).toContain("private");
    expect(tags[1]?.get("vary")).toContain("Authorization");
  });

  it("may not look where all hosts are told of, nor write, whatever role the token has", async () => {
    const odd = ["/METRICS", "/Settings", "/api/V1/settings/aging", "/Rules/", "/API/v1/rules/suggestions", "/HOSTS"];
    for (const path of ["/metrics", "/settings", "/api/v1/settings", "/rules", "/hosts", "/api/v1/audit", ...odd]) {
      expect([path, (await ask(path)).status]).toEqual([path, 403]);
    }
    const headers = { authorization: "Bearer edit", "content-type": "application/json" };
    const body = JSON.stringify({ field: "Services", value: "600" });
    const written = await fetch(`${app.url}/api/v1/settings/aging`, { method: "POST", headers, body });
    expect(written.status).toBe(403);
    expect(/web01|SECRET|secret-/.exec((await ask("/map", "edit")).text)?.[0]).toBeUndefined();
  });

  it("hears of changes under the names that pages have", async () => {
    const { items } = JSON.parse((await ask("/api/v1/impacts")).text);
    const ends = new AbortController();
    const headers = { authorization: "Bearer some", "last-event-id": "5-0" };
    const stream = await fetch(`${app.url}/api/v1/changes`, { headers, signal: ends.signal });
    const body = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes("event: changes")) {
      text += (await body?.read())?.value ?? "";
    }
    for (const listener of LISTENERS) {
      listener(EVENTS.map((event) => ({ ...event, id: `7${event.id}` })));
    }
    while (!text.includes("76-2")) {
      text += (await body?.read())?.value ?? "";
    }
    ends.abort();
    expect(text).not.toMatch(SECRET);
    const hidden = items.find(({ problem }: { problem: { host: string; check: string } }) =>
      /MySQL/.test(problem.check),
    );
    expect(hidden).toBeUndefined();
    const [, told] = /"kind":"state","host":"(hidden-[0-9a-f]+)","subject":"check-/.exec(text) ?? [];
    expect(items.map(({ problem }: { problem: { host: string } }) => problem.host)).toContain(told);
  });
});

it("is given no answer that was remembered for somebody who sees more", async () => {
  const site = secretSite();
  const proxy = {
    ...{ isTrusted: () => true, isSecret: () => true, userHeader: "x-user", groupsHeader: "x-groups" },
    ...{ editors: [], admins: [] },
  };
  const access = { ...ACCESS, read: "known" as const, proxy, restrictions: RESTRICTIONS, aliasKey: Buffer.from("k") };
  const shop = [{ who: ["@shop"], hostGroups: [SHOWN_GROUP] }];
  const all = createApp(
    depsOf(site, { reader: secretReader(site), access: { ...access, restrictions: [...RESTRICTIONS, ...shop] } }),
  );
  const server = createServer(hotAnswers(all, { listen: () => () => undefined }));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const text = async (path: string, user: string, groups = "") => {
    const headers = { "x-user": user, "x-groups": groups };
    return (await fetch(`http://127.0.0.1:${port}${path}`, { headers })).text();
  };
  for (const path of ["/image?host=web01", "/api/v1/impacts", "/popup?host=web01&srv=HTTP"]) {
    const told = [
      await text(path, "ann"),
      await text(path, "bob"),
      await text(path, "ann", "web;shop"),
      await text(path, "ann"),
    ];
    expect([path, told.map((each) => SECRET.test(each))]).toEqual([path, [true, false, false, true]]);
  }
  server.close();
  server.closeAllConnections();
});

it("is told how DOTM is while the store hangs", async () => {
  const reader = { ...secretReader(secretSite()), nodes: () => new Promise<never>(() => undefined) };
  const restrictions = [{ who: ["*"], hostGroups: [SHOWN_GROUP] }];
  const access = { ...ACCESS, loopback: null, restrictions, groupsOfStrangers: [SHOWN_GROUP] };
  const hanging = await serveApp(depsOf(secretSite(), { reader, access }));
  for (const path of ["/healthz", "/readyz"]) {
    expect([path, (await fetch(`${hanging.url}${path}`)).status]).toEqual([path, 200]);
  }
  await hanging.close();
});

it("who sees everything reads the true names", async () => {
  for (const path of ["/map?by=host", "/api/v1/impacts", "/image?host=web01", "/compat/nodes", "/api/v1/alarms"]) {
    expect((await ask(path, "full")).text).toContain("SECRET");
  }
});

/** What is not told of a hidden host at all. */
const WORDS: ReadonlySet<string> = new Set(["addresses", "groups", "notes", "warning"]);

/** Everything that is a number, or a length, in its order; names and texts aside. */
function numbersOf(value: unknown): unknown {
  if (Array.isArray(value)) {
    const all = value.map(numbersOf).map((each) => JSON.stringify(each));
    return [value.length, ...all.sort()];
  }
  if (typeof value === "object" && value !== null) {
    const counted = Object.entries(value).filter(([name]) => !WORDS.has(name));
    return Object.fromEntries(counted.sort().map(([name, each]) => [name, numbersOf(each)]));
  }
  return typeof value === "string" ? "text" : value;
}

function cut(text: string): string {
  const at = text.search(SECRET);
  return text.slice(Math.max(0, at - 60), at + 60).replaceAll("\n", " ");
}
