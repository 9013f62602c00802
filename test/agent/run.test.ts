import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Collector } from "../../agent/collect.ts";
import { createAddressDecoder } from "../../agent/proc-net.ts";
import { pushReport } from "../../agent/push.ts";
import { ReportCount } from "../../agent/report-count.ts";
import { runAgent } from "../../agent/run.ts";
import { Sender } from "../../agent/sender.ts";
import { ReportSpool } from "../../agent/spool.ts";
import { FakeProc } from "./fake-proc.ts";
import { ReportServer } from "./report-server.ts";

/** Sleeping that a test lets end: of the intervals by `tick`, of the pauses of the sender at once. */
class Clock {
  readonly pauses: number[] = [];
  readonly intervals: number[] = [];
  #sleeper: (() => void) | undefined;
  #asleep: (() => void) | undefined;

  readonly interval = (seconds: number, signal: AbortSignal): Promise<void> => {
    this.intervals.push(seconds);
    return new Promise((resolve) => {
      this.#sleeper = resolve;
      signal.addEventListener("abort", () => resolve());
      this.#asleep?.();
    });
  };

  readonly pause = async (seconds: number): Promise<void> => {
    this.pauses.push(seconds);
    await new Promise((resolve) => setImmediate(resolve));
  };

  /** Ends the interval; resolves when the next one has begun, that is, when a report was made. */
  tick(): Promise<void> {
    const next = new Promise<void>((resolve) => {
      this.#asleep = resolve;
    });
    this.#sleeper?.();
    return next;
  }
}

/** Resolves when the program has come so far; the test's own time limit is the end of patience. */
async function until(reached: () => boolean): Promise<void> {
  while (!reached()) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("runAgent", () => {
  const server = new ReportServer();
  let folder = "";
  let log: string[] = [];
  let clock = new Clock();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-run-"));
    [log, clock] = [[], new Clock()];
    server.taken.length = 0;
    server.answer = () => ({ status: 200 });
    await server.start();
  });

  afterEach(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function agent() {
    const spool = new ReportSpool(folder);
    spool.open();
    const target = { url: server.url, token: "t", ca: undefined };
    const push = (body: Buffer, signal: AbortSignal) => pushReport(body, target, () => 1_795_356_000, signal);
    const random = () => 0.5;
    const sender = new Sender({ spool, push, sleep: clock.pause, random, log: (line) => log.push(line) });
    const collector = new Collector({
      files: new FakeProc([]),
      decodeAddress: createAddressDecoder("LE"),
      interfaces: () => ({}),
      unixSockets: () => Promise.resolve(""),
      socketGroups: () => Promise.resolve(undefined),
      now: () => 1_795_356_000,
    });
    const count = new ReportCount(join(folder, "sequence.json"), "boot");
    const stop = new AbortController();
    const running = runAgent(
      {
        collector,
        count,
        spool,
        sender,
        host: "web01",
        agent: "test/1",
        interval: 60,
        sleep: clock.interval,
        random,
        steady: () => 0,
        log: (line) => log.push(line),
      },
      stop.signal,
    );
    const end = async () => {
      stop.abort();
      await running;
    };
    return { spool, end };
  }

  it("reports at once, then after a random part of the interval, then every interval", async () => {
    const { end } = agent();
    await server.until(1);
    await clock.tick();
    await clock.tick();
    await server.until(3);
    expect(clock.intervals).toEqual([30, 60, 60]);
    expect(server.taken.map(({ body }) => [body["host"], body["sequence"]])).toEqual([
      ["web01", 1],
      ["web01", 2],
      ["web01", 3],
    ]);
    await end();
  });

  it("keeps reports while the server is away and sends them oldest first when it is back", async () => {
    const { spool, end } = agent();
    await server.until(1);
    // It has the answer, too.
    await until(() => spool.size === 0);
    await server.stop();
    await clock.tick();
    await clock.tick();
    await clock.tick();
    await until(() => clock.pauses.length >= 8);
    expect(spool.size).toBe(3);
    // Full jitter at one half: the limit doubles from 1 to 60 s.
    expect(clock.pauses.slice(0, 8)).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30]);
    await server.start();
    await server.until(4);
    expect(server.taken.map(({ body }) => body["sequence"])).toEqual([1, 2, 3, 4]);
    await until(() => spool.size === 0);
    await end();
    expect(log).toEqual([
      "cannot deliver reports, will try again: nothing listens at the address of the server (ECONNREFUSED)",
      expect.stringMatching(/^reports are delivered again/),
    ]);
  });

  it("sends after a restart what waited before it, and counts on", async () => {
    server.answer = () => ({ status: 503, headers: { "retry-after": "1" } });
    const first = agent();
    await server.until(1);
    await clock.tick();
    await first.end();
    expect(first.spool.size).toBe(2);
    server.answer = () => ({ status: 200 });
    server.taken.length = 0;
    const second = agent();
    await server.until(3);
    expect(server.taken.map(({ body }) => body["sequence"])).toEqual([1, 2, 3]);
    expect(new Set(server.taken.map(({ body }) => body["boot"])).size).toBe(1);
    await second.end();
  });

  it("waits as long as the server asks, and a little longer", async () => {
    server.answer = ({ body }) =>
      server.taken.length === 0 ? { status: 429, headers: { "retry-after": "20" } } : { status: body ? 200 : 500 };
    const { end } = agent();
    await server.until(2);
    expect(clock.pauses).toEqual([21]);
    await end();
  });

  it("gives up a report that is refused, says why, and goes on", async () => {
    server.answer = ({ body }) =>
      body["sequence"] === 1 ? { status: 400, body: '{"error":"no such thing"}' } : { status: 200 };
    const { spool, end } = agent();
    await server.until(1);
    await clock.tick();
    await server.until(2);
    await until(() => spool.size === 0);
    await end();
    expect(log).toEqual(["report 000000000001.json.gz is given up: the server answers 400: no such thing"]);
  });
});
