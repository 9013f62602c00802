/** Reports answered before the app sees them, against the same app's own answers. */
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { reportsFirst } from "../../src/web/agent-routes.ts";
import type { AppDeps } from "../../src/web/app-deps.ts";
import { createDoorApp } from "../../src/web/door-app.ts";
import { ACCESS } from "../support/web.ts";

const PATH = "/api/v1/agents/report";
const stops: (() => void)[] = [];

afterEach(() => {
  for (const stop of stops.splice(0)) {
    stop();
  }
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What the app answers by itself, behind the fast way, and how often it was asked behind that. */
async function bothWays(basePath = "") {
  let [asked, large] = [0, 0];
  const logged: object[] = [];
  const logger = { error: (fields: object) => void logged.push(fields) };
  const acceptReport: AppDeps["acceptReport"] = async (raw, { authorization }) => {
    if (authorization === "Bearer broken") {
      throw new Error("secret inside");
    }
    return authorization === undefined
      ? { status: 401, body: { error: "no" } }
      : { status: raw.length === 0 ? 400 : 200, body: { ack: raw.length, text: `${raw.subarray(0, 9)} ä` } };
  };
  const refusedLargeReport = () => {
    large += 1;
  };
  const deps = { acceptReport, refusedLargeReport, access: ACCESS, logger, config: { basePath } };
  const app = createDoorApp(deps as unknown as Parameters<typeof createDoorApp>[0]);
  const counted: typeof app = ((...given: Parameters<typeof app>) => {
    asked += 1;
    app(...given);
  }) as typeof app;
  const listen = async (listener: Parameters<typeof createServer>[1]) => {
    const server = createServer(listener).listen(0, "127.0.0.1");
    stops.push(() => server.close().closeAllConnections());
    await new Promise((resolve) => server.once("listening", resolve));
    return (server.address() as AddressInfo).port;
  };
  const slow = await listen(app);
  const fast = await listen(reportsFirst(counted, deps, { basePath, frameAncestors: [], logger }));
  const ask = async (...given: Parameters<typeof askAt> extends [number, ...infer R] ? R : never) =>
    [await askAt(slow, ...given), await askAt(fast, ...given)] as const;
  return { ask, asked: () => asked, large: () => large, slow, fast, logged };
}

function askAt(
  port: number,
  body: Buffer | string,
  { path = PATH, method = "POST", headers = {} as Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request({ port, path, method, headers, agent: false }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () => {
        const { date: _, ...others } = answer.headers;
        resolve({ status: answer.statusCode, headers: others, text });
      });
    });
    // The server ends the connection while we still write.
    call.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EPIPE" || error.code === "ECONNRESET" ? undefined : reject(error),
    );
    call.end(body);
  });
}

it("answers word for word what the app answers, without asking it", async () => {
  const { ask, asked, large } = await bothWays();
  const headers = { authorization: "Bearer x" };
  const [slow, fast] = await ask("hello", { headers });
  expect(fast).toEqual(slow);
  expect([fast.status, fast.text]).toEqual([200, '{"ack":5,"text":"hello ä"}']);
  for (const [body, given] of [
    ["hello", {}],
    ["", { authorization: "Bearer x" }],
    ["x".repeat(70_000), { authorization: "Bearer x", "transfer-encoding": "chunked" }],
    [Buffer.alloc(8 * 1024 * 1024 + 1), headers],
    [Buffer.alloc(9 * 1024 * 1024), { ...headers, "transfer-encoding": "chunked" }],
  ] as const) {
    const [one, other] = await ask(body as string, { headers: given });
    expect(other).toEqual(one);
  }
  expect([asked(), large()]).toEqual([0, 4]);
});

it("leaves to the app what it might treat otherwise", async () => {
  const { ask, asked } = await bothWays();
  const others = [
    { method: "GET" },
    { path: `${PATH}?a=1` },
    { path: `${PATH}/` },
    { path: "/api/v1/events" },
    { headers: { origin: "https://elsewhere.example" } },
    { path: `/dotm${PATH}`, headers: { "x-forwarded-prefix": "/dotm" } },
  ];
  for (const [at, given] of others.entries()) {
    const [slow, fast] = await ask("hello", given);
    expect(fast).toEqual(slow);
    expect(asked()).toBe(at + 1);
  }
});

it("knows the path the site is served under", async () => {
  const { ask, asked } = await bothWays("/dotm");
  const [slow, fast] = await ask("hello", { path: `/dotm${PATH}`, headers: { authorization: "Bearer x" } });
  expect(fast).toEqual(slow);
  expect([fast.status, asked()]).toEqual([200, 0]);
});

it("writes down where in the code something failed that nobody thought of, and tells no stack", async () => {
  const { slow, fast, logged } = await bothWays();
  const headers = { authorization: "Bearer broken" };
  const { status, text } = await askAt(slow, "hello", { headers });
  expect([status, JSON.parse(text)]).toEqual([500, expect.objectContaining({ status: 500, title: "Failed" })]);
  expect(text).not.toMatch(/secret inside|reports-first/);
  await expect(fetch(`http://127.0.0.1:${fast}${PATH}`, { method: "POST", headers, body: "hello" })).rejects.toThrow();
  const line = {
    path: PATH,
    status: 500,
    error: "secret inside",
    stack: expect.stringContaining("reports-first.test.ts"),
  };
  expect(logged).toMatchObject([line, line]);
});
