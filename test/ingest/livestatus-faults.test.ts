/** What a Livestatus server may do to us: nothing of it throws, blocks, empties the picture or goes untold. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { LivestatusPlace } from "../../src/config/config-value.ts";
import { LivestatusConnection } from "../../src/ingest/livestatus-connection.ts";
import { createLivestatusSource, type LivestatusSourceOptions } from "../../src/ingest/livestatus-source.ts";
import type { Source } from "../../src/ingest/source.ts";
import { SILENT } from "../../src/logger.ts";
import { checkRow, framed, LivestatusServer, type Misbehaviour } from "../support/livestatus-server.ts";
import { describeReal, findProgram } from "../support/real.ts";
import { isUnwell, isWell, Told } from "../support/told.ts";

let server: LivestatusServer;
let told: Told;
let source: Source | undefined;

beforeEach(async () => {
  told = new Told();
  server = await new LivestatusServer().listen();
  server.waits = false;
});

afterEach(async () => {
  await source?.stop();
  source = undefined;
  await server.stop();
});

async function start(options: Partial<LivestatusSourceOptions> = {}): Promise<void> {
  source = createLivestatusSource({
    ...{ name: "live", place: server.place, interval: 0.1, resync: 3600, timeout: 10 },
    ...{ sink: told.sink, logger: SILENT, now: () => Date.now() / 1000, random: () => 1 },
    ...options,
  });
  await source.start();
}

/** Writes a byte each now and then, as long as anybody listens. */
function drip(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text[at++ % text.length] ?? ""), 20);
  socket.on("close", () => clearInterval(timer));
}

const FAULTS: readonly (readonly [name: string, misbehave: Misbehaviour, error: string])[] = [
  ["closes without an answer", (socket) => socket.destroy() !== undefined, "closed the connection without an answer"],
  ["answers half", (socket, _, answer) => socket.end(answer.slice(0, 30)) !== undefined, "after 30 bytes of an answer"],
  [
    "answers half and stays",
    (socket, _, answer) => socket.write(answer.slice(0, 30)),
    "answered only 30 bytes within 1 s",
  ],
  ["answers byte by byte", (socket, _, answer) => drip(socket, answer) === undefined, "bytes within 1 s"],
  ["promises too little", (socket) => socket.write(`${framed(200, "[]")}\n`), "longer than the 2 bytes it says"],
  ["promises gigabytes", (socket) => socket.write("200  9999999999\n[["), "wants to send 9999999999 bytes"],
  ["complains at length", (socket) => socket.write("400  9999999999\nno"), "wants to send 9999999999 bytes"],
  ["has no header", (socket, _, answer) => socket.write(answer.slice(16)), "does not speak Livestatus"],
  ["answers with a page", (socket) => socket.write(framed(200, "<html>a page</html>")), "not JSON"],
  ["answers with an object", (socket) => socket.write(framed(200, '{"data":[["web"]]}')), "not JSON"],
  ["answers with other columns", (socket) => socket.write(framed(200, '[["web",1]]')), "a row has 2 cells, not "],
  ["answers with nothing", (socket) => socket.write(framed(200, "")), "it is empty"],
  ["does not know the table", (socket) => socket.write(framed(404, "no such table 'x'")), "404 no such table 'x'"],
  ["answers noise", (socket) => socket.write(Buffer.alloc(500_000, 0xfe)), "does not speak Livestatus"],
];

/** Short only where it is waited out: an answer may take its time on a busy machine. */
const patienceFor = (error: string) => ({ timeout: error.includes("within 1 s") ? 1 : 10 });

describe("a Livestatus server that", () => {
  it.each(FAULTS)("%s is told with cause and next step, and has no states", async (_, misbehave, error) => {
    server.misbehave = misbehave;
    await start(patienceFor(error));
    expect(told.all).toHaveLength(1);
    expect(told.all[0]).toMatchObject({ kind: "health", ok: false, errors: 1, asOf: 0, hosts: 0, checks: 0 });
    expect(told.all[0]).toHaveProperty("error", expect.stringContaining(error));
    expect(told.all[0]).toHaveProperty("error", expect.stringMatching(/\.$/));
  });

  it.each(FAULTS)("%s after it was well keeps its picture, and is well again", async (_, misbehave, error) => {
    // So that the answer on changes has a row.
    Object.assign(server.tables["services"]?.[0] ?? {}, { acknowledged: 1 });
    await start(patienceFor(error));
    told.clear();
    server.misbehave = (socket, query, answer) => query.table === "services" && misbehave(socket, query, answer);
    expect((await told.until(isUnwell)).error).toContain(error);
    expect(told.all.filter(({ kind }) => kind !== "health")).toEqual([]);
    server.misbehave = () => false;
    Object.assign(server.tables["services"]?.[1] ?? {}, { state: 2 });
    expect(await told.until((each) => each.kind === "states")).toMatchObject({ full: false, gone: [] });
    expect(told.states[0]?.statuses).toMatchObject([{ check: "SSH", state: "CRITICAL" }]);
    await told.until(isWell(1));
  });

  it("tells no hosts and no checks has them not told as gone", async () => {
    await start({ resync: 0.3 });
    told.clear();
    const tables = server.tables;
    server.tables = { ...tables, hosts: [], services: [] };
    expect((await told.until(isUnwell)).error).toContain("tells of no hosts and no service checks");
    expect(told.states).toEqual([]);
  });

  it("has rows without a state is not believed", async () => {
    Object.assign(server.tables["services"]?.[1] ?? {}, { state: "" });
    await start();
    expect(told.all).toMatchObject([{ kind: "health", ok: false }]);
    expect(told.all[0]).toHaveProperty("error", expect.stringContaining("a row tells no state"));
  });

  it("tells of more rows than there is memory for is broken off", async () => {
    server.tables["services"]?.push(checkRow("web", "SMTP"));
    await start({ most: 2 });
    expect((await told.until(isUnwell)).error).toContain(
      "gave an answer on services that cannot be taken: it has more than 2 rows",
    );
    expect(told.states).toEqual([]);
  });

  it("does not keep connections is asked over a new one each time", async () => {
    server.misbehave = (socket, _, answer) => socket.end(answer) !== undefined;
    await start();
    expect(told.all.at(-1)).toMatchObject({ kind: "health", ok: true });
    expect(server.connections).toBe(7);
  });
});

describe("a place where no Livestatus is", () => {
  const ask = (place: LivestatusPlace) =>
    new LivestatusConnection(place, { connect: 0.3, answer: 0.3 })
      .ask({ table: "hosts", text: "GET hosts\n\n", wait: 0, take: () => null })
      .catch((error: unknown) => error);

  it("to whose network there is no way is told, too, where it is asked out of a timer: nothing is awaited before that", async () => {
    const nowhere: LivestatusPlace = { kind: "tcp", host: "255.255.255.255", port: 6_557, tls: null };
    const said = await new Promise((resolve) => setTimeout(() => resolve(ask(nowhere)), 1));
    expect(said).toMatchObject({ reason: expect.any(String), message: expect.stringContaining("255.255.255.255") });
  });

  it("is told by its own words: nobody listens, unknown name, no file, a listener that is full", async () => {
    const free: Server = createServer().listen(0, "127.0.0.1");
    await once(free, "listening");
    const { port } = free.address() as AddressInfo;
    free.close();
    const tcp = { kind: "tcp", tls: null } as const;
    expect(await ask({ ...tcp, host: "127.0.0.1", port })).toMatchObject({
      reason: "ECONNREFUSED",
      message: `nobody listens at 127.0.0.1:${port}`,
    });
    expect(await ask({ ...tcp, host: "nowhere.invalid", port })).toMatchObject({
      reason: expect.stringMatching(/ENOTFOUND|EAI_AGAIN|connect timeout/),
    });
    expect(await ask({ kind: "unix", path: "/nonexistent/live" })).toMatchObject({ reason: "ENOENT" });
    // Nobody answers in the range for documentation (RFC 5737); some networks say so at once.
    expect(await ask({ ...tcp, host: "192.0.2.1", port: 6557 })).toMatchObject({
      reason: expect.stringMatching(/connect timeout|EHOSTUNREACH|ENETUNREACH|EACCES|ECONNREFUSED/),
    });
  });
});

describeReal("a Livestatus over TLS", ["openssl"], () => {
  let folder = "";
  let tls: Server;
  let place: LivestatusPlace & { kind: "tcp" };

  /** A certificate of its own for a name, as Checkmk has one for the name of the site. */
  function certificate(name: string): string {
    const path = join(folder, name);
    const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
    const files = ["-keyout", `${path}.key`, "-out", `${path}.pem`];
    const options = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    expect(spawnSync(findProgram("openssl") ?? "", ["req", ...options, ...subject, ...files]).status).toBe(0);
    return path;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-live-tls-"));
    const own = certificate("mysite");
    certificate("elsewhere");
    const keys = { key: readFileSync(`${own}.key`), cert: readFileSync(`${own}.pem`) };
    // It answers every question with one row that fits none but that on the program.
    tls = createTlsServer(keys, (socket) => {
      socket.on("error", () => undefined);
      socket.on("data", () => socket.write(framed(200, '[[1795000000,"2.3.0","",0,0]]')));
    });
    tls.on("tlsClientError", () => undefined);
    tls.listen(0, "127.0.0.1");
    await once(tls, "listening");
    place = { kind: "tcp", host: "127.0.0.1", port: (tls.address() as AddressInfo).port, tls: null };
  });

  afterAll(() => {
    tls.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function health(caName: string | null, servername: string | null): Promise<unknown> {
    const caFile = caName === null ? null : join(folder, `${caName}.pem`);
    await start({ place: { ...place, tls: { caFile, servername } } });
    return told.all[0];
  }

  it("answers who trusts its authority and knows its name", async () => {
    // The next answer's row does not fit, so it did come.
    expect(await health("mysite", "mysite")).toHaveProperty("error", expect.stringContaining("a row has 5 cells"));
  });

  it.each([
    ["mysite", "othersite", "is for another name", "servername"],
    ["elsewhere", "mysite", "is not trusted", "ca_file"],
    [null, "mysite", "is not trusted", "ca_file"],
    ["missing", "mysite", "authority's certificate cannot be read", "ca_file"],
  ])("is told apart where it is not trusted: %s, %s", async (ca, name, cause, next) => {
    const said = await health(ca, name);
    expect(said).toHaveProperty("error", expect.stringContaining(cause));
    expect(said).toHaveProperty("error", expect.stringContaining(next));
  });

  it("is not a server without it", async () => {
    const plain = createServer((socket) => socket.on("error", () => undefined).end("400           3\nno\n"));
    plain.listen(0, "127.0.0.1");
    await once(plain, "listening");
    place = { ...place, port: (plain.address() as AddressInfo).port };
    expect(await health("mysite", "mysite")).toHaveProperty("error", expect.stringContaining("does not speak TLS"));
    plain.close();
  });
});
