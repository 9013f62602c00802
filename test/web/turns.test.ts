/** How many answers are made at once, who waits for theirs, and who is sent away. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { MapReader } from "../../src/store/map-reader.ts";
import { createApp } from "../../src/web/app.ts";
import { hotAnswers } from "../../src/web/hot-answers.ts";
import { Turnstile } from "../../src/web/turnstile.ts";
import { depsOf, readerOf, storedShop } from "../support/web.ts";

const BOUNDS = { atOnce: 2, waiting: 6, ofOne: 4, patience: 60_000 };

/** Who was let in or sent away, in order. */
function visits(door: Turnstile) {
  const told: string[] = [];
  const enter = (asker: string, name: string) =>
    door.enter(asker, (isIn) => told.push(isIn ? name : `${name} sent away`));
  return { told, enter };
}

const breath = () => new Promise((later) => setImmediate(later));

describe("a turnstile", () => {
  it("lets in so many, then others asker by asker, and sends away those for whom there is no room", async () => {
    const door = new Turnstile(BOUNDS);
    const { told, enter } = visits(door);
    const leave = new Map<string, () => void>();
    for (const name of ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "b1", "c1", "d1"]) {
      leave.set(name, enter(name.charAt(0), name));
    }
    expect(told).toEqual(["a1", "a2", "a7 sent away", "d1 sent away"]);
    expect([door.waiting, door.refused]).toEqual([6, 2]);
    for (const name of ["a1", "a2", "a3", "b1", "c1", "a4"]) {
      leave.get(name)?.();
      leave.get(name)?.();
      await breath();
    }
    expect(told.slice(4)).toEqual(["a3", "b1", "c1", "a4", "a5", "a6"]);
    expect(door.waiting).toBe(0);
  });

  it("forgets who goes before their turn, and gives no seat twice", async () => {
    const door = new Turnstile({ ...BOUNDS, atOnce: 1 });
    const { told, enter } = visits(door);
    const first = enter("a", "a1");
    enter("a", "a2")();
    const third = enter("b", "b1");
    first();
    await breath();
    expect([told, door.waiting]).toEqual([["a1", "b1"], 0]);
    third();
    third();
    await breath();
    enter("c", "c1");
    enter("c", "c2");
    expect([told, door.waiting]).toEqual([["a1", "b1", "c1"], 1]);
  });

  it("sends away who waited too long", async () => {
    const door = new Turnstile({ ...BOUNDS, atOnce: 1, patience: 5 });
    const { told, enter } = visits(door);
    enter("a", "a1");
    enter("b", "b1");
    await expect.poll(() => told).toEqual(["a1", "b1 sent away"]);
    expect([door.waiting, door.refused]).toEqual([0, 1]);
  });
});

describe("a crowd", () => {
  const stops: (() => void)[] = [];
  afterEach(() => {
    for (const stop of stops.splice(0)) {
      stop();
    }
  });

  /** A site whose store answers `nodes` when it is told to. */
  async function slowSite() {
    const held: (() => void)[] = [];
    let isHeld = true;
    const plain = readerOf(storedShop());
    const reader: MapReader = {
      ...plain,
      nodes: async () => {
        if (isHeld) {
          await new Promise<void>((go) => held.push(go));
        }
        return plain.nodes();
      },
    };
    const app = createApp(depsOf(storedShop(), { reader }));
    const server = createServer(hotAnswers(app, { listen: () => () => undefined })).listen(0, "127.0.0.1");
    stops.push(() => server.close().closeAllConnections());
    await new Promise((listening) => server.once("listening", listening));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const release = () => {
      isHeld = false;
      for (const go of held.splice(0)) {
        go();
      }
    };
    const ended: unknown[] = [];
    server.on("request", (_, response) => response.once("close", () => ended.push(response)));
    return { url, held, release, ended };
  }

  const ask = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(url, { headers });
    return { status: answer.status, again: answer.headers.get("retry-after"), text: await answer.text() };
  };

  it("has two answers about the whole site made at once, others wait or are told to come again, and nobody else waits for them", async () => {
    const { url, held, release } = await slowSite();
    const crowd = Array.from({ length: 60 }, (_, at) =>
      ask(`${url}/services?q=${at}`, { "x-forwarded-for": "192.0.2.1" }),
    );
    const early = await Promise.race(crowd);
    expect(early).toMatchObject({ status: 503, again: "5", text: expect.stringContaining("Too many ask at once") });
    expect(held.length).toBe(2);
    expect((await ask(`${url}/healthz`)).status).toBe(200);
    expect((await ask(`${url}/api/v1/sources`)).status).toBe(200);
    const figures = (await ask(`${url}/metrics`)).text;
    expect(figures).toMatch(/^dotm_answers_waiting\{about="site"\} 40$/m);
    expect(figures).toMatch(/^dotm_answers_refused_total\{about="site"\} 18$/m);
    // Another one's turn comes before the crowd is through.
    const other = ask(`${url}/map`, { "x-forwarded-for": "192.0.2.2" });
    expect((await ask(`${url}/image`, { "x-forwarded-for": "192.0.2.1" })).text).toContain("Too many ask at once");
    release();
    expect((await other).status).toBe(200);
    const statuses = (await Promise.all(crowd)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBe(42);
  });

  it("that asks for the same is answered together, who brings a token, too", async () => {
    for (const headers of [{}, { authorization: "Basic YTpi" }]) {
      const { url, held, release } = await slowSite();
      const crowd = Array.from({ length: 8 }, () => ask(`${url}/map`, headers));
      await expect.poll(() => held.length).toBe(1);
      release();
      const answers = await Promise.all(crowd);
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    }
  });

  it("that goes away gives its turns back", async () => {
    const { url, held, release } = await slowSite();
    const gone = new AbortController();
    const crowd = Array.from({ length: 10 }, (_, at) =>
      fetch(`${url}/services?q=${at}`, { signal: gone.signal }).catch(() => undefined),
    );
    await expect.poll(() => held.length).toBe(2);
    gone.abort();
    await Promise.all(crowd);
    release();
    expect((await ask(`${url}/services`)).status).toBe(200);
    expect((await ask(`${url}/metrics`)).text).toMatch(/^dotm_answers_waiting\{about="site"\} 0$/m);
  });

  it("that goes away leaves its seats to what is still worked out for it: asking and going begins no more at once", async () => {
    const { url, held, release, ended } = await slowSite();
    const gone = new AbortController();
    const crowd = Array.from({ length: 2 }, (_, at) =>
      fetch(`${url}/services?q=${at}`, { signal: gone.signal }).catch(() => undefined),
    );
    await expect.poll(() => held.length).toBe(2);
    gone.abort();
    await Promise.all(crowd);
    await expect.poll(() => ended.length).toBe(2);
    const next = ask(`${url}/services?q=next`);
    await expect
      .poll(async () => (await ask(`${url}/metrics`)).text)
      .toMatch(/^dotm_answers_waiting\{about="site"\} 1$/m);
    expect(held.length).toBe(2);
    release();
    expect((await next).status).toBe(200);
  });

  it("that follows what changes holds nobody up, however the address of the stream is written", async () => {
    const { url, release } = await slowSite();
    release();
    const gone = new AbortController();
    const paths = ["/api/v1/changes/", "/api/v1/changes?"];
    const streams = await Promise.all(paths.map((path) => fetch(`${url}${path}`, { signal: gone.signal })));
    expect(streams.map(({ headers }) => headers.get("content-type"))).toEqual(
      Array(2).fill("text/event-stream; charset=utf-8"),
    );
    expect((await ask(`${url}/services`)).status).toBe(200);
    gone.abort();
  });

  it("behind one proxy is counted user by user: none uses up the questions of another", async () => {
    const { url, release } = await slowSite();
    release();
    const status = async (from: string) => {
      const path = "/api/v1/path?from=nobody&to=nobody";
      return (await ask(`${url}${path}`, { "x-forwarded-for": from })).status;
    };
    const many = [];
    for (let at = 0; at < 121; at += 1) {
      many.push(await status("192.0.2.1"));
    }
    expect([many[0] === 429, many.at(-1)]).toEqual([false, 429]);
    expect(await status("192.0.2.2")).not.toBe(429);
  });
});
