import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ScanWindow } from "../../nagios/scan-window.ts";
import { StatusReader } from "../../nagios/status-dat.ts";
import type { StatusRead } from "../../nagios/status-read.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";
import { readBlocksSlowly, readStatusSlowly } from "../support/slow-status.ts";
import { hostBlock, serviceBlock, statusFile } from "../support/status-text.ts";

const FIXTURES = new URL("../fixtures/status/", import.meta.url);
const fixture = (name: string): Buffer => readFileSync(new URL(name, FIXTURES));
const read = (bytes: Buffer | string): StatusRead => new StatusReader().read(Buffer.from(bytes));

function find(result: StatusRead, host: string, check: string | null): CheckStatus {
  const status = result.statuses.find((one) => one.host === host && one.check === check);
  if (status === undefined) {
    throw new Error(`${host} / ${check} is not in the result`);
  }
  return status;
}

function names(result: StatusRead): string[] {
  return result.statuses.map(({ host, check }) => (check === null ? host : `${host}/${check}`));
}

/** Counts in the shape of the `*.expected.json` files. */
function countsOf(result: StatusRead) {
  const hosts = result.statuses.filter((status) => status.check === null);
  const services = result.statuses.filter((status) => status.check !== null);
  const inState = (list: readonly CheckStatus[], state: string) => list.filter((one) => one.state === state).length;
  const both = (is: (status: CheckStatus) => boolean) => ({
    hosts: hosts.filter(is).length,
    services: services.filter(is).length,
  });
  return {
    hosts: hosts.length,
    services: services.length,
    hosts_by_state: {
      up: inState(hosts, "UP"),
      down: inState(hosts, "DOWN"),
      unreachable: inState(hosts, "UNREACHABLE"),
      pending: inState(hosts, "PENDING"),
    },
    services_by_state: {
      ok: inState(services, "OK"),
      warning: inState(services, "WARNING"),
      critical: inState(services, "CRITICAL"),
      unknown: inState(services, "UNKNOWN"),
      pending: inState(services, "PENDING"),
    },
    acknowledged: both((status) => status.acknowledgement !== "none"),
    in_downtime: both((status) => status.downtimeDepth > 0),
    flapping: both((status) => status.flapping),
    comments: { hosts: result.counts.hostComments, services: result.counts.serviceComments },
    downtimes: { hosts: result.counts.hostDowntimes, services: result.counts.serviceDowntimes },
    soft_service_problems: services.filter((one) => one.stateType === "SOFT" && !["OK", "PENDING"].includes(one.state))
      .length,
    created: result.created,
    version: result.version,
    complete: result.complete,
  };
}

describe("files of real servers and collections", () => {
  const FILES = [
    "bahamas10-status.dat",
    "efigence-status.dat",
    "written-nagios4-status.dat",
    "written-truncated-status.dat",
  ];

  it.each(FILES)("%s has the counts that are known of it", (name) => {
    const expected = JSON.parse(fixture(`${name}.expected.json`).toString());
    const counts = countsOf(read(fixture(name)));
    expect(expected).toMatchObject(counts);
  });

  it.each([...FILES, "nagios-4.4.6-status.dat", "icinga-2.13.6-status.dat"])("%s reads as line by line", (name) => {
    const result = read(fixture(name));
    const slow = readStatusSlowly(fixture(name));
    expect(result.statuses).toEqual(slow.statuses);
    expect(result.complete).toBe(slow.complete);
  });

  it("reads the same with Windows line ends", () => {
    const unix = read(fixture("written-nagios4-status.dat"));
    const windows = read(fixture("written-nagios4-status.dat").toString().replaceAll("\n", "\r\n"));
    expect(windows.statuses).toEqual(unix.statuses);
    expect(windows.complete).toBe(true);
    expect(windows.counts).toEqual(unix.counts);
  });

  it("tells the states of a Nagios 4.4.6", () => {
    const nagios = read(fixture("nagios-4.4.6-status.dat"));
    expect(nagios).toMatchObject({ created: 1_795_359_134, version: "4.4.6", complete: true, full: true, gone: [] });
    expect(nagios.counts).toMatchObject({ hosts: 9, checks: 26 });
    expect(find(nagios, "Host With Spaces", null)).toMatchObject({
      state: "PENDING",
      lastCheck: 0,
      command: null,
      interval: 0,
    });
    expect(find(nagios, "branch-gw", null)).toMatchObject({
      state: "DOWN",
      acknowledgement: "normal",
      reachable: true,
      attempt: 2,
      maxAttempts: 2,
    });
    expect(find(nagios, "branch-pc", null)).toMatchObject({
      state: "UNREACHABLE",
      reachable: false,
      command: "check_state!h-branch-pc",
    });
    expect(find(nagios, "büro-drucker", "Latin1").output).toBe("OK: Latin-1 bytes äöüß end");
    expect(find(nagios, "büro-drucker", "Toner Füllstand").output).toBe(
      "WARNUNG: Toner schwarz 7 % – „bald leer“ 日本語 Ελληνικά 🖨",
    );
    expect(find(nagios, "db1", "Flapper").flapping).toBe(true);
    expect(find(nagios, "db1", "Backup")).toMatchObject({ state: "CRITICAL", downtimeDepth: 1 });
    expect(find(nagios, "db1", "HTML output").output).toContain("<script>alert('dotm-xss')</script>");
    expect(find(nagios, "old1", "C:\\ Drive").output).toBe("C:\\ - total: 59.90 GB - used: 20.11 GB");
    expect(find(nagios, "web2", "HTTP").longOutput.split("\n")[1]).toBe("line three: path C:\\temp\\new, tab\there");
  });

  it("tells the states of an Icinga 2.13.6", () => {
    const icinga = read(fixture("icinga-2.13.6-status.dat"));
    expect(icinga).toMatchObject({ created: 1_795_359_132.414399, version: "r2.13.6-1", complete: true });
    expect(icinga.counts).toMatchObject({ hosts: 9, checks: 21, hostDowntimes: 1, serviceDowntimes: 2 });
    // Never checked: the file says current_state=1 and has_been_checked=0.
    expect(find(icinga, "Host With Spaces", null)).toMatchObject({ state: "PENDING", output: "", longOutput: "" });
    expect(find(icinga, "branch-gw", null)).toMatchObject({
      state: "DOWN",
      reachable: true,
      acknowledgement: "normal",
      interval: 10,
    });
    // The file says current_state=1 and is_reachable=0.
    expect(find(icinga, "branch-pc", null)).toMatchObject({ state: "UNREACHABLE", reachable: false });
    expect(find(icinga, "branch-gw", "ping")).toMatchObject({ state: "CRITICAL", reachable: false });
    // Icinga 2 keeps semicolons in output and does not escape backslashes.
    expect(find(icinga, "web1", "disk /").output).toBe("DISK OK - free space: / 41234 MB (82% inode=93%);");
  });
});

describe("values", () => {
  it("end at the line and nowhere else", () => {
    const output = "a=b; {c} servicestatus { \t} = x";
    const result = read(statusFile([hostBlock("h"), serviceBlock("h", "s { =;}", { plugin_output: output })]));
    expect(find(result, "h", "s { =;}").output).toBe(output);
    expect(result.counts).toMatchObject({ hosts: 1, checks: 1 });
  });

  it("have escapes only in the long output", () => {
    const fields = { plugin_output: "C:\\new \\\\", long_plugin_output: "one\\ntwo C:\\\\new\\\\\\nthree\\t" };
    const status = find(read(statusFile([hostBlock("h", fields)])), "h", null);
    expect(status.output).toBe("C:\\new \\\\");
    expect(status.longOutput).toBe("one\ntwo C:\\new\\\nthree\\t");
  });

  it("give the interval that is expected next", () => {
    const result = read(
      statusFile([
        serviceBlock("h", "hard", { state_type: 1, current_state: 2 }),
        serviceBlock("h", "soft", { state_type: 0, current_state: 2 }),
        serviceBlock("h", "soft recovery", { state_type: 0, current_state: 0 }),
        serviceBlock("h", "passive", { active_checks_enabled: 0 }),
      ]),
    );
    expect(result.statuses.map((status) => status.interval)).toEqual([300, 60, 300, 0]);
    const seconds = new StatusReader({ intervalLength: 1 }).read(statusFile([hostBlock("h")]));
    expect(seconds.statuses[0]?.interval).toBe(5);
  });

  it("are bounded", () => {
    const status = find(read(statusFile([hostBlock("h", { plugin_output: "ä".repeat(60_000) })])), "h", null);
    expect(status.output).toBe("ä".repeat(32_768));
  });

  it("take the command with arguments from elsewhere where it is known there", () => {
    const commands = new Map([["h::s", "check_tcp!6379"]]);
    const result = new StatusReader({ commands }).read(statusFile([serviceBlock("h", "s"), serviceBlock("h", "t")]));
    expect(result.statuses.map((status) => status.command)).toEqual(["check_tcp!6379", "check_http!-p 80"]);
  });
});

describe("objects", () => {
  it("count once where the file has them twice", () => {
    const reader = new StatusReader();
    const file = statusFile([hostBlock("h", { current_state: 1 }), hostBlock("h", { current_state: 0 })]);
    const result = reader.read(file);
    expect(result.statuses.map((status) => status.state)).toEqual(["DOWN"]);
    expect(result.warnings).toEqual([{ reason: "object twice in the file", count: 1, example: "h" }]);
    expect(reader.read(file).statuses).toEqual([]);
  });
});

describe("a second read", () => {
  const LATER = 1_795_000_010;
  const objects = (changes: Record<string, Parameters<typeof hostBlock>[1]> = {}, later = false): string[] => {
    const stamp = later ? { last_update: LATER } : {};
    return [
      hostBlock("a", { ...stamp, ...changes["a"] }),
      hostBlock("b", { ...stamp, ...changes["b"] }),
      serviceBlock("a", "s", { ...stamp, ...changes["a/s"] }),
      serviceBlock("b", "s", { ...stamp, ...changes["b/s"] }),
    ];
  };
  const readTwice = (second: Buffer): StatusRead => {
    const reader = new StatusReader();
    expect(reader.read(statusFile(objects())).full).toBe(true);
    return reader.read(second);
  };

  it("says nothing where only last_update moved", () => {
    const again = readTwice(statusFile(objects({}, true), LATER));
    expect(again).toMatchObject({ complete: true, full: false, statuses: [], gone: [], created: LATER });
    expect(again.counts).toMatchObject({ hosts: 2, checks: 2 });
  });

  it("says nothing where only lines changed that nobody reads", () => {
    const changes = { "a/s": { performance_data: "x=1", check_latency: "12.345", next_check: 1 } };
    expect(readTwice(statusFile(objects(changes, true), LATER)).statuses).toEqual([]);
  });

  it.each([
    ["current_state", 2],
    ["plugin_output", "finE"],
    ["long_plugin_output", "\\n"],
    ["last_check", 1_794_999_991],
    ["problem_has_been_acknowledged", 1],
    ["scheduled_downtime_depth", 1],
    ["is_flapping", 1],
    ["state_type", 0],
    ["check_command", "check_http!-p 81"],
  ])("tells the one object whose %s changed", (key, value) => {
    const again = readTwice(statusFile(objects({ "b/s": { [key]: value } }, true), LATER));
    expect(names(again)).toEqual(["b/s"]);
    expect(again.full).toBe(false);
  });

  it("does not mind another order", () => {
    expect(readTwice(statusFile(objects({}, true).toReversed(), LATER)).statuses).toEqual([]);
  });

  it("tells new objects wherever they stand, and goes on quietly", () => {
    const reader = new StatusReader();
    reader.read(statusFile(objects()));
    const more = [hostBlock("0"), ...objects(), serviceBlock("c", "s")];
    expect(names(reader.read(statusFile(more, LATER)))).toEqual(["0", "c/s"]);
    expect(reader.read(statusFile(more, LATER + 10)).statuses).toEqual([]);
  });

  it("tells one change among thousands", () => {
    const many = (state: number): Buffer =>
      statusFile(
        Array.from({ length: 3000 }, (_, place) =>
          serviceBlock(`host${place % 7}`, `check ${place}`, place === 1234 ? { current_state: state } : {}),
        ),
      );
    const reader = new StatusReader();
    expect(reader.read(many(0)).statuses).toHaveLength(3000);
    expect(names(reader.read(many(2)))).toEqual(["host2/check 1234"]);
    expect(reader.read(many(2)).counts.checks).toBe(3000);
  });

  it("tells what is gone when it is missing for the second time", () => {
    const reader = new StatusReader();
    reader.read(statusFile(objects()));
    const fewer = objects().slice(1, 3);
    expect(reader.read(statusFile(fewer, LATER)).gone).toEqual([]);
    const gone = reader.read(statusFile(fewer, LATER + 10));
    expect(gone.gone).toEqual([
      { host: "a", check: null },
      { host: "b", check: "s" },
    ]);
    expect(reader.read(statusFile(fewer, LATER + 20)).gone).toEqual([]);
    expect(names(reader.read(statusFile(objects(), LATER + 30)))).toEqual(["a", "b/s"]);
  });

  it("does not tell what came back at once", () => {
    const reader = new StatusReader();
    reader.read(statusFile(objects()));
    reader.read(statusFile(objects().slice(2), LATER));
    expect(reader.read(statusFile(objects(), LATER + 10))).toMatchObject({ statuses: [], gone: [] });
    expect(reader.read(statusFile(objects().slice(2), LATER + 20)).gone).toEqual([]);
  });
});

describe("a file that is not whole", () => {
  const whole = statusFile([hostBlock("a"), serviceBlock("a", "s")]);

  it.each([
    ["empty", ""],
    ["cut", whole.subarray(0, whole.length - 20).toString()],
    ["cut", whole.toString().replace("\t}\n\nservicestatus", "\nservicestatus")],
    ["no header", serviceBlock("a", "s")],
    ["no header", whole.toString().replace("created=1795000000", "created=soon")],
    ["no objects", statusFile([]).toString()],
    ["no header", `${"\0".repeat(10_000)}\n`],
    ["no header", "not a status file\n".repeat(100)],
  ])("is told as %s", (fault, text) => {
    expect(read(text)).toMatchObject({ complete: false, fault, gone: [] });
  });

  it("is whole without the last line feed", () => {
    expect(read(whole.toString().trimEnd()).complete).toBe(true);
  });

  it("leaves no trace in the reader", () => {
    const reader = new StatusReader();
    reader.read(whole);
    const other = statusFile([hostBlock("a", { current_state: 1 }), hostBlock("new"), serviceBlock("a", "s")]);
    for (let cut = 0; cut < other.length - 4; cut++) {
      const part = other.subarray(0, cut);
      if (/status \{[^}]*\t\}\n*$/.test(part.toString()) && part.includes("hoststatus")) {
        continue; // ends with a closed block, and looks whole
      }
      expect(reader.read(part).complete, `cut at ${cut}`).toBe(false);
    }
    expect(names(reader.read(other))).toEqual(["a", "new"]);
  });

  it("has its complete blocks told all the same, for whoever looks at one file", () => {
    const { blocks } = readBlocksSlowly(fixture("written-truncated-status.dat"));
    expect(read(fixture("written-truncated-status.dat")).statuses).toHaveLength(
      blocks.filter(({ kind }) => /^(host|service)status$/.test(kind)).length,
    );
  });
});

describe("a file read through a window", () => {
  /** Reads with a window of `size` bytes, putting in at most `piece` bytes at a time. */
  function readThrough(bytes: Buffer, size: number, piece: number): StatusRead {
    const window = new ScanWindow(size);
    const scan = new StatusReader().begin();
    for (let at = 0; at < bytes.length; ) {
      const count = bytes.copy(window.free().subarray(0, piece), 0, at);
      window.filled(count, scan);
      at += count;
    }
    window.end(scan);
    return scan.finish();
  }

  const FILES = ["nagios-4.4.6-status.dat", "icinga-2.13.6-status.dat", "written-truncated-status.dat"];

  it.each(FILES)("says of %s the same as in one go, however the pieces fall", (name) => {
    const bytes = fixture(name);
    for (const [size, piece] of [
      [64, 1000],
      [1000, 97],
      [5000, 4999],
      [40_000, 11],
      [1_000_000, 1_000_000],
    ] as const) {
      expect(readThrough(bytes, size, piece), `${size} by ${piece}`).toEqual(read(bytes));
    }
  });

  it("gives up a block that is larger than any can be", () => {
    const window = new ScanWindow(100, 5000);
    const scan = new StatusReader().begin();
    const bytes = statusFile([hostBlock("huge", { plugin_output: "x".repeat(20_000) }), hostBlock("next")]);
    for (let at = 0; at < bytes.length; ) {
      const count = bytes.copy(window.free(), 0, at);
      window.filled(count, scan);
      at += count;
    }
    window.end(scan);
    expect(window.free().length).toBeLessThan(20_000);
    const result = scan.finish();
    expect(result.fault).toBe("cut");
    expect(names(result)).toEqual(["next"]);
  });

  it("says the same with Windows line ends", () => {
    const bytes = Buffer.from(fixture("efigence-status.dat").toString().replaceAll("\n", "\r\n"));
    for (let piece = 1; piece < 60; piece++) {
      expect(readThrough(bytes, 4000, piece)).toEqual(read(bytes));
    }
  });

  it("overwrites nothing but the spare bytes of a larger buffer", () => {
    const bytes = fixture("efigence-status.dat");
    const buffer = Buffer.alloc(bytes.length + 1000, "\t");
    bytes.copy(buffer);
    expect(new StatusReader().read(buffer, bytes.length)).toEqual(read(bytes));
    expect(buffer.subarray(0, bytes.length).equals(bytes)).toBe(true);
  });
});
