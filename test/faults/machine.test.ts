/** What the machine does to a process: it kills it, stops it for a while, changes its clock, ends its threads, has no names. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterEach, beforeEach, expect, it } from "vitest";
import { unitText } from "../../agent/unit.ts";
import { Wheel } from "../../src/daemon/wheel.ts";
import { HostPoller } from "../../src/ingest/host-poller.ts";
import { ReportJournal } from "../../src/ingest/report-journal.ts";
import { SILENT } from "../../src/logger.ts";
import { emptyChanges } from "../../src/model/changes.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import { selectOverview } from "../../src/render/select-picture.ts";
import { isSnapshotDue } from "../../src/store/history-due.ts";
import { LayoutDesk } from "../../src/web/layout-desk.ts";
import { shop } from "../support/picture.ts";
import { eventually } from "../support/process.ts";
import { depsOf, serveApp, storedShop } from "../support/web.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-fault-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Appends numbered records, many at once, and tells each one that was acknowledged. */
const WRITER = `
import { ReportJournal } from "./src/ingest/report-journal.ts";
const [folder, first] = [process.argv[2], Number(process.argv[3])];
const quiet = () => undefined;
const journal = new ReportJournal({ folder, segmentBytes: 20_000, log: { debug: quiet, info: quiet, warn: quiet, error: quiet } });
await journal.start();
let next = first;
async function write() {
  for (;;) {
    const number = next++;
    await journal.append(Buffer.from(String(number).padEnd(200, ".")));
    process.stdout.write(number + "\\n");
  }
}
await Promise.all(Array.from({ length: 20 }, write));
`;

/** Runs the writer until it has told so many, kills it, and gives all that it told. */
async function writeAndKill(program: string, journal: string, first: number, count: number): Promise<number[]> {
  const child = spawn(process.execPath, [program, journal, `${first}`], { stdio: ["ignore", "pipe", "inherit"] });
  const told: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    told.push(Number(line));
    if (told.length === count) {
      child.kill("SIGKILL");
    }
  }
  return told;
}

it("H02 a torn end of the journal is cut off; everything that was acknowledged is in it", async ({ annotate }) => {
  const program = join(folder, "writer.mjs");
  const stdin = { contents: WRITER, resolveDir: process.cwd(), loader: "ts" } as const;
  const how = { bundle: true, platform: "node", format: "esm", logLevel: "warning" } as const;
  await build({ stdin, outfile: program, external: ["pino"], ...how });
  const acknowledged: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    acknowledged.push(...(await writeAndKill(program, join(folder, "journal"), round * 1_000_000, 300 + round * 97)));
  }
  const journal = new ReportJournal({ folder: join(folder, "journal"), log: SILENT });
  await journal.start();
  const found = new Set<number>();
  for await (const { payload } of journal.replay()) {
    found.add(Number.parseInt(payload.toString(), 10));
  }
  await journal.stop();
  const lost = acknowledged.filter((number) => !found.has(number));
  await annotate(`${lost.length} of ${acknowledged.length} acknowledged lost in 6 kills`, "figure");
  expect(acknowledged.length).toBeGreaterThan(2_000);
  expect(lost).toEqual([]);
});

it("H26 what went into a file that is gone is not acknowledged; sent again it is kept in a new one", async () => {
  const place = join(folder, "journal");
  const journal = new ReportJournal({ folder: place, log: SILENT });
  await journal.start();
  await journal.append(Buffer.from("one"));
  for (const name of readdirSync(place)) {
    rmSync(join(place, name));
  }
  await expect(journal.append(Buffer.from("two"))).rejects.toMatchObject({ status: 503 });
  await journal.append(Buffer.from("two"));
  await journal.stop();
  const again = new ReportJournal({ folder: place, log: SILENT });
  await again.start();
  const found: string[] = [];
  for await (const { payload } of again.replay()) {
    found.push(payload.toString());
  }
  await again.stop();
  expect(found).toEqual(["two"]);
});

it("H10 nothing happens twice or is left out: all times are Unix seconds, and pages say the same in every zone", async () => {
  const zone = process.env["TZ"];
  /** The hours in which Berlin's clocks are put forward, and back. */
  const changes = [Date.UTC(2027, 2, 28, 1) / 1000, Date.UTC(2026, 9, 25, 1) / 1000];
  const pages: string[] = [];
  try {
    for (const name of ["Europe/Berlin", "UTC"]) {
      process.env["TZ"] = name;
      for (const at of changes) {
        const clock = { newest: at - 1_800, interval: 3_600, rewritten: false };
        const due = [at + 1_799, at + 1_800].map((now) => isSnapshotDue({ ...clock, now }));
        expect([name, due]).toEqual([name, [false, true]]);
      }
      for (const at of changes) {
        const app = await serveApp(depsOf(storedShop(), { now: () => at + 1 }));
        pages.push(await (await fetch(`${app.url}/graph?host=db01&srv=MySQL`)).text());
        await app.close();
      }
    }
  } finally {
    if (zone === undefined) {
      delete process.env["TZ"];
    } else {
      process.env["TZ"] = zone;
    }
  }
  expect(pages.slice(0, 2)).toEqual(pages.slice(2));
});

it("H11 one turn when it wakes, not all those it missed", async () => {
  const turns: number[] = [];
  let turned: () => void = () => undefined;
  const wheel = new Wheel({
    engine: { settle: (now) => emptyChanges(now), unsettled: false, renew: () => undefined, isNew: false },
    publish: () => {
      turns.push(performance.now());
      turned();
    },
    ...{ now: () => Date.now() / 1000, logger: SILENT, every: 100 },
  });
  const next = () =>
    new Promise<void>((resolve) => {
      turned = resolve;
    });
  const first = next();
  wheel.start();
  await first;
  // Everything stands still, as when the machine sleeps.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
  const woken = performance.now();
  await next();
  await next();
  wheel.stop();
  const [catchUp = 0, after = 0] = turns.filter((at) => at >= woken);
  expect(after - catchUp).toBeGreaterThan(60);
});

it("H16 the picture is shown in a simpler layout, and the next one is laid out by a new thread", async () => {
  const doomed = join(folder, "doomed");
  writeFileSync(doomed, "");
  const program = join(folder, "thread.mjs");
  writeFileSync(
    program,
    `import { existsSync } from "node:fs";
     import { parentPort } from "node:worker_threads";
     parentPort.on("message", ({ id }) => {
       if (existsSync(${JSON.stringify(doomed)})) process.exit(3);
       parentPort.postMessage({ id, positions: { width: 77, height: 0, boxes: new Map(), rows: new Map(), edges: [] } });
     });`,
  );
  const desk = new LayoutDesk({ program: pathToFileURL(program), limit: 20_000 });
  const picture = selectOverview(shop().graphs);
  const without = await desk.place(picture);
  expect(without.picture.notes.at(-1)).toMatch(/simpler one is shown/);
  expect(without.positions.boxes.size).toBe(picture.boxes.length);
  rmSync(doomed);
  expect((await desk.place(picture)).positions.width).toBe(77);
});

it("H16 our own Redis is no child of a thread, with which it would be killed", () => {
  for (const program of ["src/web/layout-worker.ts", "src/ingest/password-worker.ts", "src/store/embedded/worker.js"]) {
    expect(existsSync(program)).toBe(true);
    expect(readFileSync(program, "utf8")).not.toMatch(/child_process|managed-redis|provision/);
  }
});

it("H20 at most 8 at once unless the settings say otherwise; each has its turn, and it is told how far it is", async () => {
  let running = 0;
  let most = 0;
  const asked = new Set<string>();
  const hosts = Array.from({ length: 1_000 }, (_, at) => ({
    host: `h${at}`,
    ask: async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      asked.add(`h${at}`);
    },
  }));
  const { interval, parallel } = DEFAULT_SETTINGS.fetchParameters;
  const polling = new HostPoller({
    ...{ hosts, parameters: () => ({ interval, parallel }), failed: () => undefined },
    ...{ log: SILENT, now: () => Date.now() / 1000 },
  });
  expect(polling.progress).toMatchObject({ hosts: 1_000, asked: 0 });
  polling.start();
  await eventually("all are asked", async () => (polling.progress.asked === 1_000 ? true : undefined), 30_000, 10);
  await polling.stop();
  expect([most, asked.size]).toEqual([8, 1_000]);
});

it("H23 none of ours does: MemoryDenyWriteExecute is not set, all else that is fenced off stays so", () => {
  const command = ["/usr/bin/dotm-agent"];
  const agent = ([0, 1, 2] as const).map((level) => unitText({ level, command, tokenFile: "/t", keyFile: undefined }));
  for (const unit of [readFileSync("packaging/dotm.service", "utf8"), ...agent]) {
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute *=/m);
    expect(unit).toMatch(/^NoNewPrivileges=yes/m);
    expect(unit).toMatch(/^SystemCallFilter=/m);
  }
});
