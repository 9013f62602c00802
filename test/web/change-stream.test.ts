/** The stream of changes as a browser's EventSource would read it. */
import express from "express";
import { afterEach, expect, it } from "vitest";
import { serveHttp } from "../../src/daemon/serve-http.ts";
import type { ChangeFollower, StreamedChange } from "../../src/store/change-feed.ts";
import { changeStream } from "../../src/web/change-stream.ts";
import { ACCESS, depsOf, readerOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

type Listener = (changes: readonly StreamedChange[]) => void;

/** A feed that tells what the test says. */
class SpokenFeed implements ChangeFollower {
  readonly listeners = new Set<Listener>();
  stored: readonly StreamedChange[] = [];

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  async since(id: string): Promise<readonly StreamedChange[] | undefined> {
    const at = this.stored.findIndex((each) => each.id === id);
    return at < 0 ? undefined : this.stored.slice(at + 1);
  }

  say(...changes: StreamedChange[]): void {
    for (const listener of this.listeners) {
      listener(changes);
    }
  }
}

const change = (id: string, host = "db01"): StreamedChange => ({
  ...{ id, at: 1795402800, kind: "state", host },
  ...{ subject: "MySQL", from: "OK", to: "CRITICAL" },
});

const REVISION = "5-0";
const open: { app?: ServedApp; streams: AbortController[] } = { streams: [] };

afterEach(async () => {
  for (const each of open.streams.splice(0)) {
    each.abort();
  }
  await open.app?.close();
});

async function serve(feed: ChangeFollower): Promise<string> {
  const site = { ...storedShop(), revision: { id: REVISION, at: 1795402800 } };
  open.app = await serveApp(depsOf(site, { changes: feed, reader: readerOf(site) }));
  return `${open.app.url}/api/v1/changes`;
}

/** Asks for the stream; the answer reads its next event. */
async function follow(url: string, lastEventId?: string, from?: string) {
  const stream = new AbortController();
  open.streams.push(stream);
  const headers = {
    ...(lastEventId === undefined ? {} : { "Last-Event-ID": lastEventId }),
    ...(from === undefined ? {} : { "X-Forwarded-For": from }),
  };
  const response = await fetch(url, { headers, signal: stream.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<{ id: string; event: string; data: Record<string, unknown> }> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      const block = end < 0 ? undefined : text.slice(0, end);
      text = end < 0 ? text : text.slice(end + 2);
      const fields = new Map(block?.split("\n").map((line) => line.split(/: (.*)/s, 2) as [string, string]));
      if (fields.has("event")) {
        return {
          ...{ id: fields.get("id") ?? "", event: fields.get("event") ?? "" },
          data: JSON.parse(fields.get("data") ?? "{}") as Record<string, unknown>,
        };
      }
      if (end < 0) {
        text += (await reader?.read())?.value ?? "";
      }
    }
  };
  return { response, next, abort: () => stream.abort() };
}

it("begins with the revision, then tells what changes", async () => {
  const feed = new SpokenFeed();
  const { response, next } = await follow(await serve(feed));
  expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(response.headers.get("cache-control")).toBe("no-store, no-transform");
  expect(response.headers.get("x-accel-buffering")).toBe("no");
  expect(await next()).toEqual({ id: REVISION, event: "revision", data: { revision: REVISION } });
  feed.say(change("6-0"), change("6-1", "web01"));
  const told = await next();
  expect([told.id, told.event]).toEqual(["6-1", "changes"]);
  expect(told.data).toEqual({ revision: "6-1", changes: [change("6-0"), change("6-1", "web01")], more: 0 });
});

it("tells whoever comes back what was missed, each change once", async () => {
  const feed = new SpokenFeed();
  feed.stored = [change("3-0"), change("4-0"), change("5-0")];
  const { next } = await follow(await serve(feed), "3-0");
  expect((await next()).event).toBe("revision");
  const missed = await next();
  expect(missed.id).toBe("5-0");
  expect(missed.data["changes"]).toEqual([change("4-0"), change("5-0")]);
  feed.say(change("5-0"), change("10-0"));
  expect((await next()).data["changes"]).toEqual([change("10-0")]);
});

it("has whoever was away too long look anew", async () => {
  const { next } = await follow(await serve(new SpokenFeed()), "1-0");
  expect(await next()).toEqual({ id: REVISION, event: "reset", data: { revision: REVISION } });
});

it("forgets whoever leaves", async () => {
  const feed = new SpokenFeed();
  const { next, abort } = await follow(await serve(feed));
  await next();
  expect(feed.listeners.size).toBe(1);
  abort();
  await expect.poll(() => feed.listeners.size).toBe(0);
});

it("follows for 500 askers, no more, and for 250 of one address", async () => {
  const feed = new SpokenFeed();
  const url = await serve(feed);
  const crowd = (from: string) =>
    Promise.all(Array.from({ length: 250 }, async () => (await follow(url, undefined, from)).next()));
  await crowd("192.0.2.1");
  expect((await fetch(url, { headers: { "X-Forwarded-For": "192.0.2.1" } })).status).toBe(503);
  await crowd("192.0.2.2");
  const refused = await fetch(url);
  expect(refused.status).toBe(503);
  expect(refused.headers.get("retry-after")).toBe("30");
  expect(refused.headers.get("content-type")).toContain("application/problem+json");
  open.streams.shift()?.abort();
  await expect.poll(() => feed.listeners.size).toBe(499);
  expect((await follow(url)).response.status).toBe(200);
});

it("follows nothing for who left while their password was checked", async () => {
  const feed = new SpokenFeed();
  let checked = (): void => undefined;
  let asked = (): void => undefined;
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const passwords = {
    ...{ editors: [], admins: [] },
    hashOf: () => undefined,
    check: () =>
      new Promise<{ kind: "right" }>((resolve) => {
        asked();
        checked = () => resolve({ kind: "right" });
      }),
  };
  open.app = await serveApp(depsOf(storedShop(), { changes: feed, access: { ...ACCESS, passwords } }));
  const gone = new AbortController();
  const headers = { authorization: "Basic YTpi" };
  const answer = fetch(`${open.app.url}/api/v1/changes`, { headers, signal: gone.signal }).catch(() => "gone");
  await isAsked;
  gone.abort();
  await answer;
  // The server hears of it before it answers somebody else.
  await (await fetch(`${open.app.url}/healthz`)).text();
  await (await fetch(`${open.app.url}/healthz`)).text();
  checked();
  await (await fetch(`${open.app.url}/healthz`)).text();
  expect(feed.listeners.size).toBe(0);
});

it("answers HEAD without opening a stream", async () => {
  const feed = new SpokenFeed();
  const response = await fetch(await serve(feed), { method: "HEAD" });
  expect(response.status).toBe(200);
  expect(feed.listeners.size).toBe(0);
});

it("ends for whose token was taken away, within a sign of life, and for nobody else", async () => {
  const feed = new SpokenFeed();
  const tokens = new Set(["ann", "bob"]);
  const access = {
    ...ACCESS,
    roleOfToken: (token: string) => (tokens.has(token) ? ({ role: "viewer", name: token } as const) : undefined),
  };
  const site = storedShop();
  const app = express().use(changeStream({ reader: readerOf(site), changes: feed, access }, 20));
  const served = await serveHttp(app, { host: "127.0.0.1", port: 0 });
  const stream = new AbortController();
  try {
    const ask = (token: string) =>
      fetch(`${served.url}api/v1/changes`, { headers: { authorization: `Bearer ${token}` }, signal: stream.signal });
    const [ann, bob] = [await ask("ann"), await ask("bob")];
    const end = ann.text();
    const others = bob.body?.getReader();
    tokens.delete("ann");
    expect(await end).toContain("event: revision");
    expect((await others?.read())?.done).toBe(false);
    expect(feed.listeners.size).toBe(1);
  } finally {
    stream.abort();
    await served.close();
  }
});

it("ends for who is taken out of the file of passwords, though wrong ones keep theirs from being looked at", async () => {
  const feed = new SpokenFeed();
  const hashes = new Map([
    ["ann", "1"],
    ["bob", "2"],
    ["cid", "3"],
  ]);
  let isFlooded = false;
  const passwords = {
    ...{ editors: [], admins: [], hashOf: (user: string) => hashes.get(user) },
    check: async () => (isFlooded ? ({ kind: "too often", wait: 1 } as const) : ({ kind: "right" } as const)),
  };
  const site = storedShop();
  const access = { ...ACCESS, passwords };
  const app = express().use(changeStream({ reader: readerOf(site), changes: feed, access }, 20));
  const served = await serveHttp(app, { host: "127.0.0.1", port: 0 });
  const stream = new AbortController();
  try {
    const ask = (user: string) => {
      const authorization = `Basic ${Buffer.from(`${user}:x`).toString("base64")}`;
      return fetch(`${served.url}api/v1/changes`, { headers: { authorization }, signal: stream.signal });
    };
    const [ann, bob, cid] = [await ask("ann"), await ask("bob"), await ask("cid")];
    isFlooded = true;
    hashes.delete("ann");
    hashes.set("bob", "4");
    expect(await Promise.all([ann.text(), bob.text()])).toHaveLength(2);
    expect((await cid.body?.getReader().read())?.done).toBe(false);
    expect(feed.listeners.size).toBe(1);
  } finally {
    stream.abort();
    await served.close();
  }
});
