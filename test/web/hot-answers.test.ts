import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import type { StreamedChange } from "../../src/store/change-feed.ts";
import { createApp } from "../../src/web/app.ts";
import { hotAnswers } from "../../src/web/hot-answers.ts";
import { rawRequest } from "../support/raw-http.ts";
import { depsOf, storedShop } from "../support/web.ts";

const running: (() => void)[] = [];
afterEach(() => {
  for (const stop of running.splice(0)) {
    stop();
  }
});

/** Serves an app behind the memory; `change` tells it that something changed. */
async function serve(app: RequestListener) {
  let listener: (changes: readonly StreamedChange[]) => void = () => undefined;
  const hot = hotAnswers(app, {
    listen: (given) => {
      listener = given;
      return () => undefined;
    },
  });
  const server = createServer(hot);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  running.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, change: () => listener([]) };
}

/** An app that counts who comes through to it. */
function counting(): { app: RequestListener; seen: () => number } {
  let count = 0;
  const app: RequestListener = (request, response) => {
    count += 1;
    response.setHeader("ETag", `"${count}"`);
    response.setHeader("Content-Type", "image/svg+xml");
    response.end(`${request.url} ${count} ü`);
  };
  return { app, seen: () => count };
}

it("answers again what nobody changed, as it was, and by its tag", async () => {
  const { app, seen } = counting();
  const { url, change } = await serve(app);
  const first = await fetch(`${url}/image?host=db01`);
  const text = await first.text();
  const again = await fetch(`${url}/image?host=db01`);
  expect(await again.text()).toBe(text);
  expect(again.headers.get("content-type")).toBe("image/svg+xml");
  expect(again.headers.get("etag")).toBe('"1"');
  const unchanged = await fetch(`${url}/image?host=db01`, { headers: { "If-None-Match": '"1"' } });
  expect([unchanged.status, unchanged.headers.get("etag")]).toEqual([304, '"1"']);
  expect(seen()).toBe(1);
  change();
  expect(await (await fetch(`${url}/image?host=db01`)).text()).toContain(" 2 ");
});

it("keeps nothing that may differ: other addresses, names, users, posts, pages, streams", async () => {
  const { app, seen } = counting();
  const { url } = await serve(app);
  const ask = async (path: string, init: RequestInit = {}) => (await fetch(url + path, init)).text();
  const asked: [string, RequestInit?][] = [
    ["/image?host=db01"],
    ["/image?host=db02"],
    ["/image?host=db01", { headers: { "X-Remote-User": "ann" } }],
    ["/image?host=db01", { headers: { "X-Remote-User": "bob" } }],
    ["/image?host=db01", { headers: { "X-Forwarded-Prefix": "/dotm" } }],
  ];
  for (const [i, [path, init]] of asked.entries()) {
    await ask(path, init);
    expect(seen()).toBe(i + 1);
  }
  const never: [string, RequestInit?][] = [
    ["/image?host=db01", { headers: { Authorization: "Bearer x" } }],
    ["/image?host=db01", { headers: { Cookie: "a=b" } }],
    ["/image?host=db01", { method: "POST" }],
    ["/hosts"],
    ["/settings"],
    ["/map", { headers: { Authorization: "Bearer x" } }],
    ["/api/v1/changes"],
    ["/api/v1/causes?host=db01"],
    ["/popup?host=db01&whatif=down:db01"],
  ];
  for (const [path, init] of never) {
    const before = seen();
    await ask(path, init);
    await ask(path, init);
    expect([path, seen()]).toEqual([path, before + 2]);
  }
});

it("gives a proxy on this machine no answer to its people, nor the other way round", async () => {
  const { app, seen } = counting();
  const { url } = await serve(app);
  for (const version of ["1.1", "1.0", "1.1", "1.0"]) {
    await rawRequest(url, `GET /image HTTP/${version}\r\nHost: x\r\nConnection: close\r\n\r\n`);
  }
  expect(seen()).toBe(2);
});

it("keeps no answer that began before a change and ended after it, none without a tag, and no failure", async () => {
  const waiting: (() => void)[] = [];
  const status = [200, 200, 500, 500, 200, 200];
  let count = 0;
  const { url, change } = await serve((_request, response) => {
    const at = count;
    count += 1;
    response.statusCode = status[at] ?? 200;
    if (at < 4) {
      response.setHeader("ETag", '"t"');
    }
    waiting.push(() => response.end("x"));
  });
  const ask = async (before: () => void = () => undefined) => {
    const answer = fetch(`${url}/popup?host=a`);
    await expect.poll(() => waiting.length).toBe(1);
    before();
    waiting.pop()?.();
    await (await answer).text();
  };
  await ask(change);
  await ask(change);
  await ask();
  await ask();
  await ask();
  await ask();
  expect(count).toBe(6);
});

it("works one answer out for all who ask at once, and for each where it cannot be kept", async () => {
  const waiting: (() => void)[] = [];
  let tag: string | undefined = '"t"';
  const { url, change } = await serve((_request, response) => {
    if (tag !== undefined) {
      response.setHeader("ETag", tag);
    }
    waiting.push(() => response.end("x"));
  });
  const crowd = async () => {
    const answers = Promise.all(Array.from({ length: 8 }, async () => (await fetch(`${url}/image`)).text()));
    let asked = 0;
    await expect.poll(() => waiting.length).toBe(1);
    const settled = answers.then(() => true);
    while (!(await Promise.race([settled, new Promise((later) => setImmediate(later))]))) {
      for (const answer of waiting.splice(0)) {
        asked += 1;
        answer();
      }
    }
    expect(await answers).toEqual(Array.from({ length: 8 }, () => "x"));
    return asked;
  };
  expect(await crowd()).toBe(1);
  change();
  tag = undefined;
  expect(await crowd()).toBe(8);
});

it("answers as the app does: headers, picture and JSON", async () => {
  const app = createApp(depsOf(storedShop()));
  const { url } = await serve(app);
  for (const path of ["/image?host=db01&srv=MySQL", "/popup?host=db01", "/api/v1/impact?host=db01&srv=MySQL"]) {
    const [first, again] = [await fetch(url + path), await fetch(url + path)];
    expect(await again.text()).toBe(await first.text());
    const headersOf = (response: Response) => [...response.headers].filter(([name]) => name !== "date").sort();
    expect(headersOf(again)).toEqual(headersOf(first));
  }
});

it("has nobody wait for the end of a stream, however its address is written", async () => {
  const ends = new AbortController();
  const { url } = await serve((_request, response) => response.writeHead(200).write("x"));
  for (const path of ["changes", "Changes", "Changes"]) {
    expect((await fetch(`${url}/api/v1/${path}`, { signal: ends.signal })).status).toBe(200);
  }
  ends.abort();
});
