import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnswerHeader } from "../../nagios/livestatus-header.ts";
import { type LivestatusRow, RowScan } from "../../nagios/livestatus-rows.ts";

/** Rows and fault of an answer that comes in chunks of the sizes given, over and over. */
function scanned(text: string | Buffer, sizes: readonly number[] = [65_536]) {
  const bytes = Buffer.from(text);
  const scan = new RowScan();
  const rows: LivestatusRow[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    rows.push(...scan.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return { rows, fault: scan.end() };
}

const cell = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: fc.constantFrom('"', "\\", "[", "]", "{", "}", ",", "\n", "x") }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.string(), { maxLength: 3 }),
);
const answer = fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 8 });
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

describe("the rows of a Livestatus answer", () => {
  it("are read in the format of Icinga 2, of Naemon and of Nagios", () => {
    const rows = [
      ["web1", 0, true, ["gw"], null],
      ["b], [ü", 1, false, [], 'a "quoted" \\'],
    ];
    const [first, second] = rows.map((row) => JSON.stringify(row));
    expect(scanned(`[${first}, ${second}]`)).toEqual({ rows, fault: null });
    expect(scanned(`[${first},\n${second}]\n`)).toEqual({ rows, fault: null });
    expect(scanned(`[\n${first},\r\n${second}\r\n]\r\n`)).toEqual({ rows, fault: null });
    expect(scanned("[]\n")).toEqual({ rows: [], fault: null });
  });

  it("are the same wherever the answer is cut into chunks", () => {
    fc.assert(
      fc.property(answer, sizes, fc.constantFrom("", " ", "\n"), (rows, chunks, blank) => {
        const text = `[${rows.map((row) => JSON.stringify(row)).join(`,${blank}`)}]${blank}`;
        expect(scanned(text, chunks)).toEqual({ rows: JSON.parse(text), fault: null });
      }),
      { numRuns: 1000 },
    );
  });

  it("are not all there where the answer is cut", () => {
    fc.assert(
      fc.property(answer, sizes, fc.nat(), (rows, chunks, at) => {
        const bytes = Buffer.from(JSON.stringify(rows));
        const { rows: found, fault } = scanned(bytes.subarray(0, at % bytes.length), chunks);
        expect(fault).toBe("cut");
        expect(found).toEqual(JSON.parse(JSON.stringify(rows)).slice(0, found.length));
      }),
      { numRuns: 1000 },
    );
  });

  it("are never made of noise", () => {
    const noise = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.string({ unit: fc.constantFrom(...'[]{},"\\ \n1a') }));
    fc.assert(
      fc.property(noise, sizes, (bytes, chunks) => {
        const text = Buffer.from(bytes as Uint8Array);
        const { rows, fault } = scanned(text, chunks);
        expect(rows.every(Array.isArray)).toBe(true);
        if (fault === null && !text.toString("latin1").includes(",")) {
          expect(rows).toEqual(JSON.parse(text.toString("utf8").replace(/\p{Cc}/gu, " ")));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it.each([
    ["<!DOCTYPE html>", "not JSON"],
    ['{"data":[["web1"]]}', "not JSON"],
    ["[1,2]", "not JSON"],
    ['["web1"]', "not JSON"],
    ['[["web1"}]', "not JSON"],
    ['[{"name":"web1"}]', "not JSON"],
    ['[["web1"]][["web2"]]', "not JSON"],
    ['[["web1",]]', "not JSON"],
    [`[${"[".repeat(40)}`, "not JSON"],
    ['[["web1"', "cut"],
    ['[["web1"]', "cut"],
    ["", "cut"],
    ["  \n", "cut"],
  ])("are none in %j", (text, fault) => {
    expect(scanned(text)).toMatchObject({ fault });
  });

  it("may hold control characters that old servers leave as they are", () => {
    expect(scanned('[["tab\there\u0001",1]]')).toEqual({ rows: [["tab here ", 1]], fault: null });
  });

  it("are not longer than what is kept of one", () => {
    expect(scanned(`[["${"x".repeat(5 * 1024 * 1024)}`)).toEqual({ rows: [], fault: "row too long" });
  });

  it("hold what is no UTF-8 as replacement characters", () => {
    expect(scanned(Buffer.from('[["b\xfcro"]]', "latin1"))).toEqual({ rows: [["b\ufffdro"]], fault: null });
  });
});

describe("the header of a Livestatus answer", () => {
  it.each([
    ["200         326\n", { status: 200, length: 326 }],
    ["404          35\n", { status: 404, length: 35 }],
    ["200 99999999999\n", { status: 200, length: 99_999_999_999 }],
    ["200           0\n[", { status: 200, length: 0 }],
    ["200         326 ", undefined],
    ["HTTP/1.1 400 Bad", undefined],
    ["200 -        26\n", undefined],
    ["200            \n", undefined],
    ["[[1,2],[3,4],[5,", undefined],
    ["20         326\n", undefined],
  ])("is read or refused: %j", (text, header) => {
    expect(readAnswerHeader(Buffer.from(text))).toEqual(header);
  });
});
