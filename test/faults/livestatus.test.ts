/** What a Livestatus server may do to us, over a real socket. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { encodeQuery, isSendable, namedFilters } from "../../nagios/livestatus-query.ts";
import { createLivestatusSource, type LivestatusSourceOptions } from "../../src/ingest/livestatus-source.ts";
import type { Source } from "../../src/ingest/source.ts";
import { SILENT } from "../../src/logger.ts";
import { FollowedSite } from "../support/followed-site.ts";
import { checkRow, framed, hostRow, LivestatusServer, type Misbehaviour } from "../support/livestatus-server.ts";
import { isUnwell, isWell } from "../support/told.ts";

const clock = () => Date.now() / 1000;

let server: LivestatusServer;
let site: FollowedSite;
let sources: Source[];

beforeEach(async () => {
  site = new FollowedSite();
  sources = [];
  server = await new LivestatusServer().listen();
  server.waits = false;
});

afterEach(async () => {
  await Promise.all(sources.map((source) => source.stop()));
  await server.stop();
});

async function start(options: Partial<LivestatusSourceOptions> = {}): Promise<void> {
  const source = createLivestatusSource({
    ...{ name: "live", place: server.place, interval: 0.1, resync: 3600, timeout: 10 },
    ...{ sink: site.sink, logger: SILENT, now: clock, random: () => 1 },
    ...options,
  });
  sources.push(source);
  await source.start();
}

/** Milliseconds between the first failures. */
async function pauses(count: number): Promise<number[]> {
  const times: number[] = [];
  await start({
    sink: (observation) => {
      times.push(performance.now());
      site.sink(observation);
    },
  });
  await site.told.until(() => times.length > count);
  return times.slice(1).map((time, at) => time - (times[at] ?? 0));
}

/** Expects that the picture stays while the server misbehaves, that `error` is told, and that it goes on afterwards. */
async function keptThrough(misbehave: Misbehaviour, error: string | RegExp, timeout = 10): Promise<void> {
  // So that the answer on changes has a row.
  Object.assign(server.tables["services"]?.[0] ?? {}, { acknowledged: 1 });
  await start({ timeout });
  site.told.clear();
  server.misbehave = (socket, query, answer) => query.table === "services" && misbehave(socket, query, answer);
  expect((await site.told.until(isUnwell)).error).toMatch(error);
  expect(site.told.all.filter(({ kind }) => kind !== "health")).toEqual([]);
  expect(site.pictureAt(clock()).serviceChecks.get("web")).toHaveLength(2);
  server.misbehave = () => false;
  Object.assign(server.tables["services"]?.[1] ?? {}, { state: 2 });
  await site.told.until(isWell(1));
  expect(site.pictureAt(clock()).impacts.get("web::SSH")?.problem).toMatchObject({ state: "CRITICAL" });
}

it("B01 the error names the path; it is tried again after one second, then two, each up to a quarter shorter", async () => {
  await server.close();
  const [first = 0, second = 0] = await pauses(2);
  expect(site.told.all[0]).toHaveProperty("error", expect.stringContaining(`${server.folder}/live does not exist`));
  expect(first).toBeGreaterThanOrEqual(740);
  expect(second).toBeGreaterThanOrEqual(1490);
});

it("B01 a server that restarts is down for a moment, with what was told, then well", async () => {
  await start();
  site.told.clear();
  await server.close();
  expect((await site.told.until(isUnwell)).error).toMatch(/nobody listens at|does not exist/);
  expect(site.pictureAt(clock()).serviceChecks.get("web")).toHaveLength(2);
  await server.listen();
  await site.told.until(isWell(1));
});

it("B02 the answer is waited for as long as `timeout` says, then the connection is given up and another one asked", async () => {
  await keptThrough(() => true, "answered nothing within 1 s. Check that the monitoring is not overloaded", 1);
  expect(server.connections).toBe(2);
});

it("B04 nothing of the answer is taken, and the error counts the bytes", async () => {
  await keptThrough((socket) => socket.write("200         100\n[]"), "answered only 18 bytes within 1 s", 1);
});

it("B05 the server is said not to speak Livestatus, with what it said, and the connection is made anew", async () => {
  const page = "HTTP/1.1 400 Bad Request\r\n\r\n<html>";
  await keptThrough((socket) => socket.end(page) !== undefined, /does not speak Livestatus.*HTTP\/1\.1 400/);
  expect(server.connections).toBe(2);
});

it("B07 a column that is not known is done without, and not asked for again", async () => {
  server.unknownColumn = "refuse";
  await start();
  expect(site.told.all.at(-1)).toMatchObject({ kind: "health", ok: true, errors: 0 });
  server.asked();
  await site.told.until(isWell(clock()));
  expect(server.asked().filter((table) => table.startsWith("services"))).toHaveLength(1);
});

it("B07 any other refusal is told with its number and words, and asked again with pauses that grow, not at once", async () => {
  server.misbehave = (socket, { table }) => table === "hosts" && socket.write(framed(403, "not for you"));
  const [pause = 0] = await pauses(1);
  expect(site.told.all[0]).toHaveProperty(
    "error",
    expect.stringContaining("refused the question on hosts: 403 not for"),
  );
  expect(pause).toBeGreaterThanOrEqual(740);
});

it("B08 what was told stays, and it is tried again", async () => {
  const statuses = [451, 503];
  const misbehave: Misbehaviour = (socket) => socket.write(framed(statuses.shift() ?? 503, "not now"));
  await keptThrough(misbehave, /refused the question on services: 451 not now\. It is tried again/);
  expect(statuses).toEqual([503]);
  server.misbehave = (socket, _, answer) => (statuses.length > 0 ? misbehave(socket, _, answer) : false);
  site.told.clear();
  expect((await site.told.until(isUnwell)).error).toContain("503 not now. It is tried again");
  await site.told.until(isWell(clock() - 1));
});

it("B10 such a name is never sent: not a header, not a command, nothing", () => {
  const hostile = ["a\nCommand: x", "a\rb", "a\0b", "\n\nCOMMAND [0] SHUTDOWN_PROGRAM", " a", "a ", "\ud800"];
  for (const name of hostile) {
    expect(isSendable(name)).toBe(false);
    for (const names of [
      { host: name, check: "x" },
      { host: "x", check: name },
    ]) {
      const filters = namedFilters("services", [names]);
      expect(() => encodeQuery({ table: "services", columns: ["state"], filters })).toThrow(RangeError);
    }
  }
});

it("B11 the question is put once more over a new connection, unnoticed", async () => {
  await start();
  site.told.clear();
  server.hangUp();
  await site.told.until(isWell(clock()));
  expect(server.connections).toBe(2);
  expect(site.told.all.filter(isUnwell)).toEqual([]);
});

it("B13 the others are read as ever; what the lost one told stays, marked stale, and an alarm names it", async () => {
  // Without an interval no result grows old by itself.
  const rare = { check_interval: 0, retry_interval: 0 };
  server.tables["services"] = [checkRow("web", "HTTP", rare)];
  const services = [checkRow("far", "HTTP", { ...rare, state: 2 })];
  const far = await new LivestatusServer({ ...server.tables, hosts: [hostRow("far")], services }).listen();
  far.waits = false;
  await Promise.all([start(), start({ name: "branch", place: far.place })]);
  await far.stop();
  await site.told.until((each) => isUnwell(each) && each.source === "branch");
  site.told.clear();
  Object.assign(server.tables["services"]?.[0] ?? {}, { state: 2 });
  await site.told.until(({ kind }) => kind === "states");
  const later = clock() + 120;
  site.sink({ ...(await site.told.until(isWell(clock()))), asOf: later });
  const { impacts, alarms } = site.pictureAt(later + 10);
  expect(impacts.get("web::HTTP")?.problem).toMatchObject({ state: "CRITICAL", stale: false });
  expect(impacts.get("far::HTTP")?.problem).toMatchObject({ state: "CRITICAL", stale: true });
  expect(alarms.get("")).toMatchObject([{ kind: "source-stale", object: "branch" }]);
});

it("B14 none is ever sent: DOTM only asks, whatever checks are called; results go the ways of `notify`", async () => {
  const name = "COMMAND [0] SHUTDOWN_PROGRAM";
  server.tables["services"]?.push(checkRow("web", name, { acknowledged: 1 }));
  await start();
  site.told.clear();
  // No longer among those in trouble: it is asked for by its name.
  Object.assign(server.tables["services"]?.at(-1) ?? {}, { acknowledged: 0 });
  await site.told.until(({ kind }) => kind === "states");
  expect(server.queries.some(({ headers }) => headers.some(([, value]) => value.endsWith(name)))).toBe(true);
  const tables = new Set(server.queries.map(({ table }) => table));
  expect([...tables].toSorted()).toEqual(["comments", "downtimes", "hosts", "services", "status"]);
});
