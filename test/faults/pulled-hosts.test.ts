/** What hosts that are asked for their report may answer instead of one. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type AskedHost, askHost, closeServers, original, originalAgent } from "../support/asked-host.ts";

const FIXTURES = "test/fixtures/host-text";
const DB = readFileSync(`${FIXTURES}/02-centos6-db.txt`);

closeServers();

/** What comes of a host that answers so. */
async function answering(host: string, text: Buffer): Promise<AskedHost> {
  return askHost(original(host, await originalAgent((socket) => socket.end(text))));
}

it("D25 the host is left as it was, and its fetch_status names the part", async () => {
  const parts: readonly [string, Buffer, string, number][] = [
    ["no hostname", DB.subarray(DB.indexOf("\n") + 1), "no line hostname=NAME", 1],
    ["no listing", readFileSync(`${FIXTURES}/18-netstat-error.txt`), "no listing of sockets", 0],
    [
      "no addresses",
      Buffer.from(`${DB}`.slice(0, DB.indexOf("1: lo")).replace("db01", "broken01")),
      "no address of global scope",
      0,
    ],
  ];
  for (const [what, text, message, counted] of parts) {
    const { reports, error, refused } = await answering("broken01", text);
    expect([reports, error, refused], what).toEqual([[], expect.stringContaining(message), counted]);
  }
});

it("D26 the whole lines are taken, nothing that is not among them is removed, and the cut is told", async () => {
  const { reports, error } = await answering("cut01", readFileSync(`${FIXTURES}/22-cut-transfer.txt`));
  expect(reports[0]?.partial).toBe(true);
  expect(reports[0]?.listeners.length).toBeGreaterThan(0);
  expect(error).toContain("the transfer was cut");
});

it("D28 refused, unless that is another name of the host; its name is told", async () => {
  expect(await answering("web09", DB)).toEqual({
    ...{ reports: [], refused: 1 },
    error: expect.stringContaining("another host: db01"),
  });
  expect((await answering("db01", DB)).reports).toHaveLength(1);
});

it("D29 told and counted; the host is left as it was", async () => {
  const answers = [
    "<!DOCTYPE html>\n<html>It works!</html>\n",
    "\u0015\u0003\u0001\u0000\u0002\u0002\n",
    "",
    "\u0000\u00ff\u0000",
  ];
  for (const text of answers) {
    const { reports, error, refused } = await answering("broken01", Buffer.from(text, "latin1"));
    const reason = text === "" ? "the text is empty" : "neither sockets nor addresses";
    expect([reports, error, refused]).toEqual([[], expect.stringContaining(reason), 1]);
  }
});

it("D41 7 MB of line ends, and lines that expressions never end on, are read at once; of 100,000 lines the first are taken", async () => {
  const [row, end] = ["tcp 0 0 10.0.0.20:3306 10.0.0.5:41000 ", "\n"] as const;
  const blank = " ".repeat(4_000_000);
  // Each of these took hours, or would have.
  const lines = [
    `${row}A${blank}B`,
    `${row}ESTABLISHED 1/${"]".repeat(4_000_000)}x`,
    `${row}ESTABLISHED ${"1/".repeat(1_000_000)}x`,
    `    inet 10.0.0.20/24 scope global ${"a:".repeat(1_000_000)}${blank}b`,
    `    inet 10.0.0.20/24${" scope x".repeat(500_000)}\u2028`,
    `u_str ESTAB 0 0${" 1".repeat(1_000_000)}x`,
    `tcp ESTAB 0 0 10.0.0.20:22 10.0.0.5:4000 ${'users:(("'.repeat(400_000)}`,
  ];
  for (const line of [...lines, end.repeat(7_000_000)]) {
    const { reports, error } = await answering("db01", Buffer.from(`${DB}${line}${end}`));
    expect([reports.length, error], line.slice(0, 60)).toEqual([1, undefined]);
  }
  const many = await answering("db01", Buffer.from(`${DB}${`${row}ESTABLISHED${end}`.repeat(100_001)}`));
  expect(many.reports[0]?.partial).toBe(true);
  expect(many.error).toContain("more lines than are read");
});
