/** What may go wrong where DOTM writes results back: a pipe that is a file, texts that are commands, a loop. */
import { execFileSync } from "node:child_process";
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { commandLine, type PassiveResult } from "../../nagios/passive-result.ts";
import { Engine } from "../../src/compute.ts";
import { SILENT } from "../../src/logger.ts";
import { commandPipe } from "../../src/notify/command-pipe.ts";
import { Delivery } from "../../src/notify/delivery.ts";
import { icinga2Target } from "../../src/notify/icinga2-target.ts";
import { main } from "../../src/plugin/main.ts";
import { nagiosPassiveServices } from "../../src/render/passive-services.ts";
import { accepted, health, listener, NOON, out, report, rules, states, status } from "../support/builders.ts";
import { eventually } from "../support/process.ts";

const RESULT: PassiveResult = {
  ...{ host: "web01", check: "DOTM impact", state: 2, output: "DOTM CRITICAL - hit", details: [], figures: [], at: 5 },
};
const SIGNAL = AbortSignal.timeout(60_000);
const makePipe = (file: string) => execFileSync("mkfifo", [file]);

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-fault-"));
  file = join(folder, "nagios.cmd");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Why nothing can be sent, and what to do. */
async function refusal(): Promise<string> {
  const error = await commandPipe("n", file)
    .send([RESULT], SIGNAL)
    .catch((reason: unknown) => reason as Error & { next: string });
  return error instanceof Error ? `${error.message} ${error.next}` : "sent";
}

/** Sends three results for two checks, expects them to wait, then makes somebody read; the lines that come. */
async function keptUntilRead(makeRead: () => number): Promise<string[]> {
  const times = { now: () => 100, pauses: [5], patience: 1_000 };
  const target = commandPipe("n", file);
  const way = new Delivery({ target, room: 10, keepFor: 300, maySend: () => true, logger: SILENT, ...times });
  for (const [key, output] of [
    ["a", "old"],
    ["b", "other"],
    ["a", "new"],
  ] as const) {
    way.put({ key, content: { ...RESULT, check: key, output }, at: 100 });
  }
  await eventually("a failure", async () => way.state.failures > 1 || undefined, 20_000, 5);
  expect(way.state).toMatchObject({ sent: 0, waiting: 2, dropped: 0 });
  const reader = makeRead();
  await eventually("all is sent", async () => way.state.waiting === 0 || undefined, 20_000, 5);
  const bytes = Buffer.alloc(4_096);
  const text = bytes.toString("utf8", 0, readSync(reader, bytes));
  closeSync(reader);
  return text.trim().split("\n");
}

const LATEST = ["[5] PROCESS_SERVICE_CHECK_RESULT;web01;b;2;other", "[5] PROCESS_SERVICE_CHECK_RESULT;web01;a;2;new"];

it("I01 the target says that nobody reads it, of each check the newest result is kept, and sent once Nagios is there", async () => {
  expect(await refusal()).toBe(`Nobody reads ${file} (ENOENT). Start Nagios, with check_external_commands=1.`);
  const lines = await keptUntilRead(() => {
    makePipe(file);
    return openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
  });
  expect(lines).toEqual(LATEST);
});

it("I02 nobody waits for a reader: the same is said and kept at once", async ({ annotate }) => {
  makePipe(file);
  const begun = performance.now();
  expect(await refusal()).toBe(`Nobody reads ${file} (ENXIO). Start Nagios, with check_external_commands=1.`);
  await annotate(`told after ${(performance.now() - begun).toFixed(0)} ms`, "figure");
  expect(await keptUntilRead(() => openSync(file, constants.O_RDWR | constants.O_NONBLOCK))).toEqual(LATEST);
});

it("I04 it is refused by name, not a byte is written, and none is ever made", async () => {
  writeFileSync(file, "");
  expect(await refusal()).toBe(`${file} is no pipe. Name the command_file of nagios.cfg.`);
  expect(readFileSync(file, "utf8")).toBe("");
  rmSync(file);
  await refusal();
  expect(() => readFileSync(file)).toThrow("ENOENT");
});

it("I05 it is not followed, even where it leads to a pipe that is read", async () => {
  const pipe = join(folder, "elsewhere");
  makePipe(pipe);
  const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  symlinkSync(pipe, file);
  expect(await refusal()).toBe(`${file} is a symbolic link. Name the pipe that it leads to.`);
  expect(() => readSync(reader, Buffer.alloc(10))).toThrow("EAGAIN");
  closeSync(reader);
});

it("I07 it becomes a blank; lines of ours are told apart by an escape, so that one result is one command", () => {
  const hostile = "up\n[1] SHUTDOWN_PROGRAM\n\r[2] DISABLE_NOTIFICATIONS\0x";
  const line = commandLine({ ...RESULT, output: hostile, details: [hostile, "C:\\new"] })?.toString() ?? "";
  expect(line.split("\n")).toHaveLength(2);
  expect(line).toBe(
    "[5] PROCESS_SERVICE_CHECK_RESULT;web01;DOTM impact;2;up [1] SHUTDOWN_PROGRAM [2] DISABLE_NOTIFICATIONS x" +
      "\\nup [1] SHUTDOWN_PROGRAM [2] DISABLE_NOTIFICATIONS x\\nC:\\\\new\n",
  );
});

it("I08 a result for such a name is refused and counted, an output stays one field", async () => {
  for (const name of ["a;b", "a\nb", "\u0000"]) {
    expect(commandLine({ ...RESULT, host: name })).toBeUndefined();
    expect(commandLine({ ...RESULT, check: name })).toBeUndefined();
  }
  expect(commandLine({ ...RESULT, output: "a;b" })?.toString()).toMatch(/;2;a;b\n$/);
  makePipe(file);
  const reader = openSync(file, constants.O_RDWR | constants.O_NONBLOCK);
  expect(await commandPipe("n", file).send([{ ...RESULT, host: "a;b" }, RESULT], SIGNAL)).toEqual({
    refused: 1,
    reason: "a name cannot stand in an external command",
  });
  closeSync(reader);
});

it("I10 nothing is written where no source tells of the check; Icinga's 404 is named, and the objects to add are offered", async () => {
  const engine = new Engine(rules());
  engine.observe(states([status("web01", null), status("web01", "HTTP", { state: "CRITICAL" })]));
  engine.settle(NOON);
  expect([...engine.ownChecks]).toEqual([]);
  const server = createServer((_, answer) => answer.writeHead(404).end('{"error":404}')).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sent = await icinga2Target({ name: "i", url, user: null, password: null, caFile: null, ttl: 300 }).send(
    [RESULT],
    SIGNAL,
  );
  server.close();
  expect(sent).toMatchObject({
    refused: 1,
    reason: expect.stringContaining("has no web01!DOTM impact, or the user lacks the permission"),
  });
  const snippet = nagiosPassiveServices({ hosts: ["web01"], ttl: 300 });
  expect(snippet).toMatch(/host_name\s+web01\n[\s\S]*service_description\s+DOTM impact\n|DOTM impact[\s\S]*web01/);
});

it("I13 it is no word of others: neither a problem nor a cause, only a place to write to", () => {
  const shop = () => {
    const engine = new Engine(rules());
    engine.report(
      report("db01", "10.0.0.21", {
        listeners: [listener("mysqld", 3306)],
        connections: [accepted("mysqld", 3306, "10.0.0.11")],
      }),
    );
    engine.report(
      report("web01", "10.0.0.11", {
        listeners: [listener("nginx", 80)],
        connections: [out("nginx", "10.0.0.21", 3306)],
      }),
    );
    engine.observe(health());
    return engine;
  };
  const trouble = [status("web01", null), status("db01", null), status("db01", "MySQL", { state: "CRITICAL" })];
  const own = [
    status("web01", "DOTM impact", { state: "CRITICAL" }),
    status("web01", "DOTM alarms", { state: "UNKNOWN" }),
    status("db01", "Trouble of others", { state: "CRITICAL", command: "check_dotm_host" }),
    status("db01", "Nested", { state: "CRITICAL", command: "/usr/lib/nagios/plugins/check_dotm -H db01" }),
  ];
  const [without, engine] = [shop(), shop()];
  without.observe(states(trouble));
  engine.observe(states([...trouble, ...own]));
  const [before, after] = [without.everything(NOON), engine.everything(NOON)];
  expect([...after.impacts.keys()]).toEqual(["db01::MySQL"]);
  expect([after.impacts, after.serviceChecks, after.alarms]).toEqual([
    before.impacts,
    before.serviceChecks,
    before.alarms,
  ]);
  expect([...engine.ownChecks]).toEqual([
    { host: "web01", check: "DOTM impact", shownAs: "web01" },
    { host: "web01", check: "DOTM alarms", shownAs: "web01" },
  ]);
  engine.observe({ ...states([]), full: false, gone: [{ host: "web01", check: "DOTM impact" }] });
  expect([...engine.ownChecks].map(({ check }) => check)).toEqual(["DOTM alarms"]);
  engine.forgetSource("nagios");
  expect([...engine.ownChecks]).toEqual([]);
});

it("I14 it says UNKNOWN on one line, with the reason, after 5 s unless told otherwise", async ({ annotate }) => {
  const hung = createServer(() => undefined);
  await new Promise<void>((listening) => hung.listen(0, "127.0.0.1", listening));
  const url = `http://127.0.0.1:${(hung.address() as AddressInfo).port}/`;
  const begun = performance.now();
  expect(await main(["-U", url, "-t", "0.2"], "1")).toEqual({
    code: 3,
    text: "DOTM UNKNOWN - no answer within 0.2 s\n",
  });
  const milliseconds = performance.now() - begun;
  hung.closeAllConnections();
  await new Promise((closed) => hung.close(closed));
  const gone = await main(["-U", url], "1");
  expect(gone).toEqual({
    code: 3,
    text: expect.stringMatching(/^DOTM UNKNOWN - no answer from http:\S+: ECONNREFUSED\n$/),
  });
  expect((await main(["-h"], "1")).text).toMatch(/UNKNOWN after so long; 5 where absent/);
  await annotate(`${milliseconds.toFixed(0)} ms where 200 were given`, "figure");
  expect(milliseconds).toBeLessThan(2_000);
});
