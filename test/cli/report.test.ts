import { describe, expect, it } from "vitest";
import { dotm } from "./run-command.ts";
import { storedSite } from "./stored-site.ts";

describe("dotm report", () => {
  it("prints what is wrong, what the site hangs on, and what nobody watches", async () => {
    const { code, out, err, closed } = await dotm(["report"]);
    expect({ code, err, closed }).toEqual({ code: 0, err: "", closed: 1 });
    expect(out).toBe(
      [
        "Alarms: 2",
        "SEVERITY  KIND                   HOST      OBJECT                      SINCE",
        "WARNING   connection-gone        web01     web01/php-fpm -> db01:3306  14 min",
        "INFO      service-without-check  backup01  backup01:873                24 h",
        "",
        "Single points of failure: 1",
        "SERVICE        PROCESS  NEEDED BY  CUTS OFF",
        "web01/php-fpm  php-fpm  1          1",
        "",
        "Services nobody watches: none",
        "",
      ].join("\n"),
    );
  });

  it("prints it whole as JSON, with moments for programs", async () => {
    const { out } = await dotm(["report", "-o", "json"]);
    expect(JSON.parse(out)).toMatchObject({
      apiVersion: "dotm/v1",
      kind: "Report",
      alarms: [
        {
          kind: "connection-gone",
          host: "web01",
          peer: "db01",
          since: "2026-11-22T13:58:02.000Z",
          text: expect.stringContaining("no longer connected"),
          details: { gaps: 0 },
        },
        { kind: "service-without-check" },
      ],
      singlePoints: [{ id: "web01/php-fpm", host: "web01", process: "php-fpm", dependents: 1, cutsOff: 1 }],
      unmonitored: [],
    });
  });

  it("prints one part for scripts", async () => {
    expect((await dotm(["report", "-o", "csv", "--part", "single-points"])).out).toBe(
      "SERVICE,PROCESS,NEEDED BY,CUTS OFF\r\nweb01/php-fpm,php-fpm,1,1\r\n",
    );
    expect((await dotm(["report", "-o", "name"])).out).toBe("web01/php-fpm -> db01:3306\nbackup01:873\n");
  });

  it("keeps to the hosts named, at either end of a connection, and to the kinds named", async () => {
    const of = async (...args: string[]) => (await dotm(["report", "-o", "name", ...args])).out;
    expect(await of("db01")).toBe("web01/php-fpm -> db01:3306\n");
    expect(await of("backup01")).toBe("backup01:873\n");
    expect(await of("--kind", "service-without-check")).toBe("backup01:873\n");
    expect(await of("web01", "--kind", "service-without-check")).toBe("");
  });

  it("names the host that was probably meant", async () => {
    const { code, err } = await dotm(["report", "wbe01"]);
    expect(code).toBe(3);
    expect(err).toContain("Try: dotm report web01");
  });

  it("ends with the worst severity in Nagios' numbers where asked to", async () => {
    expect((await dotm(["report", "--exit-code"])).code).toBe(1);
    expect((await dotm(["report", "backup01", "--exit-code"])).code).toBe(0);
    const quiet = storedSite({ alarms: async () => [] });
    expect((await dotm(["report", "--exit-code"], { reader: quiet })).code).toBe(0);
  });
});
