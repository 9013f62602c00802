import fc from "fast-check";
import { expect, it } from "vitest";
import { readReport } from "../../src/ingest/report-door.ts";
import { ReportReader } from "../../src/ingest/report-reader.ts";
import type { Connection, HostReport, RepeatedReport } from "../../src/model/host-report.ts";

const NOW = 1_795_356_000;
const ARRIVAL = { receivedAt: NOW };

/** A report as agents write it; of each connection the port, and what may differ from report to report. */
function text(connections: readonly (readonly [port: number, count: number, more?: string])[], sequence = 1): string {
  const rows = connections.map(
    ([port, count, more = ""]) =>
      `{"direction":"out","proto":"tcp","process":"php-fpm"${more},"localAddress":"10.0.0.11","localPort":null,` +
      `"remoteAddress":"10.0.0.21","remotePort":${port},"count":${count},"opened":1,"lastSeen":"2026-11-22T14:00:00Z"}`,
  );
  const head = `{"version":1,"host":"web01","time":"2026-11-22T14:00:00Z","sequence":${sequence},"ips":["10.0.0.11"]`;
  return `${head},"listeners":[],"connections":[${rows.join(",")}],"unix":[]}`;
}

/** What came of a body: the whole report that it is, by the connections of the first where it repeats that, or why not. */
function outcome(read: () => { readonly report: HostReport | RepeatedReport }, known: readonly Connection[]): unknown {
  try {
    const { report } = read();
    const { roster: _, ...rest } = report;
    if ("connections" in rest) {
      return rest;
    }
    const { counts, opened, lastSeen, ...frame } = rest;
    const of = (values: readonly number[], at: number) => values[at];
    const connections = known.map((each, at) => {
      return { ...each, count: of(counts, at), opened: of(opened, at), lastSeen: of(lastSeen, at) };
    });
    return { ...frame, connections };
  } catch (error) {
    return error;
  }
}

/** Reads a first body, then another, both as one that knows the first and as one that knows nothing. */
function both(first: string, second: string) {
  const reader = new ReportReader();
  const base = reader.read(Buffer.from(first), ARRIVAL).report;
  const known = "connections" in base ? base.connections : [];
  const found = reader.read.bind(reader, Buffer.from(second), ARRIVAL);
  return [outcome(found, known), outcome(() => readReport(Buffer.from(second), ARRIVAL), [])] as const;
}

function isRepeat(first: string, second: string): boolean {
  const reader = new ReportReader();
  reader.read(Buffer.from(first), ARRIVAL);
  return !("connections" in reader.read(Buffer.from(second), ARRIVAL).report);
}

const FIRST = text([
  [3306, 12],
  [6379, 3],
  [5432, 0],
]);

it.each([
  [
    "other counts",
    [
      [3306, 1],
      [6379, 3],
      [5432, 999],
    ],
    true,
  ],
  [
    "another order",
    [
      [6379, 3],
      [5432, 0],
      [3306, 12],
    ],
    true,
  ],
  [
    "a row less",
    [
      [3306, 12],
      [6379, 3],
    ],
    false,
  ],
  [
    "a row more",
    [
      [3306, 12],
      [6379, 3],
      [5432, 0],
      [80, 1],
    ],
    false,
  ],
  [
    "one row twice",
    [
      [3306, 12],
      [3306, 12],
      [5432, 0],
    ],
    false,
  ],
  [
    "another row",
    [
      [3306, 12],
      [6379, 3],
      [5433, 0],
    ],
    false,
  ],
] as const)("knows %s for what it is", (_, rows, repeats) => {
  const second = text(rows, 2);
  expect(isRepeat(FIRST, second)).toBe(repeats);
  const [found, expected] = both(FIRST, second);
  const sorted = (report: unknown) => {
    const { connections, ...rest } = report as HostReport;
    return { ...rest, connections: [...connections].sort((a, b) => (a.remotePort ?? 0) - (b.remotePort ?? 0)) };
  };
  expect(sorted(found)).toEqual(sorted(expected));
});

it.each([
  ["a number that is none", FIRST.replace('"count":12', '"count":012')],
  ["a number of too many digits", FIRST.replace('"count":12', '"count":1234567890123456')],
  ["a fraction", FIRST.replace('"count":12', '"count":1.5')],
  ["a row that is cut", FIRST.slice(0, FIRST.indexOf('"count":3'))],
  ["what follows the list", FIRST.replace('"unix":[]', '"unix":[')],
  ["rows told twice", FIRST.replace('"unix":[]', '"connections":[]')],
  ["rows told twice, in disguise", FIRST.replace('"unix":[]', '"connecti\\u006fns":[]')],
  ["rows in a place of their own", FIRST.replace('"connections":[', '"capture":{"connections":[').replace("],", "]},")],
  ["blanks", FIRST.replaceAll(",", ", ").replaceAll(":", ": ")],
  ["an old version", FIRST.replace('"version":1', '"version":0')],
  ["no name", FIRST.replace('"host":"web01"', '"host":""')],
  ["no listeners", FIRST.replace('"listeners":[]', '"listeners":0')],
])("says the same of %s as one who knows nothing", (_, second) => {
  const [found, expected] = both(FIRST, second);
  expect(found).toEqual(expected);
});

it("does not take brackets and names within texts for those of rows", () => {
  for (const more of ['"unit":"a}b"', '"unit":"a{b"', '"unit":"count"', '"x":{"count":1,"opened":1,"lastSeen":"a"}']) {
    const first = text([
      [3306, 12, `,${more}`],
      [6379, 3],
    ]);
    const [found, expected] = both(first, first.replace('"count":12', '"count":5'));
    expect(found).toEqual(expected);
  }
});

it("says of a damaged report what one says who knows nothing", () => {
  const damage = fc.tuple(fc.nat(FIRST.length - 1), fc.constantFrom(...'"\\{}[],:01-ae \u00e4\n'), fc.nat(3));
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 2 }), (damages) => {
      const second = damages.reduce((sofar, [at, by, cut]) => sofar.slice(0, at) + by + sofar.slice(at + cut), FIRST);
      const [found, expected] = both(FIRST, second);
      expect(found).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});
