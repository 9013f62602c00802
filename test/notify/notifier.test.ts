/** What is written when: to a pipe that the test reads. */
import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import type { Alarm } from "../../src/model/alarm.ts";
import type { Impact } from "../../src/model/impact.ts";
import { Notifier, type NotifierDeps, type OwnPlace } from "../../src/notify/notifier.ts";
import { impact } from "../store/examples.ts";
import { eventually } from "../support/process.ts";

const NONE = { impacts: new Map<string, Impact | null>(), alarms: new Map<string, readonly Alarm[] | null>() };
const HIT = { ...NONE, impacts: new Map([["db01::MySQL", impact("db01", "MySQL")]]) };
const place = (host: string, shownAs = host): OwnPlace => ({ host, check: "DOTM impact", shownAs });

let folder: string;
let pipe: number;
let now: number;
let notifier: Notifier;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-notifier-"));
  execFileSync("mkfifo", [join(folder, "cmd")]);
  pipe = openSync(join(folder, "cmd"), constants.O_RDWR | constants.O_NONBLOCK);
  now = 1_000;
});
afterEach(async () => {
  await notifier.stop();
  closeSync(pipe);
  rmSync(folder, { recursive: true, force: true });
});

function start(places: OwnPlace[], site: string | null = null, parts: Partial<NotifierDeps> = {}): void {
  const target = { name: "n", site, type: "nagios", commandFile: join(folder, "cmd") } as const;
  const config = { base: "", host: "mon01", interval: 60, ttl: 300, targets: [target] };
  const deps = { config, places: () => places, maySend: () => true, logger: SILENT, now: () => now, every: 2 };
  notifier = new Notifier({ ...deps, ...parts });
  notifier.start();
}

/** The next lines, as `host state`. */
function written(count: number): Promise<string[]> {
  let text = "";
  return eventually(`${count} lines`, async () => {
    try {
      const bytes = Buffer.alloc(65_536);
      text += bytes.toString("utf8", 0, readSync(pipe, bytes));
    } catch {
      // Nothing there yet.
    }
    const lines = text.split("\n").slice(0, -1);
    return lines.length < count ? undefined : lines.map((line) => line.split(";").slice(1, 4).join(" "));
  });
}

it("is each check that is new in the monitoring, what changed, and all again when its time is over", async () => {
  const places = [place("web01"), place("db01")];
  start(places);
  expect(await written(2)).toEqual(["web01 DOTM impact 0", "db01 DOTM impact 0"]);
  notifier.take(HIT);
  expect(await written(1)).toEqual(["web01 DOTM impact 2"]);
  places.push(place("app01"));
  expect(await written(1)).toEqual(["app01 DOTM impact 0"]);
  now += 60;
  expect(await written(3)).toEqual(["web01 DOTM impact 2", "db01 DOTM impact 0", "app01 DOTM impact 0"]);
  // What is written can be read before the notifier has heard that it is.
  await eventually("all is counted", async () => notifier.states[0]?.sent === 7 || undefined);
  expect(notifier.states).toMatchObject([{ name: "n", sent: 7, dropped: 0, waiting: 0, error: null }]);
});

it("is all again at once where the clock was set back: nobody waits until it has caught up", async () => {
  start([place("web01")]);
  await written(1);
  now -= 900;
  expect(await written(1)).toEqual(["web01 DOTM impact 0"]);
});

it("goes to hosts of the target's site alone, by their names there, though the picture calls them otherwise", async () => {
  start([place("web01"), place("north!web01", "shop"), place("south!web01")], "north");
  notifier.take({ ...NONE, impacts: new Map([["k", { ...impact("db01", "x"), affected: rowsOn("shop") }]]) });
  expect((await written(1)).at(-1)).toBe("web01 DOTM impact 2");
  now += 60;
  expect(await written(1)).toEqual(["web01 DOTM impact 2"]);
});

it("forgets what a whole picture no longer has", async () => {
  start([place("web01")]);
  notifier.take(HIT);
  expect((await written(1)).at(-1)).toBe("web01 DOTM impact 2");
  notifier.replace(NONE);
  expect((await written(1)).at(-1)).toBe("web01 DOTM impact 0");
});

it("is nothing while another leads", async () => {
  start([place("web01")], null, { maySend: () => false });
  await eventually("it is dropped", async () => (notifier.states[0]?.dropped ?? 0) > 0 || undefined);
  expect(notifier.states[0]?.sent).toBe(0);
  expect(() => readSync(pipe, Buffer.alloc(10))).toThrow(/EAGAIN/);
});

it("tells what belongs to no host at the host that is named for it, beside its own alarms", async () => {
  const alarm = { kind: "source-stale", object: "nagios", peer: null, since: null, details: {} } as const;
  const stale: Alarm = { ...alarm, host: null, severity: "CRITICAL", text: "source nagios is stale" };
  const own: Alarm = {
    ...alarm,
    kind: "agent-silent",
    host: "mon01",
    severity: "WARNING",
    text: "the agent is silent",
  };
  const alarmsOf = (host: string): OwnPlace => ({ host, check: "DOTM alarms", shownAs: host });
  start([alarmsOf("web01"), alarmsOf("mon01")]);
  expect(await written(2)).toEqual(["web01 DOTM alarms 0", "mon01 DOTM alarms 0"]);
  notifier.take({ ...NONE, alarms: new Map([["", [stale]]]) });
  expect(await written(1)).toEqual(["mon01 DOTM alarms 2"]);
  notifier.take({
    ...NONE,
    alarms: new Map<string, readonly Alarm[] | null>([
      ["", null],
      ["mon01", [own]],
    ]),
  });
  expect(await written(1)).toEqual(["mon01 DOTM alarms 1"]);
});

function rowsOn(host: string): Impact["affected"] {
  return impact("db01", "x").affected.map((row) => ({ ...row, host }));
}
