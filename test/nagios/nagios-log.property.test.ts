import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLogLine } from "../../nagios/nagios-log.ts";

const FIXTURES = new URL("../fixtures/status/", import.meta.url);
const LOGS = ["nagios-4.4.6-nagios.log", "written-nagios.log"].map((name) => readFileSync(new URL(name, FIXTURES)));

/** What the lines that end in these bytes say, as text to compare. */
function eventsIn(bytes: Buffer): string[] {
  const lines = bytes.toString("latin1").split("\n").slice(0, -1);
  return lines.flatMap((line) => {
    const event = readLogLine(Buffer.from(line, "latin1"));
    return event === undefined ? [] : [JSON.stringify(event)];
  });
}

/** Names in the log, by host and check. */
function namesIn(bytes: Buffer): Set<string> {
  return new Set(eventsIn(bytes).map(nameOf));
}

function nameOf(event: string): string {
  const { host, check } = JSON.parse(event);
  return JSON.stringify([host, check]);
}

const log = fc.constantFrom(...LOGS);
const place = fc.double({ min: 0, max: 1, noNaN: true });

describe("a damaged log", () => {
  it("that is cut anywhere, at both ends, says nothing that the whole log does not say", () => {
    fc.assert(
      fc.property(log, place, place, (bytes, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)].map((part) => Math.floor(part * bytes.length));
        const whole = eventsIn(bytes);
        const cut = eventsIn(bytes.subarray(from, to));
        expect(whole.join("\n")).toContain(cut.join("\n"));
      }),
    );
  });

  it("with noise between its lines says what it said before", () => {
    fc.assert(
      fc.property(log, fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (bytes, noise) => {
        const lines = bytes.toString("latin1").split("\n");
        for (const [at, part] of noise.entries()) {
          lines.splice((at * 37) % lines.length, 0, Buffer.from(part).toString("latin1").replaceAll("[", ""));
        }
        expect(eventsIn(Buffer.from(lines.join("\n"), "latin1"))).toEqual(eventsIn(bytes));
      }),
    );
  });

  it("whose tails of lines are lost names no other objects", () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(300), { minLength: 1, maxLength: 50 }), (bytes, lengths) => {
        const known = namesIn(bytes);
        const lines = bytes.toString("latin1").split("\n");
        const cut = lines
          // The last field of these two commands is the name itself.
          .filter((line) => !line.includes("REMOVE_"))
          .map((line, at) => line.slice(0, lengths[at % lengths.length]));
        for (const event of eventsIn(Buffer.from(`${cut.join("\n")}\n`, "latin1"))) {
          expect(known).toContain(nameOf(event));
        }
      }),
    );
  });

  it("of any bytes never throws", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom("", "SERVICE ALERT: ", "EXTERNAL COMMAND: "),
        (bytes, type) => {
          readLogLine(Buffer.from(bytes));
          const event = readLogLine(Buffer.concat([Buffer.from(`[1795359110] ${type}`), bytes]));
          expect(event === undefined || event.host.length > 0).toBe(true);
        },
      ),
    );
  });
});
