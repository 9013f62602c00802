import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StatusReader } from "../../nagios/status-dat.ts";
import { checkKey } from "../../src/model/ids.ts";
import type { CheckStatus } from "../../src/model/monitoring.ts";
import { readStatusSlowly } from "../support/slow-status.ts";

const FIXTURES = new URL("../fixtures/status/", import.meta.url);
const REAL = ["nagios-4.4.6-status.dat", "icinga-2.13.6-status.dat", "efigence-status.dat"].map((name) =>
  readFileSync(new URL(name, FIXTURES)),
);

const SERVICE_KEYS = keysOf("nagios-4.4.6-status.dat", "servicestatus");
const HOST_KEYS = keysOf("nagios-4.4.6-status.dat", "hoststatus");
const ICINGA_KEYS = keysOf("icinga-2.13.6-status.dat", "servicestatus");

/** Keys of the first block of a kind, in its order. */
function keysOf(name: string, kind: string): string[] {
  const text = readFileSync(new URL(name, FIXTURES), "latin1");
  const start = text.indexOf(`\n${kind} {\n`);
  const lines = text.slice(start, text.indexOf("\t}", start)).split("\n").slice(2, -1);
  return lines.map((line) => line.slice(1, line.indexOf("=")));
}

const number = fc.oneof(
  fc.constantFrom(
    "0",
    "1",
    "2",
    "3",
    "-1",
    "9",
    "0.000000",
    "5.000000",
    "1795359132.414399",
    "",
    "abc",
    "1e5",
    "99999999999999999999999",
  ),
  fc.nat({ max: 2_000_000_000 }).map(String),
);
const text = fc.oneof(
  fc.constantFrom(
    "",
    "OK",
    "a=b;c",
    "servicestatus {",
    "}",
    "\t}",
    "{x",
    "\\n\\\\",
    "hoststatus {",
    "\tcurrent_state=2",
  ),
  fc.string({ unit: "binary", maxLength: 40 }).map((value) => value.replaceAll(/[\r\n]/g, " ")),
);
const TEXTS = new Set(["plugin_output", "long_plugin_output", "performance_data", "check_command", "event_handler"]);
const NUMBERS =
  /^(has_been|current_|last_|max_|state_type|is_|scheduled_downtime|problem_has|check_interval|retry_|active_)/;

/** One block: lines in the order of a real server, some left out, moved, twice or unknown, values of any length. */
const anyBlock = fc
  .record({
    keys: fc.constantFrom(HOST_KEYS, SERVICE_KEYS, SERVICE_KEYS, ICINGA_KEYS),
    host: fc.constantFrom("a", "web01", "büro", "x::y", "", "old1"),
    check: fc.constantFrom("s", "Disk /", "PING", "_HOST_"),
    values: fc.array(fc.tuple(number, text), { minLength: 12, maxLength: 12 }),
    without: fc.oneof(
      { weight: 3, arbitrary: fc.constant<number[]>([]) },
      { weight: 1, arbitrary: fc.array(fc.nat({ max: 50 }), { maxLength: 3 }) },
    ),
    turned: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 40 }) }),
    extra: fc.array(fc.constantFrom("\t_SITE=0;x", "\tfuture_key=1", "junk", "", "\t", "\t=", "\t_X=0;}"), {
      maxLength: 2,
    }),
    end: fc.oneof(
      { weight: 20, arbitrary: fc.constant("\t}\n\n") },
      { weight: 1, arbitrary: fc.constantFrom("}\n", "\t}\n", "") },
    ),
  })
  .map(({ keys, host, check, values, without, turned, extra, end }) => {
    const kind = keys === HOST_KEYS ? "hoststatus" : "servicestatus";
    const order = [...keys.slice(turned), ...keys.slice(0, turned)].filter((_, place) => !without.includes(place));
    const lines = order.map((key, place) => {
      const [digits = "", words = ""] = values[place % values.length] ?? [];
      const named = key === "host_name" ? host : check;
      const value = key === "host_name" || key === "service_description" ? named : lineValue(key, digits, words);
      return `\t${key}=${value}`;
    });
    return `${kind} {\n${[...lines, ...extra].join("\n")}\n${end}`;
  });

function lineValue(key: string, digits: string, words: string): string {
  if (TEXTS.has(key)) {
    return words;
  }
  return NUMBERS.test(key) ? digits : "24x7";
}

const otherBlock = fc.constantFrom(
  "hostcomment {\n\thost_name=a\n\tcomment_data=x } y {\n\t}\n\n",
  "contactstatus {\n\tcontact_name=c\n\t}\n",
  "# comment\n\n",
  "unknown_kind {\n\thost_name=nobody\n\t}\n",
);
const anyFile = fc
  .record({
    created: fc.constantFrom("1795359134", "1795359132.414399", "0", "x"),
    version: fc.constantFrom("4.4.6", "r2.13.6-1", "3.5.1"),
    blocks: fc.array(fc.oneof({ weight: 6, arbitrary: anyBlock }, { weight: 1, arbitrary: otherBlock }), {
      maxLength: 12,
    }),
    copies: fc.nat({ max: 3 }),
    crlf: fc.boolean(),
  })
  .map(({ created, version, blocks, copies, crlf }) => {
    // Equal blocks in a row are what real files look like, and what the jumps live on.
    const many = blocks.flatMap((block) =>
      Array.from({ length: copies + 1 }, (_, copy) => block.replace("\thost_name=", `\thost_name=${copy || ""}`)),
    );
    const file = `# header\n\ninfo {\n\tcreated=${created}\n\tversion=${version}\n\t}\n\n${many.join("")}`;
    return Buffer.from(crlf ? file.replaceAll("\n", "\r\n") : file);
  });

function byKey(statuses: readonly CheckStatus[]): Map<string, CheckStatus> {
  return new Map(statuses.map((status) => [checkKey(status.host, status.check), status]));
}

describe("reading by jumps", () => {
  it("says what reading line by line says", () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        const fast = new StatusReader().read(file);
        const slow = readStatusSlowly(file);
        expect(fast.statuses).toEqual(slow.statuses);
        expect(fast.complete).toBe(slow.complete);
      }),
      { numRuns: 300 },
    );
  });

  it("tells after any second file exactly what differs from the first", () => {
    fc.assert(
      fc.property(anyFile, anyFile, (first, second) => {
        const reader = new StatusReader();
        const known = reader.read(first).complete
          ? byKey(readStatusSlowly(first).statuses)
          : new Map<string, CheckStatus>();
        const told = reader.read(second);
        const now = byKey(readStatusSlowly(second).statuses);
        // These also depend on the file's time and version, which are not part of the object.
        const ofTheFile = { lastCheck: 0, lastChange: 0, lastHardChange: 0, longOutput: "" };
        for (const [key, status] of byKey(told.statuses)) {
          expect(status).toEqual(now.get(key));
        }
        for (const [key, status] of now) {
          // A value that reads the same may be written otherwise (`1` and `1.0`), so more may be told, but never less.
          if (!byKey(told.statuses).has(key)) {
            expect({ ...status, ...ofTheFile }).toEqual({ ...known.get(key), ...ofTheFile });
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("a file that was written again", () => {
  /** Any lines of any blocks given another value, and the time of writing moved on in all of them. */
  const edits = fc.array(
    fc.record({ line: fc.double({ min: 0, max: 0.999, noNaN: true }), value: fc.oneof(number, text) }),
    { maxLength: 30 },
  );
  const isPlain = (line: string): boolean =>
    /^\t\w+=/.test(line) && !/^\t(created|version|host_name|service_description)=/.test(line);

  function edited(
    bytes: Buffer,
    changes: readonly { readonly line: number; readonly value: string }[],
    tick: number,
  ): Buffer {
    const lines = bytes.toString("latin1").split("\n");
    const plain = lines.flatMap((line, place) => (isPlain(line) ? [place] : []));
    for (const { line, value } of changes) {
      const place = plain[Math.floor(line * plain.length)] ?? 0;
      lines[place] = `${lines[place]?.split("=")[0]}=${Buffer.from(value).toString("latin1")}`;
    }
    const later = lines.map((line) => line.replace(/^(\tlast_update=)\d+$/, `$1${1_795_359_134 + tick}`));
    return Buffer.from(later.join("\n"), "latin1");
  }

  it("is told by exactly the objects that say something else, read after read", () => {
    fc.assert(
      fc.property(fc.constantFrom(...REAL), fc.array(edits, { minLength: 1, maxLength: 4 }), (original, ticks) => {
        const reader = new StatusReader();
        reader.read(original);
        let file: Buffer = original;
        let before = byKey(readStatusSlowly(original).statuses);
        for (const [tick, changes] of ticks.entries()) {
          file = edited(file, changes, tick);
          const now = byKey(readStatusSlowly(file).statuses);
          const told = byKey(reader.read(file).statuses);
          const differing = [...now].filter(([key, status]) => !isDeepStrictEqual(status, before.get(key)));
          // What is written otherwise but reads the same (`0` and `abc`) may be told too.
          expect([...told.keys()]).toEqual(expect.arrayContaining(differing.map(([key]) => key)));
          expect(told.size).toBeLessThanOrEqual(changes.length);
          for (const [key, status] of told) {
            expect(status).toEqual(now.get(key));
          }
          before = now;
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("a real file that was damaged", () => {
  const originals = REAL.map((bytes) => ({ bytes, statuses: byKey(readStatusSlowly(bytes).statuses) }));

  it("cut anywhere gives only objects of the original, as they were", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...originals),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ({ bytes, statuses }, share) => {
          const result = new StatusReader().read(bytes.subarray(0, Math.floor(bytes.length * share)));
          for (const status of result.statuses) {
            expect(status).toEqual(statuses.get(checkKey(status.host, status.check)));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("with any bytes changed, added or lost reads as line by line, and never throws", () => {
    const noise = fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        lost: fc.nat({ max: 60 }),
        added: fc.oneof(
          fc.uint8Array({ maxLength: 20 }),
          fc.constantFrom("\n", "\t}\n", "servicestatus {\n", "\0\0\0\0", "}", "=").map((value) => Buffer.from(value)),
        ),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...REAL), noise, (bytes, changes) => {
        let damaged = bytes;
        for (const { at, lost, added } of changes) {
          const place = Math.floor(at * damaged.length);
          damaged = Buffer.concat([damaged.subarray(0, place), added, damaged.subarray(place + lost)]);
        }
        const slow = readStatusSlowly(damaged);
        const fast = new StatusReader().read(damaged);
        expect(fast.statuses).toEqual(slow.statuses);
        expect(fast.complete).toBe(slow.complete);
      }),
      { numRuns: 150 },
    );
  });

  it("that is no status file at all never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), (bytes) => {
        const result = new StatusReader().read(Buffer.from(bytes));
        expect(result.complete).toBe(false);
        expect(result.statuses).toEqual([]);
      }),
    );
  });
});
