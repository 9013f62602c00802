/**
 * A daemon whose wall clock is set while it runs, as by an administrator, by NTP at boot, or twice a year. Its store is the
 * embedded one, which goes by the same clock (redis-server does not run with libfaketime), or a Redis of another machine.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type DotmProcess, partsOf, reportOf, sendReport, startDotm } from "../../support/dotm-process.ts";
import { eventually, runScript } from "../../support/process.ts";
import { describeReal } from "../../support/real.ts";
import { plainClient, startTestStore, type TestStore } from "../../support/redis.ts";
import { LIBFAKETIME, SetClock } from "../../support/set-clock.ts";

const HOUR = 3_600;
const DAY = 86_400;

/** A push source, and a Nagios that wrote its file once. */
const sourcesIn = (folder: string) => `sources:
  - { name: alerts, type: push }
  - { name: nagios, type: status-file, status_file: ${join(folder, "status.dat")} }
`;

describeReal("a clock that is set", ["redis-server", LIBFAKETIME], () => {
  let folder: string;
  let clock: SetClock;
  let dotm: DotmProcess;
  let redis: Redis;
  let away: TestStore | undefined;
  let round = 0;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "dotm-clock-"));
    round = 0;
  });
  afterEach(async () => {
    redis?.disconnect();
    await dotm?.process.stop();
    await away?.stop();
    away = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(ahead = 0, env: Readonly<Record<string, string>> = {}): Promise<void> {
    clock = new SetClock(folder, ahead);
    writeStatus();
    await restart(env);
  }

  async function restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    redis?.disconnect();
    dotm = await startDotm({
      ...{ name: "dotm", folder, roles: "engine,collector,web", store: away?.options ?? "own" },
      ...{ config: sourcesIn(folder), env: { ...clock.env, ...env }, path: folder },
    });
    const own = () => JSON.parse(readFileSync(join(dotm.dataDir, "store.json"), "utf8")).options;
    redis = await plainClient(away?.options ?? own());
  }

  /** What Nagios writes by the same clock. */
  function writeStatus(state = 2): void {
    const at = Math.floor(clock.now);
    const result = `current_state=${state}\n\tstate_type=1\n\thas_been_checked=1\n\tlast_check=${at}\n`;
    writeFileSync(
      join(folder, "status.dat"),
      `info {\n\tcreated=${at}\n\tversion=4.4.6\n\t}\nhoststatus {\n\thost_name=db02\n\t${result.replace(/=\d/, "=0")}\t}\n` +
        `servicestatus {\n\thost_name=db02\n\tservice_description=MySQL\n\t${result}\t}\n`,
    );
  }

  const push = async (check: string, state: string) => {
    const body = JSON.stringify({ events: [{ host: "db01", check, state, stateType: "HARD", output: "told" }] });
    const headers = { "Content-Type": "application/json" };
    expect((await fetch(`${dotm.url}api/v1/events`, { method: "POST", headers, body })).status).toBe(200);
  };

  /** A report of web01 with a peer of this round; the daemon must take it. Returns the peer. */
  async function report(host = "web01"): Promise<string> {
    round += 1;
    const peer = `10.0.9.${round}`;
    expect(await sendReport(dotm.url, reportOf(host, round, { peer, interval: 5 }))).toBe(200);
    return peer;
  }

  const seen = (what: string, holds: () => Promise<boolean>, within = 30_000) =>
    eventually(what, async () => (await holds()) || undefined, within, 100);
  const talksTo = (peer: string) =>
    seen(
      `web01 talks to ${peer}`,
      async () => (await redis.hget(`dotm::connections::web01::3306::${peer}`, "connections")) === "1",
    );
  const problems = async () => (await redis.zrange("dotm::impact::ranking", "0", "-1")).sort();
  const alarms = async () => {
    const { items } = (await (await fetch(`${dotm.url}api/v1/alarms`)).json()) as {
      items: { kind: string; object: string }[];
    };
    return items.map(({ kind, object }) => `${kind} ${object}`);
  };
  /** Waits until the daemon goes by the clock as it was set. */
  const noticed = () =>
    seen("the daemon goes by it", async () => Math.abs(Number(await redis.hget("dotm::alive", "at")) - clock.now) < 20);
  const isWell = async () => {
    const parts = await partsOf(dotm.url);
    return ["store", "engine", "sources"].every((part) => parts[part]?.ok === true);
  };
  /** The picture as it was, by the page of the past: its text, and whether it is told to be exact. */
  const past = async (at: number) => {
    const answer = await fetch(`${dotm.url}host/web01?at=${at.toFixed(3)}`);
    return { text: await answer.text(), exact: answer.headers.get("x-dotm-exact"), status: answer.status };
  };

  /** What was reported a moment ago is in the picture of the past, which knows that it is right. */
  const isInThePast = async (peer: string) => {
    const found = await eventually(`${peer} is in the past`, async () => {
      const looked = await past(clock.now - 1);
      return looked.text.includes(peer) ? looked : undefined;
    });
    expect(found).toMatchObject({ status: 200, exact: "true" });
  };

  it("H24 by a day, and right again: nothing acknowledged is lost, nothing remembered is forgotten, what is silent is told and comes back", async () => {
    await start();
    expect(await run("settings", "set", "expire", "Connections", "1")).toMatchObject({ code: 0 });
    await push("Disk", "CRITICAL");
    const first = await report();
    await report("web02");
    await talksTo(first);
    await seen("both problems", async () => (await problems()).join() === "db01::Disk,db02::MySQL");

    clock.set(DAY + HOUR);
    await noticed();
    await seen("who has not reported since is told", async () => (await alarms()).includes("agent-silent web02"));
    await seen("its source is old", async () => (await alarms()).includes("source-stale nagios"));
    const second = await report();
    await push("Load", "CRITICAL");
    await talksTo(second);
    await seen(
      "what expires by the clock of Redis is there again",
      async () =>
        (await redis.exists("dotm::checks::services::db01", "dotm::checks::services::db02")) === 2 && (await isWell()),
    );
    await seen("all problems", async () => (await problems()).join() === "db01::Disk,db01::Load,db02::MySQL");
    // A day old and one day to live, yet still there.
    expect(await redis.hlen("dotm::edges::web01")).toBe(2);
    expect(await redis.hlen("dotm::edges::web02")).toBe(1);

    clock.set(0);
    await noticed();
    const third = await report();
    await talksTo(third);
    await report("web02");
    await push("Disk", "OK");
    writeStatus();
    await seen("all is well", async () => {
      const told = await alarms();
      return !told.includes("agent-silent web02") && !told.includes("source-stale nagios") && (await isWell());
    });
    await seen("what is over is over", async () => (await problems()).join() === "db01::Load,db02::MySQL");
    expect(await redis.hlen("dotm::edges::web01")).toBe(3);
    // The past of the present: what was reported after the clock was right again is in it.
    await isInThePast(third);
  });

  it("H25 by two hours, and the daemon is killed: what was acknowledged before and after is there, and the newer report counts", async () => {
    away = await startTestStore("redis-server");
    await start(2 * HOUR);
    await push("Disk", "CRITICAL");
    await report("web02");
    await talksTo(await report());
    await seen("both problems", async () => (await problems()).join() === "db01::Disk,db02::MySQL");

    clock.set(0);
    await noticed();
    writeStatus();
    // Nobody seems fresh until the clock has caught up: web02 reported every five seconds.
    await seen("who fell silent is told", async () => (await alarms()).includes("agent-silent web02"));
    const before = await report();
    await talksTo(before);
    await push("Disk", "OK");
    await seen("what is over is over", async () => (await problems()).join() === "db02::MySQL");
    await isInThePast(before);
    await push("Load", "CRITICAL");
    const last = await report();
    dotm.process.kill("SIGKILL");
    await dotm.process.ended;
    await restart();
    await talksTo(last);
    await seen("the problem is there", async () => (await problems()).join() === "db01::Load,db02::MySQL");
    expect(await redis.hlen("dotm::edges::web01")).toBe(3);
    await seen("it is well", isWell);
    writeStatus(0);
    await seen("what Nagios says by the right clock counts", async () => (await problems()).join() === "db01::Load");
    await talksTo(await report());
  });

  const ZONE = { TZ: "Europe/Berlin" };
  const run = (...words: string[]) =>
    runScript("bin/dotm.js", [...words, "--data-dir", dotm.dataDir], { cwd: folder, env: { ...clock.env, ...ZONE } });

  /** Goes through a night in steps of twenty minutes; each moment must have its own past, and each snapshot its own name. */
  async function throughTheNight(from: string): Promise<void> {
    const begin = Date.parse(from) / 1_000;
    await start(begin - Date.now() / 1_000, ZONE);
    expect(await run("settings", "set", "history", "interval", "600")).toMatchObject({ code: 0 });
    const steps: { readonly at: number; readonly peer: string }[] = [];
    for (let step = 0; step < 6; step += 1) {
      clock.set(begin + step * 1_200 - Date.now() / 1_000);
      await noticed();
      const peer = await report();
      await talksTo(peer);
      await seen(`snapshot ${step}`, async () => Number(await redis.lindex("dotm::history", -1)) > clock.now - 900);
      // The log of the past is written after the picture.
      steps.push({ at: clock.now + 5, peer });
    }
    clock.set(begin + 7_200 - Date.now() / 1_000);
    await noticed();
    const times = (await redis.lrange("dotm::history", 0, -1)).map(Number);
    const inOrder = times.toSorted((one, other) => one - other);
    expect(times).toEqual(inOrder);
    const gaps = inOrder.slice(1).map((at, before) => at - (inOrder[before] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(1_300);
    for (const [step, { at, peer }] of steps.entries()) {
      const { text, exact } = await past(at);
      expect([step, exact, text.includes(peer), text.includes(`10.0.9.${step + 2}`)]).toEqual([
        step,
        "true",
        true,
        false,
      ]);
    }
    const listed = (await run("history", "list", "-o", "name")).stdout.trim().split("\n");
    expect(listed.length).toBeGreaterThanOrEqual(times.length);
    expect(new Set(listed).size).toBe(listed.length);
    const page = await (await fetch(`${dotm.url}history`)).text();
    for (const at of times) {
      expect(page).toContain(new Date(at * 1_000).toISOString().replace(".000Z", "Z"));
    }
  }

  const shownAt = async (time: string) => JSON.parse((await run("history", "show", time, "-o", "json")).stdout);

  it("H10 in the night of 23 hours each moment has its own past, each snapshot its name; the time that there was not is an hour later", async () => {
    await throughTheNight("2026-03-29T00:30:00Z");
    expect(await shownAt("02:30")).toMatchObject({ at: "2026-03-29T01:30:00Z", exact: true });
  });

  it("H10 in the night of 25 hours each moment has its own past, each snapshot its name; of a time that came twice the last is meant", async () => {
    await throughTheNight("2026-10-25T00:05:00Z");
    expect(await shownAt("02:30")).toMatchObject({ at: "2026-10-25T01:30:00Z", exact: true });
    expect(await shownAt("2026-10-25T02:30+02:00")).toMatchObject({ at: "2026-10-25T00:30:00Z", exact: true });
  });
});
