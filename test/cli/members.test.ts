import { expect, it } from "vitest";
import type { Member } from "../../src/store/members.ts";
import type { QueueState } from "../../src/store/task-queue.ts";
import { dotm } from "./run-command.ts";
import { NOW } from "./stored-site.ts";

const member = (name: string, parts: Partial<Member>): Member => ({
  ...{ id: name, name, roles: ["engine", "web"], leads: false, since: NOW - 3_600, at: NOW - 3, version: "1.0.0" },
  url: "http://127.0.0.1:4880/",
  ...parts,
});

const team = (members: readonly Member[], queue: Partial<QueueState> = {}) => ({
  members: async () => [...members],
  queue: async () => ({ waiting: 0, workers: 0, poison: 0, ...queue }),
});

const SITE = [member("mon1/10", { leads: true }), member("mon2/20", {}), member("mon3/30", { roles: ["collector"] })];

it("get members lists who leads, who stands by, and who fell silent", async () => {
  const gone = member("mon4/40", { at: NOW - 300 });
  const { out, code } = await dotm(["get", "members"], { team: team([...SITE, gone]) });
  expect(code).toBe(0);
  expect(out.split("\n").map((line) => line.split(/ {2,}/).slice(0, 3).join(" "))).toEqual([
    "NAME ROLES STATUS",
    "mon1/10 engine,web LEADS",
    "mon2/20 engine,web STANDBY",
    "mon3/30 collector OK",
    "mon4/40 engine,web SILENT",
    "",
  ]);
});

it("get members prints no name that could steer a terminal, in none of its forms", async () => {
  const evil = member("mon\u001b]0;owned\u0007/1", { url: "http://x/\u001b[2J\u202e", roles: ["web\u009b31m"] });
  for (const output of ["table", "wide", "name", "csv", "json", "ndjson", "yaml"]) {
    const { out, code } = await dotm(["get", "members", "-o", output], { team: team([evil]) });
    expect([output, code, /[^\P{Cc}\r\n]/u.test(out)]).toEqual([output, 0, false]);
    expect(out).toContain("owned");
  }
});

it("the doctor tells who leads, and what of the tasks is set aside", async () => {
  const { out } = await dotm(["doctor", "--url", "redis://db:6379"], {
    team: team(SITE, { waiting: 2, workers: 1, poison: 3 }),
  });
  expect(out).toMatch(/OK\s+processes\s+3 present, mon1\/10 leads/);
  expect(out).toMatch(/WARNING\s+tasks\s+2 tasks wait, 1 workers; 3 set aside/);
});

it.each([
  ["no process leads", [member("mon2/20", {})], /WARNING\s+processes\s+1 present, none leads/],
  [
    "a process fell silent",
    [...SITE, member("mon4/40", { at: NOW - 300 })],
    /WARNING.*silent: mon4\/40 \(engine,web\)/,
  ],
])("the doctor warns where %s", async (_, members, warning) => {
  expect((await dotm(["doctor", "--url", "redis://db:6379"], { team: team(members) })).out).toMatch(warning);
});

it("the doctor warns where tasks wait and nobody works", async () => {
  const { out } = await dotm(["doctor", "--url", "redis://db:6379"], { team: team(SITE, { waiting: 2 }) });
  expect(out).toMatch(/WARNING\s+tasks\s+2 tasks wait, 0 workers\s+Fix: Start one: dotm serve --roles worker/);
});

it("the doctor misses no process that was started again in its place", async () => {
  const killed = { at: NOW - 300, since: NOW - 900, id: "killed" };
  const again = { since: NOW - 200 };
  const doctor = async (...members: Member[]) =>
    (await dotm(["doctor", "--url", "redis://db:6379"], { team: team(members) })).out;
  const leader = member("mon1/10", { leads: true });
  expect(await doctor(leader, member("box/1", killed), member("box/1", again))).toMatch(/OK\s+processes\s+2 present/);
  expect(await doctor(leader, member("mon2/20", killed), member("mon2/29", again))).toMatch(
    /OK\s+processes\s+2 present/,
  );
  const elsewhere = member("mon2/29", { ...again, url: "http://127.0.0.1:4881/" });
  expect(await doctor(leader, member("mon2/20", killed), elsewhere)).toMatch(/WARNING\s+processes.*silent: mon2\/20/);
  expect(await doctor(leader, member("mon2/20", killed), member("mon3/20", again))).toMatch(/silent: mon2\/20/);
});
