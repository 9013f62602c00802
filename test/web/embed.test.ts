/** The pages for frames of other sites, and the script for the pages of Nagios. */
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

let app: ServedApp | undefined;

afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function get(path: string) {
  const config = { basePath: "/", frameAncestors: ["https://icinga.example.net"], version: "1" };
  app ??= await serveApp(depsOf(storedShop(), { config }));
  const response = await fetch(app.url + path, { redirect: "manual" });
  return { response, text: await response.text() };
}

describe("/embed", () => {
  it("shows verdict and picture alone, and stays in its frame", async () => {
    const { text } = await get("/embed/graph?host=db01&srv=MySQL&theme=dark");
    expect(text).toContain("db01 / MySQL is CRITICAL for 14 min");
    expect(text).toContain("<svg ");
    expect(text).not.toMatch(/<header|<form|<nav|<table/);
    const links = [...text.slice(text.indexOf("<svg")).matchAll(/<a href="([^"]*)"/g)].map(([, href]) => href);
    expect(links.length).toBeGreaterThan(8);
    expect(links.filter((href) => !href?.startsWith("./graph?"))).toEqual([]);
    expect(text).toContain('<a href="../graph?host&#x3D;db01&amp;srv&#x3D;MySQL&amp;theme&#x3D;dark" target="_blank"');
  });

  it("shows the map of all problems, also where no host is asked for", async () => {
    const { text } = await get("/embed/map");
    expect(text).toContain("2 more problems.");
    expect(text).toContain("<svg ");
    expect((await get("/embed/graph")).response.headers.get("location")).toBe("map");
  });

  it("may be framed by whom the configuration names, and takes no forms", async () => {
    const { response } = await get("/embed/map");
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("frame-ancestors 'self' https://icinga.example.net");
    expect(policy).toContain("form-action 'none'");
    expect(response.headers.has("x-frame-options")).toBe(false);
  });

  it("asks did you mean within the frame", async () => {
    const { text } = await get("/embed/graph?host=db9");
    expect(text).toContain('href="./graph?host&#x3D;db01"');
    expect(text).toContain('href="./map"');
  });
});

describe("scripts", () => {
  it("of our pages are modules of one folder, at most 15 KB together", async () => {
    const { text } = await get("/");
    const main = /<script src="\.\/(assets\/[0-9a-f]+\/)main\.js" type="module">/.exec(text);
    const folder = main?.[1] ?? "";
    const seen = new Map<string, string>();
    for (const queue = ["main.js", "live-worker.js"]; queue.length > 0; ) {
      const name = queue.pop() ?? "";
      const { response, text: source } = await get(`/${folder}${name}`);
      expect(response.headers.get("content-type")).toContain("javascript");
      expect(response.headers.get("cache-control")).toContain("immutable");
      seen.set(name, source);
      const imports = [...source.matchAll(/from "\.\/([\w-]+\.js)"/g)].map(([, each]) => each ?? "");
      queue.push(...imports.filter((each) => !seen.has(each)));
    }
    expect(seen.size).toBeGreaterThan(8);
    const bytes = [...seen.values()].reduce((sum, source) => sum + gzipSync(source).length, 0);
    expect(bytes).toBeLessThan(15_000);
  });

  it("of Nagios' pages keeps its name, may be used by any origin, and is asked for again after a while", async () => {
    const { response, text } = await get("/assets/nagios.js");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    expect(text).toContain("dotm-popup");
  });
});
