import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSource } from "../../src/ingest/create-source.ts";
import { EventPipe } from "../../src/ingest/event-pipe.ts";
import { sendEvent } from "../../src/ingest/send-event.ts";
import type { Source } from "../../src/ingest/source.ts";
import type { Logger } from "../../src/logger.ts";
import { SILENT } from "../../src/logger.ts";
import { hostBlock, serviceBlock, statusFile } from "../support/status-text.ts";
import { Told } from "../support/told.ts";

const T = 1_795_000_000;

let folder: string;
let pipe: string;
let told: Told;
let source: Source | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-event-pipe-"));
  pipe = join(folder, "events.fifo");
  told = new Told();
  writeFileSync(join(folder, "status.dat"), statusFile([hostBlock("web"), serviceBlock("web", "HTTP")], T));
});

afterEach(async () => {
  await source?.stop();
  source = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function start(logger: Logger = SILENT): Promise<void> {
  const paths = { statusFile: join(folder, "status.dat"), objectsFile: join(folder, "none"), logFile: null };
  const config = {
    name: "mon",
    site: null,
    type: "status-file",
    eventPipe: pipe,
    updateInterval: 10,
    intervalLength: 60,
    ...paths,
  } as const;
  source = createSource(config, { sink: told.sink, logger, now: () => T + 100 });
  await source.start();
  told.clear();
}

function send(state: string, attempt = 1, check = "HTTP"): void {
  const stateType = attempt < 3 ? "SOFT" : "HARD";
  sendEvent(pipe, { time: `${T + attempt}`, host: "web", check, state, stateType, attempt: `${attempt}` });
}

const isStates = ({ kind }: { kind: string }) => kind === "states";

describe("the event pipe", () => {
  it("is made by the daemon for its group alone, and tells a change at once", async () => {
    await start();
    expect(statSync(pipe).mode & 0o777).toBe(0o660);
    send("CRITICAL");
    await told.until(isStates);
    const [status] = told.states.at(-1)?.statuses ?? [];
    expect(status).toMatchObject({ host: "web", check: "HTTP", state: "CRITICAL", stateType: "SOFT", attempt: 1 });
  });

  it("takes what a shell writes as the documentation says, many lines at once, and skips nonsense", async () => {
    await start();
    const line = (host: string, check: string) => `${T + 3}\\t${host}\\t${check}\\tCRITICAL\\tHARD\\t3\\n`;
    const text = `nonsense\\n${line("nobody", "HTTP")}${line("web", "HTTP")}`;
    execFileSync("sh", [
      "-c",
      `printf "${text}" | dd of="$1" oflag=nonblock conv=nocreat,notrunc status=none`,
      "sh",
      pipe,
    ]);
    await told.until(isStates);
    expect(told.states.at(-1)?.statuses).toMatchObject([{ check: "HTTP", state: "CRITICAL", stateType: "HARD" }]);
  });

  it("fails at once where nobody reads, where there is no pipe, and where something else stands in its place", async () => {
    expect(() => send("CRITICAL")).toThrow(expect.objectContaining({ code: "DOTM_FAILED" }));
    expect(existsSync(pipe)).toBe(false);
    execFileSync("mkfifo", [pipe]);
    expect(() => send("CRITICAL")).toThrow(expect.objectContaining({ next: "Nobody reads it: start dotm serve." }));
    rmSync(pipe);
    writeFileSync(pipe, "precious");
    expect(() => send("CRITICAL")).toThrow(/not a named pipe/);
    expect(statSync(pipe).size).toBe(8);
    expect(() => send("$SERVICESTATE$")).toThrow(expect.objectContaining({ code: "DOTM_USAGE" }));
  });

  it.each([
    ["a file", (path: string) => writeFileSync(path, "precious")],
    ["a link", (path: string) => symlinkSync("/dev/null", path)],
  ])("is not read where %s stands in its place; the source goes on without it", async (_, put) => {
    put(pipe);
    const warned: object[] = [];
    await start({ ...SILENT, warn: (fields: object) => void warned.push(fields) } as Logger);
    expect(warned).toContainEqual(expect.objectContaining({ next: expect.stringContaining("mkfifo") }));
  });

  it("lets writers come and go, and is read again after a restart", async () => {
    await start();
    for (const attempt of [1, 2, 3]) {
      told.clear();
      send("CRITICAL", attempt);
      await told.until(isStates);
      expect(told.states.at(-1)?.statuses).toMatchObject([{ attempt }]);
    }
    await source?.stop();
    expect(() => send("OK", 4)).toThrow(expect.objectContaining({ code: "DOTM_FAILED" }));
    await start();
    send("WARNING", 4);
    await told.until(isStates);
    expect(told.states.at(-1)?.statuses).toMatchObject([{ state: "WARNING" }]);
  });
});

it("says nothing when it is stopped while it starts", async () => {
  const warned: string[] = [];
  const logger = { ...SILENT, warn: (_: object, message: string) => warned.push(message) };
  const path = join(folder, "status.dat");
  const early = new EventPipe({ name: "mon", path, onLines: () => undefined, logger, now: () => T });
  const starting = early.start();
  early.stop();
  await starting;
  expect(warned).toEqual([]);
});
