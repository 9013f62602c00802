import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Source } from "../../src/ingest/source.ts";
import { createStatusFileSource, type StatusFileSourceOptions } from "../../src/ingest/status-file-source.ts";
import { SILENT } from "../../src/logger.ts";
import type { SourceObservation } from "../../src/model/monitoring.ts";
import { monitored } from "../support/builders.ts";
import { nothingMoreRuns, running } from "../support/left-running.ts";
import { hostBlock, serviceBlock, statusFile } from "../support/status-text.ts";
import { isUnwell, isWell, Told } from "../support/told.ts";

const T = 1_795_000_000;
const OBJECTS = `define host {
	host_name	web
	alias	Web server
	address	10.0.0.1
	parents	gw
	check_command	check-alive
	}

define service {
	host_name	web
	service_description	HTTP
	check_command	check_tcp!8080
	}

`;

let folder: string;
let status: string;
let objects: string;
let told: Told;
let source: Source | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-status-"));
  status = join(folder, "status.dat");
  objects = join(folder, "objects.cache");
  told = new Told();
});

afterEach(async () => {
  await source?.stop();
  source = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Replaces the status file as Nagios does. */
function write(blocks: readonly string[], created: number): void {
  writeFileSync(join(folder, "nagios.tmpX1y2Z3"), statusFile(blocks, created));
  renameSync(join(folder, "nagios.tmpX1y2Z3"), status);
}

async function start(options: Partial<StatusFileSourceOptions> = {}): Promise<void> {
  const now = () => Date.now() / 1000;
  source = createStatusFileSource({
    name: "mon",
    statusFile: status,
    sink: told.sink,
    logger: SILENT,
    now,
    ...options,
  });
  await source.start();
}

const SITE = [hostBlock("web"), serviceBlock("web", "HTTP"), serviceBlock("web", "SSH")];
const kinds = (): string[] => told.all.map((observation) => observation.kind);
const toldNames = (observation: SourceObservation | undefined): (string | null)[] =>
  observation?.kind === "states" ? observation.statuses.map(({ host, check }) => check ?? host) : [];

describe("a status file source", () => {
  it("tells hosts, all states and its health when it starts", async () => {
    write(SITE, T);
    writeFileSync(objects, OBJECTS);
    await start();
    expect(kinds()).toEqual(["objects", "states", "health"]);
    expect(told.all[0]).toEqual({
      kind: "objects",
      source: "mon",
      hosts: [monitored("web", "10.0.0.1", { alias: "Web server", parents: ["gw"] })],
      checks: [],
    });
    expect(told.states[0]).toMatchObject({ source: "mon", full: true, asOf: T, gone: [] });
    expect(told.states[0]?.statuses.map(({ check, command }) => [check, command])).toEqual([
      [null, "check-alive"],
      ["HTTP", "check_tcp!8080"],
      ["SSH", "check_http!-p 80"],
    ]);
    expect(told.all[2]).toEqual({
      ...{ kind: "health", source: "mon", type: "status-file", ok: true, error: null },
      ...{ asOf: T, staleAfter: 35, hosts: 1, checks: 2, lag: expect.any(Number), errors: 0 },
    });
  });

  it("tells comments and downtimes when they are others than before, and what the configuration says of checks", async () => {
    const comment = "hostcomment {\n\thost_name=web\n\tcomment_id=1\n\tauthor=ops\n\tcomment_data=slow\n\t}\n";
    write([...SITE, comment], T);
    const group = "define servicegroup {\n\tservicegroup_name\tweb-checks\n\tmembers\tweb,HTTP\n\t}\n";
    writeFileSync(objects, `${OBJECTS}${group}`);
    await start();
    expect(kinds()).toEqual(["objects", "states", "notes", "health"]);
    expect(told.all[0]).toMatchObject({ checks: [{ host: "web", check: "HTTP", groups: ["web-checks"] }] });
    expect(told.all[2]).toMatchObject({ comments: [{ author: "ops", text: "slow" }], downtimes: [] });
    told.clear();
    write([...SITE, comment], T + 10);
    await told.until(isWell(T + 10));
    expect(kinds()).toEqual(["health"]);
    told.clear();
    write(SITE, T + 20);
    await told.until(isWell(T + 20));
    expect(told.all[0]).toMatchObject({ kind: "notes", comments: [], downtimes: [] });
  });

  it("expects passive results as often as the configuration says that they must come", async () => {
    const passive = { active_checks_enabled: "0" };
    write([hostBlock("web"), serviceBlock("web", "HTTP", passive), serviceBlock("web", "SSH", passive)], T);
    const service = (name: string, ...lines: string[]) =>
      `define service {\n\thost_name\tweb\n\tservice_description\t${name}\n\tcheck_command\tdummy\n${lines.join("")}\t}\n`;
    const fresh = service("HTTP", "\tcheck_freshness\t1\n", "\tfreshness_threshold\t900\n");
    const unwatched = service("SSH", "\tcheck_freshness\t0\n", "\tfreshness_threshold\t900\n");
    writeFileSync(objects, `define host {\n\thost_name\tweb\n\t}\n${fresh}${unwatched}`);
    await start();
    expect(told.states[0]?.statuses.map(({ check, active, interval }) => [check, active, interval])).toEqual([
      [null, true, expect.any(Number)],
      ["HTTP", false, 900],
      ["SSH", false, 0],
    ]);
  });

  it("tells after each rename what changed, and no more", async () => {
    write(SITE, T);
    await start();
    for (let tick = 1; tick <= 5; tick++) {
      told.clear();
      write(
        [hostBlock("web"), serviceBlock("web", "HTTP"), serviceBlock("web", "SSH", { plugin_output: `${tick}` })],
        T + tick * 10,
      );
      await told.until(isWell(T + tick * 10));
      expect(kinds()).toEqual(["states", "health"]);
      expect(told.states[0]).toMatchObject({ full: false, asOf: T + tick * 10, gone: [] });
      expect(toldNames(told.all[0])).toEqual(["SSH"]);
    }
  });

  it("tells no states where nothing but the time moved", async () => {
    write(SITE, T);
    await start();
    told.clear();
    write([hostBlock("web", { last_update: T + 10 }), ...SITE.slice(1)], T + 10);
    await told.until(isWell(T + 10));
    expect(kinds()).toEqual(["health"]);
  });

  it("ignores a copy of what it knows", async () => {
    write(SITE, T);
    await start();
    told.clear();
    copyFileSync(status, join(folder, "copy"));
    renameSync(join(folder, "copy"), status);
    write([...SITE, hostBlock("late")], T);
    write(SITE, T + 10);
    await told.until(isWell(T + 10));
    expect(told.states).toEqual([]);
  });

  it("tells what is gone when it is missing twice", async () => {
    write(SITE, T);
    await start();
    write(SITE.slice(0, 2), T + 10);
    await told.until(isWell(T + 10));
    told.clear();
    write(SITE.slice(0, 2), T + 20);
    await told.until(isWell(T + 20));
    expect(told.states).toEqual([
      { kind: "states", source: "mon", full: false, asOf: T + 20, statuses: [], gone: [{ host: "web", check: "SSH" }] },
    ]);
  });

  it("reads without an object cache, and with one named elsewhere", async () => {
    write(SITE, T);
    mkdirSync(join(folder, "cache"));
    writeFileSync(join(folder, "cache/objects"), OBJECTS);
    await start({ objectsFile: null });
    expect(kinds()).toEqual(["states", "health"]);
    await source?.stop();
    told.clear();
    await start({ objectsFile: join(folder, "cache/objects") });
    expect(kinds()).toEqual(["objects", "states", "health"]);
  });

  it("takes the lengths of intervals from its options", async () => {
    write([hostBlock("web", { check_interval: "30.000000" })], T);
    await start({ updateInterval: 5, intervalLength: 1 });
    expect(told.states[0]?.statuses[0]?.interval).toBe(30);
    expect(told.all.at(-1)).toMatchObject({ staleAfter: 20 });
  });

  it("tells nothing after it was stopped", async () => {
    write(SITE, T);
    await start();
    const stopping = source?.stop();
    told.clear();
    write([hostBlock("web", { current_state: 1 })], T + 10);
    await stopping;
    expect(told.all).toEqual([]);
  });
});

describe("a file that cannot be taken", () => {
  const whole = statusFile([hostBlock("web", { current_state: 1 })], T + 10);

  it.each<[name: string, damage: () => void, error: RegExp]>([
    ["cut", () => writeFileSync(status, whole.subarray(0, -9)), /status\.dat is incomplete\. Wait for the next write/],
    [
      "only a header",
      () => writeFileSync(status, statusFile([], T + 10)),
      /status\.dat holds no hosts\. Check the configuration/,
    ],
    [
      "something else",
      () => writeFileSync(status, "<html>\n".repeat(99)),
      /status\.dat is no status file\. Give the path/,
    ],
    ["zeros", () => writeFileSync(status, Buffer.alloc(100_000)), /status\.dat is incomplete\. Wait/],
    [
      "a folder",
      () => {
        unlinkSync(status);
        mkdirSync(status);
      },
      /status\.dat is not a file\. Give the path of the file itself/,
    ],
  ])("changes nothing where it is %s, and is taken again when it is whole", async (_, damage, error) => {
    write(SITE, T);
    await start();
    told.clear();
    damage();
    const health = await told.until((one) => isUnwell(one) && error.test(one.error ?? ""));
    expect(health).toMatchObject({ ok: false, asOf: T, hosts: 1, checks: 2 });
    expect(new Set(kinds())).toEqual(new Set(["health"]));
    told.clear();
    rmSync(status, { recursive: true, force: true });
    write([hostBlock("web"), serviceBlock("web", "HTTP", { current_state: 2 }), serviceBlock("web", "SSH")], T + 20);
    await told.until(isWell(T + 20));
    expect(told.states.map(({ full }) => full)).toEqual([false]);
    expect(toldNames(told.states[0])).toEqual(["HTTP"]);
  });

  it("is told from the start, and taken when it comes", async () => {
    await start();
    expect(kinds()).toEqual(["health"]);
    expect(told.all[0]).toMatchObject({ ok: false, asOf: 0, hosts: 0, checks: 0 });
    told.clear();
    write(SITE, T);
    await told.until(isWell(T));
    expect(told.states[0]?.full).toBe(true);
  });

  it("is well again where the same file comes back", async () => {
    write(SITE, T);
    await start();
    told.clear();
    renameSync(status, join(folder, "away"));
    await told.until(isUnwell);
    told.clear();
    renameSync(join(folder, "away"), status);
    await told.until(isWell(T));
    expect(kinds()).toEqual(["health"]);
  });

  it("is found when its folder is made later, though nothing tells of it", async () => {
    status = join(folder, "later/status.dat");
    await start({ updateInterval: 1 });
    expect(told.all[0]).toMatchObject({
      error: expect.stringContaining(`nor does the folder ${join(folder, "later")}`),
    });
    mkdirSync(join(folder, "later"));
    write(SITE, T);
    await told.until(isWell(T));
    told.clear();
    write(SITE, T + 10);
    await told.until(isWell(T + 10));
  });

  it("may be written in place: only the whole is taken", async () => {
    write(SITE, T);
    await start();
    told.clear();
    const next = statusFile([hostBlock("web", { current_state: 1 }), ...SITE.slice(1)], T + 10);
    const { ino } = statSync(status);
    for (const [from, to] of [
      [0, 500],
      [500, 900],
      [900, next.length],
    ]) {
      if (from === 0) {
        truncateSync(status);
      }
      appendFileSync(status, next.subarray(from, to));
      await told.until(to === next.length ? isWell(T + 10) : isUnwell);
    }
    expect(statSync(status).ino).toBe(ino);
    expect(told.states).toHaveLength(1);
    expect(toldNames(told.states[0])).toEqual(["web"]);
  });
});

describe("the object cache", () => {
  it("is read again when it changes, and the states are told anew with its commands", async () => {
    write(SITE, T);
    writeFileSync(objects, OBJECTS);
    await start();
    told.clear();
    writeFileSync(objects, OBJECTS.replace("8080", "9090").replace("Web server", "The web server"));
    await told.until((observation) => observation.kind === "states");
    expect(told.all[0]).toMatchObject({ kind: "objects", hosts: [{ host: "web", alias: "The web server" }] });
    expect(told.states[0]?.full).toBe(true);
    expect(told.states[0]?.statuses.find(({ check }) => check === "HTTP")?.command).toBe("check_tcp!9090");
  });

  it("does not bring the states again where its commands are the same", async () => {
    write(SITE, T);
    writeFileSync(objects, OBJECTS);
    await start();
    told.clear();
    writeFileSync(objects, OBJECTS.replace("Web server", "Another name"));
    await told.until((observation) => observation.kind === "objects");
    write(SITE, T + 10);
    await told.until(isWell(T + 10));
    expect(told.states).toEqual([]);
  });

  it("is kept while a half of it is there, and while it is missing", async () => {
    write(SITE, T);
    writeFileSync(objects, OBJECTS);
    await start();
    told.clear();
    writeFileSync(objects, OBJECTS.slice(0, 60));
    write([hostBlock("web", { current_state: 1 }), ...SITE.slice(1)], T + 10);
    await told.until(isWell(T + 10));
    rmSync(objects);
    write([hostBlock("web"), serviceBlock("web", "HTTP", { current_state: 1 }), serviceBlock("web", "SSH")], T + 20);
    await told.until(isWell(T + 20));
    expect(kinds().filter((kind) => kind === "objects")).toEqual([]);
    expect(told.states.map(({ full }) => full)).toEqual([false, false]);
    expect(told.states[1]?.statuses.find(({ check }) => check === "HTTP")?.command).toBe("check_tcp!8080");
    expect(told.all.filter(isUnwell)).toEqual([]);
    writeFileSync(objects, OBJECTS);
    await told.until((observation) => observation.kind === "objects");
  });
});

it("leaves nothing running when it is stopped while it starts", async () => {
  write([hostBlock("web")], T);
  const before = running();
  const early = createStatusFileSource({
    ...{ name: "mon", statusFile: status, objectsFile: objects },
    ...{ sink: told.sink, logger: SILENT, now: () => T },
  });
  const starting = early.start();
  await early.stop();
  await starting;
  await nothingMoreRuns(before);
  expect(told.all).toEqual([]);
});
