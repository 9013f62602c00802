import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeQuery, isSendable, namedFilters } from "../../nagios/livestatus-query.ts";
import { changedFilters } from "../../nagios/livestatus-status.ts";
import { decodeQuery } from "../support/livestatus-text.ts";

const byName = (host: string, check: string): string =>
  encodeQuery({ table: "services", columns: ["state"], filters: namedFilters("services", [{ host, check }]) });

describe("a Livestatus query", () => {
  it("asks for a header first, then for JSON, columns and rows, and ends with an empty line", () => {
    const names = [
      { host: "web 1", check: "disk /var" },
      { host: "büro", check: "#1+2" },
    ];
    const filters = namedFilters("services", names);
    expect(encodeQuery({ table: "services", columns: ["host_name", "state"], filters })).toBe(
      "GET services\nResponseHeader: fixed16\nOutputFormat: json\nKeepAlive: on\nColumns: host_name state\n" +
        "Filter: host_name = web 1\nFilter: description = disk /var\nAnd: 2\n" +
        "Filter: host_name = büro\nFilter: description = #1+2\nAnd: 2\nOr: 2\n\n",
    );
  });

  it("asks for what was checked lately, slow checks longer, and for all that is in trouble", () => {
    expect(encodeQuery({ table: "hosts", columns: ["name"], filters: changedFilters(1_795_000_000.7) })).toContain(
      "Columns: name\nFilter: last_check >= 1794999985\nFilter: last_check >= 1794999850\nFilter: execution_time > 5\nAnd: 2\n" +
        "Filter: state != 0\nFilter: acknowledged != 0\nFilter: scheduled_downtime_depth != 0\nFilter: is_flapping != 0\nOr: 6\n\n",
    );
  });

  it("lets the server wait where that is asked for", () => {
    const wait = { trigger: "state", milliseconds: 1500 } as const;
    expect(encodeQuery({ table: "status", columns: ["program_start"], wait })).toMatch(
      /\nWaitTrigger: state\nWaitTimeout: 1500\n\n$/,
    );
  });

  it("arrives as it was meant, or is not sent", () => {
    const name = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom("\n", "\r", "\0", " ", "a", "ü", ":", "Filter: ", "\u2028", "\u0085") }),
    );
    fc.assert(
      fc.property(name, name, (host, check) => {
        if (!isSendable(host) || !isSendable(check)) {
          expect(() => byName(host, check)).toThrow(RangeError);
          return;
        }
        const arrived = decodeQuery(Buffer.from(byName(host, check)).toString("utf8"));
        expect(arrived.headers).toEqual([
          ["ResponseHeader", "fixed16"],
          ["OutputFormat", "json"],
          ["KeepAlive", "on"],
          ["Columns", "state"],
          ["Filter", `host_name = ${host}`.trim()],
          ["Filter", `description = ${check}`.trim()],
          ["And", "2"],
        ]);
      }),
      { numRuns: 300 },
    );
  });

  it("takes no table, column or count that is none", () => {
    expect(() => encodeQuery({ table: "hosts\nx", columns: [] })).toThrow(RangeError);
    expect(() => encodeQuery({ table: "hosts", columns: ["a b"] })).toThrow(RangeError);
    const wait = { trigger: "state", milliseconds: 0.5 } as const;
    expect(() => encodeQuery({ table: "hosts", columns: ["name"], wait })).toThrow(RangeError);
  });
});
