import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSourceFile } from "../../src/ingest/read-source-file.ts";
import type { SourceReading } from "../../src/ingest/source-reading.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
const read = (path: string) => readSourceFile(path, () => 0);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-read-source-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A file of the test's own. */
function written(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** The counts of a reading, as the files' expectations name them. */
function countsOf({ statuses, comments, downtimes }: SourceReading) {
  const isHost = ({ check }: { readonly check: string | null }) => check === null;
  const both = (is: (status: CheckStatus) => boolean) => ({
    hosts: statuses.filter((status) => isHost(status) && is(status)).length,
    services: statuses.filter((status) => !isHost(status) && is(status)).length,
  });
  const notes = (list: readonly { readonly check: string | null }[]) => {
    return { hosts: list.filter(isHost).length, services: list.filter((note) => !isHost(note)).length };
  };
  const inState = (names: readonly string[], hosts: boolean) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        statuses.filter((status) => isHost(status) === hosts && status.state === name.toUpperCase()).length,
      ]),
    );
  return {
    hosts: statuses.filter(isHost).length,
    services: statuses.filter((status) => !isHost(status)).length,
    hosts_by_state: inState(["up", "down", "unreachable", "pending"], true),
    services_by_state: inState(["ok", "warning", "critical", "unknown", "pending"], false),
    acknowledged: both(({ acknowledgement }) => acknowledgement !== "none"),
    in_downtime: both(({ downtimeDepth }) => downtimeDepth > 0),
    flapping: both(({ flapping }) => flapping),
    comments: notes(comments),
    downtimes: notes(downtimes),
  };
}

/** What a fixture's expectation says, of the counts that it names. */
function expectedCounts(name: string, counts: object) {
  const expected = JSON.parse(readFileSync(fixture(`${name}.expected.json`), "utf8"));
  return Object.fromEntries(Object.keys(counts).map((key) => [key, expected[key] ?? { hosts: 0, services: 0 }]));
}

const FILES = [
  ["status/bahamas10-status.dat", "Nagios status.dat"],
  ["status/efigence-status.dat", "Nagios status.dat"],
  ["status/written-nagios4-status.dat", "Nagios status.dat"],
  ["status/written-truncated-status.dat", "Nagios status.dat"],
  ["cgi/written-icinga-classic-1.5-services.json", "Icinga 1 status.cgi?jsonoutput"],
  ["cgi/written-icinga-classic-1.6-hosts.json", "Icinga 1 status.cgi?jsonoutput"],
  ["cgi/written-icinga-classic-1.6-services.json", "Icinga 1 status.cgi?jsonoutput"],
  ["cgi/written-icinga-classic-1.9-hosts-services.json", "Icinga 1 status.cgi?jsonoutput"],
  ["livestatus/written-livestatus-hosts-noheader.json", "Livestatus JSON"],
  ["livestatus/written-livestatus-services-columnheaders.json", "Livestatus JSON"],
  ["livestatus/written-livestatus-services-noheader.json", "Livestatus JSON"],
] as const;

describe("reading a file to see what it would say", () => {
  it.each(FILES)("tells %s by its content, and its counts", async (name, format) => {
    const reading = await read(fixture(name));
    expect(reading).toMatchObject({ format, complete: !name.includes("truncated") });
    const counts = countsOf(reading);
    expect(counts).toEqual(expectedCounts(name, counts));
  });

  it("counts the same in Windows line ends and in Latin-1", async () => {
    const name = "status/written-nagios4-status.dat";
    const text = readFileSync(fixture(name), "utf8");
    const expected = countsOf(await read(fixture(name)));
    expect(countsOf(await read(written("crlf", text.replaceAll("\n", "\r\n"))))).toEqual(expected);
    expect(countsOf(await read(written("latin1", Buffer.from(text, "latin1"))))).toEqual(expected);
  });

  it("counts the lines of a log, whatever its dates", async () => {
    const path = fixture("status/written-nagios.log");
    const expected = JSON.parse(readFileSync(`${path}.expected.json`, "utf8"));
    const log = await read(path);
    expect(log).toMatchObject({ format: "Nagios nagios.log", asOf: expected.last_time });
    expect(Object.fromEntries(log.contents)).toEqual({ line: expected.lines, ...expected.entries, ...expected.alerts });
    const dated = readFileSync(path, "utf8").replaceAll(/^\[(\d+)\]/gm, (_, epoch) => {
      return `[${new Date(Number(epoch) * 1000).toUTCString().replace(" GMT", "")}]`;
    });
    expect(await read(written("dated.log", dated))).toEqual(log);
  });

  it("counts the objects of a configuration", async () => {
    const path = fixture("status/written-objects.cache");
    const expected = JSON.parse(readFileSync(`${path}.expected.json`, "utf8"));
    const objects = await read(path);
    expect(objects).toMatchObject({ format: "Nagios objects.cache", complete: true });
    expect(Object.fromEntries(objects.contents)).toEqual({ ...expected.objects, "check command": 52 });
    expect(objects.hosts).toHaveLength(expected.hosts);
    expect(objects.hosts.filter(({ parents }) => parents.length > 0)).toHaveLength(expected.hosts_with_parents);
  });

  it("reads answers of a real Nagios, a real Icinga 2, and wrapped ones", async () => {
    expect(await read(fixture("cgi/nagios-4.4.6-statusjson-hostlist.json"))).toMatchObject({
      format: "Nagios statusjson.cgi",
      complete: true,
    });
    expect((await read(fixture("cgi/nagios-4.4.6-objectjson-hostlist.json"))).hosts.length).toBeGreaterThan(0);
    expect((await read(fixture("cgi/nagios-4.4.6-statusjson-commentlist.json"))).comments.length).toBeGreaterThan(0);
    const icinga = await read(fixture("status/icinga-2.13.6-status.dat"));
    expect(icinga).toMatchObject({ format: "Icinga 2 status.dat", version: "r2.13.6-1" });
    const rows = JSON.parse(readFileSync(fixture("livestatus/written-livestatus-services-columnheaders.json"), "utf8"));
    const wrapped = { columns: [rows[0]], data: rows.slice(1), total_count: 40 };
    expect((await read(written("wrapped.json", JSON.stringify(wrapped)))).statuses).toHaveLength(40);
  });

  it.each([
    ["empty", ""],
    ["text", "Dear diary,\n"],
    ["json", '{"hello": "world"}'],
    ["rows", "[[1,2,3]]"],
    ["nul", "\0\0\0"],
  ])("refuses what says no states: %s", async (name, content) => {
    await expect(read(written(name, content))).rejects.toMatchObject({
      code: "DOTM_SOURCE_UNREADABLE",
      message: `${join(folder, name)} is nothing that says states of a monitoring`,
      next: expect.stringContaining("status.dat"),
    });
  });

  it("tells cause and next step where the file is not there", async () => {
    await expect(read("/nonexistent/status.dat")).rejects.toMatchObject({
      code: "DOTM_SOURCE_UNREADABLE",
      message: "/nonexistent/status.dat does not exist, nor does the folder /nonexistent",
    });
  });
});
