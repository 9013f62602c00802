/** What happens to status.dat, provoked with real files; nagios.log is in log-files.test.ts. */
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ScanWindow, type WindowScanner } from "../../nagios/scan-window.ts";
import { StatusReader } from "../../nagios/status-dat.ts";
import type { StatusRead } from "../../nagios/status-read.ts";
import type { Source } from "../../src/ingest/source.ts";
import { StatusFile } from "../../src/ingest/status-file.ts";
import { createStatusFileSource, WINDOW_BYTES } from "../../src/ingest/status-file-source.ts";
import { SILENT } from "../../src/logger.ts";
import { NOON } from "../support/builders.ts";
import { FollowedSite } from "../support/followed-site.ts";
import { hostBlock, serviceBlock, statusFile } from "../support/status-text.ts";
import { isUnwell, isWell } from "../support/told.ts";

const FIXTURES = new URL("../fixtures/status/", import.meta.url);
const NOBODY = 65_534;
const ME = process.geteuid?.();

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-fault-"));
  path = join(folder, "status.dat");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Replaces the status file as Nagios does. */
function write(blocks: readonly string[], created = NOON): void {
  writeFileSync(join(folder, "nagios.tmpX1y2Z3"), statusFile(blocks, created));
  renameSync(join(folder, "nagios.tmpX1y2Z3"), path);
}

const read = (bytes: Buffer | string): StatusRead => new StatusReader().read(Buffer.from(bytes));
const only = (blocks: readonly string[]) => read(statusFile(blocks)).statuses[0];

describe("a source that reads status.dat", () => {
  const BROKEN = [hostBlock("db"), serviceBlock("db", "MySQL", { current_state: 2, last_check: NOON - 5 })];
  const WELL = [hostBlock("db"), serviceBlock("db", "MySQL", { last_check: NOON - 5 })];
  let site: FollowedSite;
  let source: Source | undefined;

  beforeEach(() => {
    site = new FollowedSite();
  });

  afterEach(async () => {
    await source?.stop();
    source = undefined;
  });

  async function start(updateInterval = 1): Promise<void> {
    const options = { name: "mon", statusFile: path, objectsFile: null, updateInterval };
    source = createStatusFileSource({ ...options, sink: site.sink, logger: SILENT, now: () => Date.now() / 1000 });
    await source.start();
  }

  const problemAt = (now: number) => site.pictureAt(now).impacts.get("db::MySQL")?.problem;

  /** Damages the file, expects that nothing but the age of the picture changes, then that a whole file is taken. */
  async function damagedAndMended(damage: () => void, reason: string, error: RegExp): Promise<void> {
    write(BROKEN);
    await start();
    expect(problemAt(NOON + 1)).toMatchObject({ state: "CRITICAL", stale: false });
    site.told.clear();
    damage();
    expect((await site.told.until(isUnwell)).error).toMatch(error);
    expect(site.told.states).toEqual([]);
    expect(problemAt(NOON + 60)).toMatchObject({ state: "CRITICAL", stale: true });
    expect(site.pictureAt(NOON + 60).alarms.get("")).toMatchObject([{ kind: "source-stale", severity: "CRITICAL" }]);
    write(WELL, NOON + 61);
    await site.told.until(isWell(NOON + 61));
    expect(site.told.all.at(-1)).toMatchObject({ kind: "health", reasons: { [reason]: expect.any(Number) } });
    const mended = site.pictureAt(NOON + 62);
    expect([mended.impacts.get("db::MySQL"), mended.alarms.get("") ?? []]).toEqual([null, []]);
  }

  it("A01 what was told stays and turns stale, never OK; the source says what to do, looks again, and goes on by itself", async () => {
    const error = /status\.dat does not exist; Nagios removes it when it stops\. Start Nagios/;
    await damagedAndMended(() => unlinkSync(path), "ENOENT", error);
  });

  it("A02 the empty file is not taken for a site without hosts: what was told stays until a whole one comes", async () => {
    await damagedAndMended(() => truncateSync(path), "empty", /status\.dat is empty\. Wait for the next write/);
  });

  it("A05 each new file is read by its path, however often it was replaced", async () => {
    write(WELL);
    await start();
    for (const [turn, blocks] of [BROKEN, WELL, BROKEN].entries()) {
      write(blocks, NOON + turn + 1);
      await site.told.until(isWell(NOON + turn + 1));
    }
    expect(site.told.states.map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
      "OK",
      "CRITICAL",
      "OK",
      "CRITICAL",
    ]);
  });

  it("A11 the check is shown with its host, whose own state is unknown", async () => {
    write([serviceBlock("nowhere", "HTTP", { current_state: 2 })]);
    await start();
    const { serviceChecks, impacts } = site.pictureAt(NOON);
    expect(serviceChecks.get("nowhere")).toMatchObject([{ service: "HTTP", status: "CRITICAL" }]);
    expect(impacts.get("nowhere::HTTP")?.problem).toMatchObject({ host: "nowhere", state: "CRITICAL" });
  });

  it("A17 the error names path, user, owner, mode and the group to join; what was told stays", async () => {
    write(BROKEN);
    await start();
    site.told.clear();
    write(WELL, NOON + 1);
    chmodSync(folder, 0o755);
    chmodSync(path, 0o040);
    if (ME === 0) {
      chownSync(path, 0, 1);
      process.seteuid?.(NOBODY);
    }
    try {
      const { error } = await site.told.until(isUnwell);
      const group = ME === 0 ? "daemon" : "\\S+";
      expect(error).toMatch(
        new RegExp(`^${path} cannot be read by uid \\d+: ${path} belongs to uid \\d+, group ${group}, mode 0040\\. `),
      );
      expect(error).toMatch(/Add DOTM's user to the group|Let the group read it/);
      expect(site.told.states).toEqual([]);
    } finally {
      process.seteuid?.(ME ?? 0);
    }
    chmodSync(path, 0o644);
    await site.told.until(isWell(NOON + 1));
  });

  it("A26 it stays for one more file, then it is gone, and so is the impact of its problem", async () => {
    const other = [hostBlock("web"), serviceBlock("web", "HTTP")];
    write([...BROKEN, ...other]);
    await start();
    expect(problemAt(NOON)).toMatchObject({ state: "CRITICAL" });
    write(other, NOON + 1);
    await site.told.until(isWell(NOON + 1));
    expect(problemAt(NOON + 1)).toMatchObject({ state: "CRITICAL" });
    write(other, NOON + 2);
    await site.told.until(isWell(NOON + 2));
    const { impacts, serviceChecks } = site.pictureAt(NOON + 2);
    expect([impacts.get("db::MySQL"), serviceChecks.get("db")]).toEqual([null, null]);
    expect(serviceChecks.get("web")).toHaveLength(1);
  });
});

describe("a file that does not hold still", () => {
  /** A window that has something done to the file after each of the first `times` fillings. */
  class DisturbedWindow extends ScanWindow {
    fillings = 0;
    readonly #times: number;
    readonly #disturb: () => void;

    constructor(times: number, disturb: () => void, size = 100_000) {
      super(size);
      this.#times = times;
      this.#disturb = disturb;
    }

    override filled(count: number, scanner: WindowScanner): void {
      super.filled(count, scanner);
      this.fillings++;
      if (this.fillings <= this.#times) {
        this.#disturb();
      }
    }
  }

  it("A04 it is read again at once, up to three times", async () => {
    write([hostBlock("a")]);
    const window = new DisturbedWindow(2, () => appendFileSync(path, hostBlock(`more${window.fillings}`)));
    const look = await new StatusFile(path, window, {}).look();
    expect(look).toMatchObject({ kind: "read", read: { full: true, counts: { hosts: 3 } } });
    expect(window.fillings).toBe(3);
  });

  it("A04 where that goes on it is left for the next look, and nothing of it is taken", async () => {
    write([hostBlock("a")]);
    const window = new DisturbedWindow(3, () => appendFileSync(path, hostBlock(`more${window.fillings}`)));
    const file = new StatusFile(path, window, {});
    expect(await file.look()).toMatchObject({
      kind: "fault",
      fault: { reason: "cut", cause: `${path} is incomplete` },
    });
    expect(await file.look()).toMatchObject({ kind: "read", read: { full: true, counts: { hosts: 4 } } });
    expect(await file.look()).toEqual({ kind: "unchanged" });
  });

  it("A20 it is read to its end from the file that was opened", async () => {
    write(Array.from({ length: 500 }, (_, place) => hostBlock(`host${place}`)));
    const window = new DisturbedWindow(1, () => unlinkSync(path), 4096);
    const look = await new StatusFile(path, window, {}).look();
    expect(look).toMatchObject({ kind: "read", read: { counts: { hosts: 500 } } });
    expect(window.fillings).toBeGreaterThan(20);
  });

  it("A19 it is read in pieces, so that nobody waits for it, and a second reading tells only what changed", async ({
    annotate,
  }) => {
    const one = serviceBlock("host", "check");
    const named = (at: number) => one.replace("=host", `=host${at % 1000}`).replace("=check", `=check ${at}`);
    const bytes = statusFile(
      Array.from({ length: 100_000 }, (_, at) => named(at)),
      NOON,
    );
    writeFileSync(path, bytes);
    const file = new StatusFile(path, new ScanWindow(WINDOW_BYTES), {});
    const lag = monitorEventLoopDelay({ resolution: 5 });
    lag.enable();
    const begun = performance.now();
    expect(await file.look()).toMatchObject({ kind: "read", read: { counts: { checks: 100_000 } } });
    const seconds = (performance.now() - begun) / 1000;
    lag.disable();
    bytes.write(`created=${NOON + 10}`, bytes.indexOf("created="));
    bytes.write("current_state=2", bytes.indexOf("current_state=", bytes.indexOf("=check 77777\n")));
    writeFileSync(path, bytes);
    const again = await file.look();
    expect(again).toMatchObject({ kind: "read", read: { statuses: [{ check: "check 77777", state: "CRITICAL" }] } });
    const [p99, longest] = [lag.percentile(99), lag.max].map((nanoseconds) => nanoseconds / 1e6);
    const megabytes = Math.round(bytes.length / 1e6);
    const waits = `event loop late by ${p99?.toFixed(0)} ms (p99), ${longest?.toFixed(0)} ms at most`;
    await annotate(`100,000 checks, ${megabytes} MB in ${seconds.toFixed(1)} s; ${waits}`, "figure");
    expect(p99).toBeLessThan(500);
  });
});

describe("values", () => {
  it("A07 each becomes U+FFFD, and reading goes on behind it", () => {
    const output = "a\0b\u{1b}[31mc\td\u{85}";
    const { statuses } = read(statusFile([hostBlock("h", { plugin_output: output }), hostBlock("next")]));
    expect(statuses[0]?.output).toBe("a\u{fffd}b\u{fffd}[31mc\td\u{fffd}");
    expect(statuses[1]?.host).toBe("next");
  });

  it("A08 each value that is no UTF-8 is read as Latin-1, the others as what they are", () => {
    const text = readFileSync(new URL("written-nagios4-status.dat", FIXTURES), "utf8");
    const utf8 = read(text).statuses;
    const latin1 = read(Buffer.from(text, "latin1")).statuses;
    const inLatin1 = (status: object) =>
      Buffer.from(JSON.stringify(status), "latin1").toString("latin1") === JSON.stringify(status);
    expect(utf8.some((status) => /[äöüß]/.test(JSON.stringify(status)))).toBe(true);
    expect(latin1.filter(inLatin1)).toEqual(utf8.filter(inLatin1));
    const valid = (text: string) => Buffer.from(text).toString() === text;
    expect(latin1.every((status) => valid(JSON.stringify(status)))).toBe(true);
  });

  it("A10 hosts and checks are found among them, whatever stands first", () => {
    const unknown = "futurestatus {\n\thost_name=not a host\n\t}\n";
    const blocks = [serviceBlock("h", "s"), unknown, hostBlock("h"), "# comment\n\n", serviceBlock("h", "t")];
    expect(read(statusFile(blocks)).statuses.map(({ host, check }) => [host, check])).toEqual([
      ["h", "s"],
      ["h", null],
      ["h", "t"],
    ]);
  });

  it("A13 it counts as UNKNOWN, a host as UNREACHABLE, and each is counted", () => {
    const blocks = ["9", "-1", "abc", ""].map((code, place) => serviceBlock("h", `s${place}`, { current_state: code }));
    const { statuses, warnings } = read(statusFile([...blocks, hostBlock("h", { current_state: 7 })]));
    const unknown = "UNKNOWN";
    expect(statuses.map(({ state }) => state)).toEqual([unknown, unknown, unknown, unknown, "UNREACHABLE"]);
    expect(warnings).toEqual([{ reason: "current_state out of range", count: 5, example: "h / s0" }]);
  });

  it("A14 it is PENDING, whatever state the file says", () => {
    expect(only([hostBlock("h", { has_been_checked: 0 })])?.state).toBe("PENDING");
    expect(only([serviceBlock("h", "s", { has_been_checked: 0, current_state: 2 })])?.state).toBe("PENDING");
  });

  it("A16 it counts as checked when the file was written; more than a minute ahead is counted", () => {
    const blocks = [hostBlock("a", { last_check: 1_795_000_030 }), hostBlock("b", { last_check: 1_795_009_999 })];
    const { statuses, warnings } = read(statusFile(blocks));
    expect(statuses.map(({ lastCheck }) => lastCheck)).toEqual([1_795_000_000, 1_795_000_000]);
    expect(warnings).toEqual([{ reason: "last_check after the file was written", count: 1, example: "b" }]);
  });
});
