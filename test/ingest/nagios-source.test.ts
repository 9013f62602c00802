import { appendFileSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSource } from "../../src/ingest/create-source.ts";
import { createNagiosSource } from "../../src/ingest/nagios-source.ts";
import type { Source } from "../../src/ingest/source.ts";
import { SILENT } from "../../src/logger.ts";
import type { SourceObservation, StatesObserved } from "../../src/model/monitoring.ts";
import { nothingMoreRuns, running } from "../support/left-running.ts";
import { hostBlock, serviceBlock, statusFile } from "../support/status-text.ts";
import { isWell, Told } from "../support/told.ts";

const T = 1_795_000_000;

let folder: string;
let log: string;
let told: Told;
let source: Source;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-nagios-source-"));
  log = join(folder, "nagios.log");
  told = new Told();
  const paths = { statusFile: join(folder, "status.dat"), objectsFile: join(folder, "objects.cache"), logFile: log };
  const deps = { sink: told.sink, logger: SILENT, now: () => T + 100 };
  source = createSource(
    { name: "mon", site: null, type: "status-file", eventPipe: null, updateInterval: 10, intervalLength: 60, ...paths },
    deps,
  );
});

afterEach(async () => {
  await source.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Replaces the status file as Nagios does: the service is as `fields` say. */
function write(created: number, fields: Record<string, string | number>): void {
  const blocks = [hostBlock("web", { current_state: 0 }), serviceBlock("web", "HTTP", fields)];
  writeFileSync(join(folder, "nagios.tmpX1"), statusFile(blocks, created));
  renameSync(join(folder, "nagios.tmpX1"), join(folder, "status.dat"));
}

const CRITICAL = { current_state: 2, current_attempt: 3, plugin_output: "broken" };

function alert(time: number, state: string, output: string): string {
  return `[${time}] SERVICE ALERT: web;HTTP;${state};HARD;3;${output}\n`;
}

/** The state of the service in each observation that tells it. */
function serviceStates(): string[] {
  const statuses = told.states.flatMap((observed) => observed.statuses);
  return statuses.filter(({ check }) => check === "HTTP").map(({ state }) => state);
}

/** Accepts states that hold this output. */
function withOutput(output: string): (observation: SourceObservation) => observation is StatesObserved {
  return (observation): observation is StatesObserved =>
    observation.kind === "states" && observation.statuses.some((status) => status.output === output);
}

describe("a Nagios with a log", () => {
  it("tells at the start what the log holds that is newer than the status file", async () => {
    write(T, {});
    writeFileSync(log, alert(T - 100, "WARNING", "long ago") + alert(T + 1, "CRITICAL", "broken"));
    await source.start();
    expect(serviceStates()).toEqual(["OK", "CRITICAL"]);
  });

  it("tells an alert at once, and never the older state again", async () => {
    writeFileSync(log, "");
    write(T, {});
    await source.start();
    appendFileSync(log, alert(T + 7, "CRITICAL", "broken"));
    const early = await told.until(withOutput("broken"));
    expect(early).toMatchObject({ source: "mon", full: false, asOf: T + 7, gone: [] });
    expect(early.statuses).toMatchObject([{ host: "web", check: "HTTP", state: "CRITICAL", lastChange: T + 7 }]);
    write(T + 5, { plugin_output: "fine, still" });
    await told.until(isWell(T + 5));
    write(T + 10, CRITICAL);
    await told.until(isWell(T + 10));
    expect(serviceStates()).toEqual(["OK", "CRITICAL", "CRITICAL", "CRITICAL"]);
  });

  it("believes the newer file where it says other than the log did", async () => {
    writeFileSync(log, "");
    write(T, {});
    await source.start();
    appendFileSync(log, alert(T + 7, "CRITICAL", "broken"));
    await told.until(withOutput("broken"));
    told.clear();
    write(T + 10, {});
    await told.until(isWell(T + 10));
    expect(serviceStates()).toEqual(["OK"]);
  });

  it("tells a downtime and an acknowledgement of the problem", async () => {
    writeFileSync(log, "");
    write(T, CRITICAL);
    await source.start();
    told.clear();
    appendFileSync(log, `[${T + 1}] EXTERNAL COMMAND: ACKNOWLEDGE_SVC_PROBLEM;web;HTTP;2;1;1;ops;seen; ticket #1\n`);
    await told.until(({ kind }) => kind === "states");
    expect(told.states.at(-1)?.statuses).toMatchObject([{ acknowledgement: "sticky", downtimeDepth: 0 }]);
    told.clear();
    appendFileSync(log, `[${T + 2}] HOST DOWNTIME ALERT: web;STARTED; Host has entered a period of downtime\n`);
    await told.until(({ kind }) => kind === "states");
    expect(told.states.at(-1)?.statuses).toMatchObject([{ host: "web", check: null, downtimeDepth: 1 }]);
  });

  it("tells what the status file says where there is no log", async () => {
    write(T, {});
    await source.start();
    expect(serviceStates()).toEqual(["OK"]);
    expect(told.all.at(-1)).toMatchObject({ kind: "health", ok: true, error: null });
    write(T + 10, CRITICAL);
    await told.until(withOutput("broken"));
  });

  it("is found through nagios.cfg", async () => {
    write(T, {});
    writeFileSync(log, alert(T + 1, "CRITICAL", "broken"));
    const config = join(folder, "nagios.cfg");
    writeFileSync(config, "status_file=status.dat\nlog_file=nagios.log\n");
    source = createSource(
      { name: "mon", site: null, type: "nagios", config, eventPipe: null },
      { sink: told.sink, logger: SILENT, now: () => T + 100 },
    );
    await source.start();
    expect(serviceStates()).toEqual(["OK", "CRITICAL"]);
  });
});

it("leaves nothing running when it is stopped while it starts, and does not make its pipe", async () => {
  write(T, CRITICAL);
  writeFileSync(log, alert(T + 1, "OK", "fine"));
  const eventPipe = join(folder, "events.fifo");
  const before = running();
  const early = createNagiosSource({
    ...{ name: "mon", statusFile: join(folder, "status.dat"), logFile: log, eventPipe },
    ...{ sink: told.sink, logger: SILENT, now: () => T + 100 },
  });
  const starting = early.start();
  await early.stop();
  await starting;
  await nothingMoreRuns(before);
  expect([told.all, existsSync(eventPipe)]).toEqual([[], false]);
});
