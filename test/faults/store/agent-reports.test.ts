/** Reports of agents that are wrong, hostile, late or doubled, posted to a daemon; what is pulled and put into folders is in other files. */
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Daemon, startDaemon } from "../../../src/daemon/start-daemon.ts";
import { addToken } from "../../../src/ingest/token-file.ts";
import { SILENT } from "../../../src/logger.ts";
import { daemonConfig } from "../../support/daemon-config.ts";
import { reportOf } from "../../support/dotm-process.ts";
import { eventually } from "../../support/process.ts";
import { type RawAnswer, rawRequest } from "../../support/raw-http.ts";
import { plainClient, startTestStore, type TestStore } from "../../support/redis.ts";

const PATH = "/api/v1/agents/report";
const MiB = 1024 * 1024;

let folder: string;
let tokens: string;
let store: TestStore;
let redis: Redis;
let daemon: Daemon;
/** A body that comes one byte a second, begun with the first test and looked at in its own. */
let trickle: Promise<RawAnswer>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "dotm-fault-"));
  tokens = join(folder, "tokens.json");
  store = await startTestStore();
  redis = await plainClient(store.options);
  const config = daemonConfig(join(folder, "data"), store.options);
  daemon = await startDaemon({
    config: { ...config, agents: { ...config.agents, auth: "token", tokensFile: tokens } },
    ...{ version: "0", logger: SILENT, now: () => Date.now() / 1000 },
  });
  trickle = rawRequest(daemon.url, `POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n`, 1_000);
}, 60_000);

afterAll(async () => {
  await trickle;
  await daemon.stop();
  redis.disconnect();
  await store.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

interface Answer {
  readonly status: number;
  readonly connection: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Posts a body as it is. `length` announces one; bodies come in chunks otherwise. */
function post(body: string | Buffer, headers: Readonly<Record<string, string | number>> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(daemon.url);
    const call = request({ hostname, port, path: PATH, method: "POST", headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      answer.on("end", () => {
        const { connection } = answer.headers;
        resolve({ status: answer.statusCode ?? 0, connection, body: JSON.parse(text) });
      });
    });
    // The server ends the connection while we still write.
    call.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EPIPE" || error.code === "ECONNRESET" ? undefined : reject(error),
    );
    call.end(body);
  });
}

const known = new Map<string, string>();

/** The header of who may speak for a host. */
function tokenOf(host: string): { readonly authorization: string } {
  const token = known.get(host) ?? addToken(tokens, host);
  known.set(host, token);
  return { authorization: `Bearer ${token}` };
}

/** Posts a report, changed, with the token of its host. */
function send(host: string, change: Readonly<Record<string, unknown>> = {}, sequence = 1): Promise<Answer> {
  return post(JSON.stringify({ ...reportOf(host, sequence), ...change }), tokenOf(host));
}

const listener = (parts: Readonly<Record<string, unknown>>) => ({
  ...{ proto: "tcp", address: "0.0.0.0", port: 8080, process: "app", unit: null, container: null, netns: null },
  ...parts,
});
const connection = (parts: Readonly<Record<string, unknown>>) => {
  const { connections: [row] = [] } = reportOf("x", 1) as { connections: Record<string, unknown>[] };
  return { ...row, ...parts };
};

/** The keys of a host of one kind, once there are some. */
function keysOf(kind: string, host: string): Promise<string[]> {
  return eventually(`${kind} of ${host}`, async () => {
    const found = await redis.keys(`dotm::${kind}::${host}::*`);
    return found.length > 0 ? found.sort() : undefined;
  });
}

const serves = (host: string, process = "app") =>
  eventually(`${host} serves`, async () =>
    (await redis.hget(`dotm::services::${host}::8080`, "process")) === process ? true : undefined,
  );

it("D01 413 beyond 8 MiB, announced or not, packed or not; the connection ends, and the next report is taken", async () => {
  const large = Buffer.alloc(8 * MiB + 1, 0x20);
  for (const headers of [{ "content-length": large.length }, { "transfer-encoding": "chunked" }]) {
    expect(await post(large, { ...tokenOf("large"), ...headers })).toMatchObject({ status: 413, connection: "close" });
  }
  expect(await post(gzipSync(large), { ...tokenOf("large"), "content-encoding": "gzip" })).toMatchObject({
    status: 413,
  });
  expect((await send("large")).status).toBe(200);
  expect(await (await fetch(`${daemon.url}metrics`)).text()).toContain(
    'dotm_reports_refused_total{reason="too large"} 3\n',
  );
});

it("D02 413, without unpacking more of it than a report may have", async ({ annotate }) => {
  // Members of a gzip file follow each other, so that the bomb need not be unpacked to be made either.
  const bomb = Buffer.concat(new Array(64).fill(gzipSync(Buffer.alloc(16 * MiB))));
  const headers = { ...tokenOf("bomb"), "content-encoding": "gzip" };
  const { rss } = process.memoryUsage();
  const began = performance.now();
  expect((await post(bomb, headers)).status).toBe(413);
  const took = performance.now() - began;
  const grown = (process.memoryUsage().rss - rss) / MiB;
  await annotate(
    `1 GiB in ${bomb.length} bytes: 413 after ${Math.round(took)} ms, memory + ${Math.max(0, Math.round(grown))} MB`,
    "figure",
  );
  expect(took).toBeLessThan(2_000);
  expect(grown).toBeLessThan(96);
});

it("D04 400 with the reason where it cannot be read at all; texts are cleaned where it can", async () => {
  const text = JSON.stringify(reportOf("broken", 1));
  const bodies = ["", "{", "<html>", "null", "[]", text.slice(0, -1), text.replace("broken", "bro\u0000ken")];
  const answers = await Promise.all([
    ...bodies.map((body) => post(body, tokenOf("broken"))),
    post(Buffer.from(text.replace("broken", "\xff\xfe"), "latin1"), tokenOf("broken")),
    post(text.replace("broken", "\\ud800"), tokenOf("broken")),
  ]);
  expect(answers.map(({ status }) => status).filter((status) => status !== 400 && status !== 401)).toEqual([]);
  expect(answers.slice(0, bodies.length).map(({ status }) => status)).toEqual(bodies.map(() => 400));
  expect(answers.map(({ body }) => body["error"])).not.toContain(undefined);
  expect((await send("broken", { listeners: [listener({ process: "half\ud800\u0000" })] })).status).toBe(200);
  await serves("broken", "half");
});

it("D05 401 with the same words, whether the host is known or not; nobody else's token speaks for a host", async () => {
  const text = JSON.stringify(reportOf("mine", 1));
  const other = JSON.stringify(reportOf("nobody", 1));
  tokenOf("mine");
  const answers = await Promise.all([
    post(text),
    post(text, { authorization: "Bearer wrong" }),
    post(text, tokenOf("another")),
    post(other, tokenOf("another")),
    post("no report, and nobody looks"),
  ]);
  expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(401);
  expect((await send("mine")).status).toBe(200);
  expect(await redis.exists("dotm::nodes::nobody")).toBe(0);
});

it("D07 200 with duplicate: true, and no effect", async () => {
  expect((await send("again", {}, 5)).body).toMatchObject({ ack: 5 });
  await serves("again");
  const changed = { listeners: [listener({ process: "changed" })] };
  expect(await send("again", changed, 5)).toMatchObject({ status: 200, body: { ack: 5, duplicate: true } });
  expect((await send("again", {}, 6)).body["duplicate"]).toBeUndefined();
  await serves("again");
});

it("D08 200, and what it says is not believed", async () => {
  await send("late", { listeners: [listener({ process: "newer" })] }, 5);
  await serves("late", "newer");
  expect((await send("late", {}, 3)).body).toEqual({ ack: 3, duplicate: true });
  expect(await redis.hget("dotm::services::late::8080", "process")).toBe("newer");
});

it("D10 its first report is taken, as the boot is another one", async () => {
  await send("booted", {}, 900);
  const after = await send("booted", { boot: "after", listeners: [listener({ process: "fresh" })] }, 1);
  expect(after).toMatchObject({ status: 200, body: { ack: 1 } });
  expect(after.body["duplicate"]).toBeUndefined();
  await serves("booted", "fresh");
});

it("D11 the one that was there first is believed, the other is refused, and the page of the host says so", async () => {
  const answers: number[] = [];
  for (let round = 1; round <= 6; round += 1) {
    answers.push((await send("cloned", { boot: "first" }, round)).status);
    const clone = { boot: "clone", listeners: [listener({ process: "clone" })] };
    answers.push((await send("cloned", clone, round)).status);
  }
  expect(answers.slice(-2)).toEqual([200, 422]);
  await serves("cloned");
  const status = await eventually("the fault is told", async () => {
    const told = await redis.hget("dotm::nodes::cloned", "fetch_status");
    return told !== null && told !== "OK" ? told : undefined;
  });
  expect(status).toContain("two machines report under this name");
});

it("D13 such a row is left out and counted, the rest of the report is kept", async () => {
  const bad = [-1, 0, 65_536, 1.5, "80", "80;x", null, true, 9_999];
  const listeners = [...bad.map((port) => listener({ port })), listener({})];
  // JSON makes an infinite number of this.
  const text = JSON.stringify({ ...reportOf("ports", 1), listeners }).replace("9999", "1e309");
  expect(await post(text, tokenOf("ports"))).toMatchObject({ status: 200, body: { dropped: bad.length } });
  expect(await keysOf("services", "ports")).toEqual(["dotm::services::ports::8080"]);
});

it("D14 stored as IPv4", async () => {
  await send("mapped", { connections: [connection({ remoteAddress: "::ffff:10.77.0.1" })] });
  expect(await keysOf("connections", "mapped")).toEqual(["dotm::connections::mapped::3306::10.77.0.1"]);
});

it("D16 stored in full, so that a key splits into its five fields", async () => {
  await send("six", { connections: [connection({ remoteAddress: "fd00::5" })] });
  const [key = ""] = await keysOf("connections", "six");
  expect(key.split("::")).toEqual(["dotm", "connections", "six", "3306", "fd00:0:0:0:0:0:0:5"]);
});

it("D17 one service that listens at every address; as a peer they are nobody", async () => {
  const listeners = ["0.0.0.0", "::", "*", "[::]"].map((address) => listener({ address }));
  const connections = ["0.0.0.0", "::"].map((remoteAddress) => connection({ remoteAddress }));
  expect((await send("any", { listeners, connections })).body).toMatchObject({ dropped: 2 });
  expect(await keysOf("services", "any")).toEqual(["dotm::services::any::8080"]);
  expect(await redis.keys("dotm::connections::any::*")).toEqual([]);
});

it("D19 names like others, and keys nobody reads; no object of ours changes", async () => {
  const text = JSON.stringify({ ...reportOf("__proto__", 1), listeners: [listener({ process: "constructor" })] });
  const keys = `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},`;
  const row = '"listeners":[{"__proto__":{"port":80},"proto":"tcp","address":"::"},';
  const answer = await post(text.replace("{", keys).replace('"listeners":[', row), tokenOf("__proto__"));
  expect(answer).toMatchObject({ status: 200, body: { dropped: 1 } });
  await serves("__proto__", "constructor");
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(await (await fetch(`${daemon.url}api/v1/hosts/__proto__`)).json()).toMatchObject({
    host: { name: "__proto__" },
  });
});

it("D20 at most 64 printable characters of them are kept", async () => {
  const names = ["x".repeat(10_000), "two\nlines", "\u001b[31mred\u001b[0m", "<script>alert(1)</script>"];
  const listeners = names.map((process, at) => listener({ process, port: 8081 + at }));
  await send("named", { listeners });
  const kept = await Promise.all((await keysOf("services", "named")).map((key) => redis.hget(key, "process")));
  expect(kept).toEqual(["x".repeat(64), "two lines", "red", "<script>alert(1)</script>"]);
  const page = await (await fetch(`${daemon.url}host/named`)).text();
  expect(page).toContain("&lt;script&gt;alert(1)");
  expect(page).not.toContain("<script>alert");
});

it("D22 the last one counts", async () => {
  const text = JSON.stringify(reportOf("last", 1)).replace("{", '{"host":"first","listeners":[],');
  expect((await post(text, tokenOf("first"))).status).toBe(401);
  expect((await post(text, tokenOf("last"))).status).toBe(200);
  await serves("last");
});

it("D37 an address that several hosts say is theirs leads to none of them", async () => {
  const bridge = "172.17.0.1";
  await send("docker1", { ips: ["10.80.0.1", bridge] });
  await send("docker2", { ips: ["10.80.0.2", bridge] });
  await send("docker3", { ips: ["10.80.0.3"], connections: [connection({ remoteAddress: bridge })] });
  await serves("docker2");
  const stays = `dotm::connections::docker3::3306::${bridge}`;
  await eventually("the address stands for itself", async () => ((await redis.exists(stays)) === 1 ? true : undefined));
  expect(await redis.exists(`dotm::resolver::ip_to_node::${bridge}`)).toBe(0);
  expect(await redis.get("dotm::resolver::ip_to_node::10.80.0.1")).toBe("docker1");
});

it("D38 what is known of a newer one is used and the rest is named; one too old is refused with 426", async () => {
  const newer = await send("newer", { version: 99, moods: [1], listeners: [{ ...listener({}), colour: "red" }] });
  expect(newer.status).toBe(200);
  expect(JSON.stringify(newer.body["warnings"])).toContain("newer than ours");
  await serves("newer");
  const old = await send("older", { version: 0 });
  expect([old.status, old.body["next"]]).toEqual([426, expect.stringContaining("Install the agent")]);
});

it("D23 408 when it has taken half a minute, and the connection ends", async ({ annotate }) => {
  const { status, seconds } = await trickle;
  await annotate(`408 after ${seconds.toFixed(1)} s`, "figure");
  expect(status).toBe(408);
  expect(seconds).toBeLessThan(45);
}, 60_000);
