import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { type Logger, SILENT } from "../../src/logger.ts";
import { BodyBudget } from "../../src/web/body-budget.ts";
import { bytesOf } from "../../src/web/read-body.ts";
import { depsOf, serveApp, storedShop } from "../support/web.ts";

const LARGEST = 1_000;
const ends: (() => void)[] = [];

afterEach(() => {
  for (const end of ends.splice(0)) {
    end();
  }
});

/** A server that says what became of a body; `answer` may be held back. */
async function served(budget: BodyBudget, held?: Promise<unknown>): Promise<number> {
  const server = createServer(async (asked: IncomingMessage, answer: ServerResponse) => {
    const body = await bytesOf(asked, answer, LARGEST, budget).catch(() => "broken off");
    await held;
    answer.setHeader("Connection", "close");
    answer.end(Buffer.isBuffer(body) ? `${body.length}` : body);
  });
  server.listen(0, "127.0.0.1");
  ends.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function post(port: number, body: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body });
  return answer.text();
}

it("takes a body, and refuses one that is too large", async () => {
  const port = await served(new BodyBudget());
  expect(await post(port, "x".repeat(LARGEST))).toBe("1000");
  expect(await post(port, "x".repeat(LARGEST + 1))).toBe("too large");
});

it("refuses what all askers together have too much of, and has room again when they were answered", async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const budget = new BodyBudget(1_500);
  const slow = await served(budget, held);
  const first = post(slow, "x".repeat(900));
  // The budget tells when the first body is there: nothing of that size fits any more.
  while (budget.take(900)) {
    budget.give(900);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const quick = await served(budget);
  expect(await post(quick, "x".repeat(700))).toBe("too many");
  expect(await post(quick, "x".repeat(500))).toBe("500");
  release();
  expect(await first).toBe("900");
  while (!budget.take(1_500)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
});

it("has room again when an asker hangs up in the middle", async () => {
  const budget = new BodyBudget(1_000);
  const port = await served(budget);
  const broken = request({ port, host: "127.0.0.1", method: "POST", headers: { "content-length": 900 } });
  broken.on("error", () => undefined);
  broken.write("x".repeat(800));
  while (budget.take(800)) {
    budget.give(800);
    await new Promise((resolve) => setImmediate(resolve));
  }
  broken.destroy();
  while (!budget.take(1_000)) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(budget.take(1)).toBe(false);
});

it("is no failure of ours where the asker goes away: nothing is logged that strangers could fill the disk with", async () => {
  const told: unknown[] = [];
  const logger: Logger = { ...SILENT, error: (fields) => void told.push(fields) };
  const app = await serveApp(depsOf(storedShop(), { logger }));
  try {
    const { hostname, port } = new URL(app.url);
    const headers = { "Content-Type": "application/json", "Content-Length": "100" };
    for (const path of ["/api/v1/events", "/api/v1/agents/report"]) {
      await new Promise<void>((gone) => {
        const sent = request({ hostname, port, path, method: "POST", headers });
        sent.on("error", () => undefined).on("close", gone);
        sent.write("abc", () => sent.destroy());
      });
    }
    // What is told of them is told before the next but one is answered.
    await fetch(`${app.url}/map`);
    await fetch(`${app.url}/map`);
    expect(told).toEqual([]);
  } finally {
    await app.close();
  }
});

it("has no room for one address that others need", async () => {
  const budget = new BodyBudget(1_000);
  expect([budget.take(500, "192.0.2.1"), budget.take(1, "192.0.2.1")]).toEqual([true, false]);
  expect([budget.take(400, "192.0.2.2"), budget.take(100, "127.0.0.1"), budget.take(1, "127.0.0.1")]).toEqual([
    true,
    true,
    false,
  ]);
  budget.give(500, "192.0.2.1");
  expect([budget.take(501, "192.0.2.1"), budget.take(500, "192.0.2.1")]).toEqual([false, true]);
});

it("keeps nothing of what strangers send, and answers them when they are done", async () => {
  const taken: number[] = [];
  const note = async ({ length }: Buffer) => {
    taken.push(length);
    return { status: 401, body: { error: "no" } };
  };
  const app = await serveApp(
    depsOf(storedShop(), {
      mayReport: ({ authorization }) => authorization === "Bearer known",
      acceptReport: note,
      mayPush: ({ authorization }) => authorization === "Bearer known",
      acceptPush: ({ raw }) => note(raw),
    }),
  );
  try {
    const send = async (path: string, token: string, bytes: number) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      return (await fetch(app.url + path, { method: "POST", headers, body: "x".repeat(bytes) })).status;
    };
    for (const path of ["/api/v1/agents/report", "/api/v1/events", "/api/v1/webhooks/alertmanager"]) {
      expect([path, await send(path, "guess", 900_000)]).toEqual([path, 401]);
      expect([path, await send(path, "known", 900_000)]).toEqual([path, 401]);
      expect([path, taken.splice(0)]).toEqual([path, [0, 900_000]]);
    }
    expect(await send("/api/v1/agents/report", "guess", 8 * 1024 * 1024 + 1)).toBe(413);
    expect(await send("/api/v1/events", "guess", 1024 * 1024 + 1)).toBe(413);
  } finally {
    await app.close();
  }
});

it("strangers that stop in the middle of what they send take nobody's room", async () => {
  const app = await serveApp(
    depsOf(storedShop(), { mayReport: ({ authorization }) => authorization === "Bearer known" }),
  );
  const strangers = Array.from({ length: 12 }, () => {
    const { hostname, port } = new URL(app.url);
    const headers = { "Content-Length": `${8 * 1024 * 1024}` };
    return request({ hostname, port, path: "/api/v1/agents/report", method: "POST", headers, agent: false });
  });
  try {
    await Promise.all(
      strangers.map(
        (sent) =>
          new Promise<void>((written) => {
            sent.on("error", () => undefined);
            sent.write(Buffer.alloc(8 * 1024 * 1024 - 1), () => written());
          }),
      ),
    );
    const answer = await fetch(`${app.url}/api/v1/agents/report`, {
      ...{ method: "POST", headers: { authorization: "Bearer known" }, body: "x".repeat(1_000_000) },
    });
    expect(answer.status).toBe(200);
  } finally {
    for (const sent of strangers) {
      sent.destroy();
    }
    await app.close();
  }
});
