import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commandLine, icinga2Result, nrdpJson, nscaLine, type PassiveResult } from "../../nagios/passive-result.ts";

const RESULT: PassiveResult = {
  ...{ host: "web 01", check: "DOTM impact", state: 2, at: 1_795_348_800.7 },
  output: "DOTM CRITICAL - 1 service affected by db01/C:\\ | 5%",
  details: ["web01:80 nginx affected by web01/nginx > db01:3306", "https://dotm/graph?host=db01"],
  figures: [
    ["affected", 1],
    ["causes", 1],
  ],
};

describe("a result", () => {
  it("is one external command", () => {
    expect(commandLine(RESULT)?.toString()).toBe(
      "[1795348800] PROCESS_SERVICE_CHECK_RESULT;web 01;DOTM impact;2;" +
        "DOTM CRITICAL - 1 service affected by db01/C:\\\\ / 5% | affected=1 causes=1" +
        "\\nweb01:80 nginx affected by web01/nginx > db01:3306\\nhttps://dotm/graph?host=db01\n",
    );
  });

  it("is a line for NSCA, one for the form of NRDP, and an order for Icinga 2", () => {
    expect(nscaLine(RESULT)?.toString()).toBe(
      "web 01\tDOTM impact\t2\tDOTM CRITICAL - 1 service affected by db01/C:\\ / 5% | affected=1 causes=1",
    );
    expect(nscaLine({ ...RESULT, host: "a\tb" })).toBeUndefined();
    expect(JSON.parse(nrdpJson([RESULT])).checkresults).toMatchObject([
      { checkresult: { type: "service", checktype: "1" }, hostname: "web 01", servicename: "DOTM impact", state: "2" },
    ]);
    expect(icinga2Result(RESULT, 300, "dotm")).toMatchObject({
      ...{ type: "Service", service: "web 01!DOTM impact", exit_status: 2, ttl: 300, check_source: "dotm" },
      performance_data: ["affected=1", "causes=1"],
      plugin_output: expect.stringContaining("db01/C:\\ | 5%\nweb01:80"),
    });
  });

  it("fits into one whole write, whatever is in it, and breaks no letter and no escape", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 80 }),
        fc.array(fc.string({ unit: "grapheme", maxLength: 3_000 }), { maxLength: 3 }),
        fc.constantFrom("\\", "ü", "\n", "|", ""),
        (host, details, filler) => {
          const output = `${details.join(" ")}${filler.repeat(4_200)}`;
          const line = commandLine({ ...RESULT, host, output, details });
          if (line === undefined) {
            expect(host).toMatch(/[;\p{Cc}]/u);
            return;
          }
          const text = line.toString("utf8");
          expect(line.length).toBeLessThanOrEqual(4_096);
          expect(Buffer.from(text).equals(line) || /[\ud800-\udfff]/.test(output + host)).toBe(true);
          // Figures begin once, and what they are is ours.
          expect(text.split(";").slice(4).join(";").split("|").length).toBeLessThanOrEqual(2);
          expect([text.indexOf("\n"), text.endsWith("\n")]).toEqual([text.length - 1, true]);
          expect(/(?:^|[^\\])(?:\\\\)*\\\n$/.test(text)).toBe(false);
          expect(nscaLine({ ...RESULT, output })?.length).toBeLessThanOrEqual(511 + 30);
        },
      ),
      { numRuns: 60 },
    );
  });
});
