import fc from "fast-check";
import { expect, it } from "vitest";
import { type JsonFault, type JsonRow, JsonRows } from "../../nagios/json-rows.ts";

const LISTS = new Map([
  ["result", 0],
  ["data.hosts", 1],
  ["data.checks", 2],
]);

function read(text: string | Buffer, sizes: readonly number[] = []) {
  const rows: JsonRow[] = [];
  const scan = new JsonRows(LISTS, (row) => rows.push(row));
  let rest = Buffer.from(text);
  for (const size of sizes) {
    scan.feed(rest.subarray(0, size));
    rest = rest.subarray(size);
  }
  scan.feed(rest);
  return { rows, broken: scan.broken, fault: scan.finish() };
}

const ANSWER = `{
  "format_version": 0,
  "result": { "cgi": "x.cgi", "type_code": 0 },
  "data": {
    "selectors": { "a": [1, {"b": 2}] },
    "hosts": { "web \\"1\\" {": { "status": 2, "nested": { "hosts": { "x": {} } } }, "(null)": { "status": 1 }, "(null)": { "status": 4 } },
    "checks": { "web": { "HTTP": { "output": "} ] \\\\" }, "é": {} }, "empty": {} }
  }
}
`;

const ROWS = [
  { list: "result", keys: [], fields: { cgi: "x.cgi", type_code: 0 } },
  { list: "data.hosts", keys: ['web "1" {'], fields: { status: 2, nested: { hosts: { x: {} } } } },
  { list: "data.hosts", keys: ["(null)"], fields: { status: 1 } },
  { list: "data.hosts", keys: ["(null)"], fields: { status: 4 } },
  { list: "data.checks", keys: ["web", "HTTP"], fields: { output: "} ] \\" } },
  { list: "data.checks", keys: ["web", "é"], fields: {} },
];

it("takes the rows out of an answer, those of one name twice, too", () => {
  expect(read(ANSWER)).toEqual({ rows: ROWS, broken: 0, fault: undefined });
});

it("takes the rows of an array", () => {
  const text = '{"data": {"hosts": [ {"host": "a"}, {"host": "b"}, 7 ]}}';
  expect(read(text).rows).toEqual([
    { list: "data.hosts", keys: [""], fields: { host: "a" } },
    { list: "data.hosts", keys: [""], fields: { host: "b" } },
  ]);
});

it("finds the same however the bytes arrive", () => {
  const length = Buffer.byteLength(ANSWER);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: length }), (sizes) => {
      expect(read(ANSWER, sizes)).toEqual({ rows: ROWS, broken: 0, fault: undefined });
    }),
  );
});

it.each<[string, string, JsonFault]>([
  ["nothing", "", "empty"],
  ["blanks", " \r\n", "empty"],
  ["a web page", "<!DOCTYPE html>\n<html><body>{}</body></html>", "no JSON"],
  ["a list", "[]", "no JSON"],
  ["a message and then JSON", "Error: {}", "no JSON"],
  ["two answers", "{}{}", "no JSON"],
  ["a nest without end", `{"a":${'{"a":'.repeat(100)}`, "no JSON"],
  ["an answer that ends early", ANSWER.slice(0, -4), "cut"],
])("tells %s from an answer", (_, text, fault) => {
  expect(read(text).fault).toBe(fault);
});

it("reads rows with raw control characters and rows that are not UTF-8, as old CGIs write them", () => {
  const tab = read('{"data":{"hosts":[{"output":"a\tb"}]}}');
  expect(tab.rows[0]?.fields).toEqual({ output: "a b" });
  const latin = read(Buffer.from('{"data":{"hosts":[{"output":"für"}]}}', "latin1"));
  expect(latin.rows[0]?.fields).toEqual({ output: "für" });
});

it("counts rows it cannot read and goes on", () => {
  const { rows, broken, fault } = read('{"data":{"hosts":[{"a": nil},{"a": 1}]}}');
  expect({ rows: rows.length, broken, fault }).toEqual({ rows: 1, broken: 1, fault: undefined });
});

it("never throws and invents no row, wherever an answer is cut and whatever noise it holds", () => {
  const bytes = Buffer.from(ANSWER);
  const known = new Set(ROWS.map((row) => JSON.stringify(row)));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: bytes.length - 3 }), (end) => {
      const { rows, fault } = read(bytes.subarray(0, end));
      expect(fault).not.toBe(undefined);
      expect(rows.filter((row) => !known.has(JSON.stringify(row)))).toEqual([]);
    }),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(bytes.length), (noise, at) => {
      read(Buffer.concat([bytes.subarray(0, at), Buffer.from(noise), bytes.subarray(at)]));
      read(Buffer.from(noise));
    }),
  );
});

it("holds no row larger than 8 MiB", () => {
  const scan = new JsonRows(LISTS, () => undefined);
  scan.feed(Buffer.from('{"data":{"hosts":[{"output":"'));
  for (let piece = 0; piece < 20; piece++) {
    scan.feed(Buffer.alloc(1024 * 1024, "x"));
  }
  expect(scan.finish()).toBe("no JSON");
});
