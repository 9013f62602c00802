/** The plugin against the pages' own app over a stored shop whose database is down. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Alarm } from "../../src/model/alarm.ts";
import { type Answer, main } from "../../src/plugin/main.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import { NOW, shop } from "../support/picture.ts";
import { depsOf, readerOf, type ServedApp, SOURCE, serveApp, storedShop } from "../support/web.ts";

const GONE: Alarm = {
  kind: "connection-gone",
  host: "app01",
  object: "app01/java -> db01:3306",
  peer: "db01",
  since: NOW - 600,
  severity: "WARNING",
  text: "app01/java is no longer connected to db01:3306",
  details: {},
};

const ALARMS: readonly Alarm[] = [
  GONE,
  {
    ...GONE,
    kind: "service-unused",
    host: "nfs01",
    object: "nfs01:2049",
    peer: null,
    severity: "INFO",
    text: "unused",
  },
];

let app: ServedApp;

beforeAll(async () => {
  const site = { ...storedShop(), sources: [SOURCE, { ...SOURCE, source: "branch", asOf: NOW - 900 }] };
  const alarms: MapReader["alarms"] = async (hosts) =>
    ALARMS.filter(({ host }) => hosts === undefined || (host !== null && hosts.includes(host)));
  const reader = { ...readerOf(site), alarms };
  app = await serveApp(depsOf(site, { reader }));
});
afterAll(() => app.close());

function plugin(...words: string[]): Promise<Answer> {
  return main(["-U", app.url, ...words], "1.2.3");
}

describe("mode impact", () => {
  it("tells whether a host is hit by something else, and by what", async () => {
    const { text, code } = await plugin("-H", "web01");
    expect(code).toBe(2);
    expect(text).toMatch(/^DOTM CRITICAL - web01: 1 service affected by db01\/MySQL \| affected=1;;;0 /);
  });

  it("is OK for what broke itself, as nothing else hits it", async () => {
    const { text, code } = await plugin("-H", "db01", "-s", "MySQL");
    expect([code, text]).toEqual([0, expect.stringContaining("db01/MySQL: no service is hit by a problem")]);
  });

  it("counts everything that is hit where no host is named, and holds it against the thresholds", async () => {
    const { impact } = shop();
    const services = impact.affected.filter(({ port }) => port !== null).length;
    expect((await plugin()).text).toMatch(new RegExp(`^DOTM CRITICAL - ${services} services affected by db01/MySQL`));
    expect((await plugin("-w", `${services}`, "-c", "100")).code).toBe(0);
    expect((await plugin("-w", "0", "-c", "100")).text).toContain(`affected=${services};0;100;0`);
    expect((await plugin("-w", "0", "-c", "100")).code).toBe(1);
  });

  it("says how hard, where it is not sure", async () => {
    const degrees = (degree: "degraded" | "potential") => {
      const { graphs, impacts = [] } = storedShop();
      const soften = <T>(value: T): T =>
        JSON.parse(JSON.stringify(value).replaceAll('"degree":"affected"', `"degree":"${degree}"`));
      return serveApp(depsOf({ graphs: new Map(soften([...graphs])), impacts: soften(impacts) }));
    };
    for (const [degree, said] of [
      ["degraded", "web01: 1 service degraded by db01/MySQL"],
      ["potential", "web01: 1 service potentially affected by db01/MySQL"],
    ] as const) {
      const other = await degrees(degree);
      const { code, text } = await main(["-U", other.url, "-H", "web01"], "1");
      await other.close();
      expect([code, text]).toEqual([1, expect.stringContaining(`DOTM WARNING - ${said} |`)]);
    }
  });

  it("counts what is hit also where the problems that do it cannot be told", async () => {
    const site = storedShop();
    const ranking = () => Promise.reject(new Error("too many"));
    const other = await serveApp(depsOf(site, { reader: { ...readerOf(site), ranking } }));
    const { code, text } = await main(["-U", other.url, "-H", "web01"], "1");
    await other.close();
    expect([code, text]).toEqual([2, expect.stringContaining("CRITICAL - web01: 1 service affected | affected=1;;;0")]);
  });

  it("names every service and problem with -v, and with -vvv what it asked", async () => {
    const lines = (await plugin("-H", "web01", "-vvv")).text.split("\n");
    expect(lines).toContain("web01:80 is affected");
    expect(lines).toContain("by db01/MySQL (root problem)");
    expect(lines.some((line) => line.startsWith(`GET ${app.url}/api/v1/hosts/web01`))).toBe(true);
  });

  it("says UNKNOWN, and what was meant, for a host or check that is not there", async () => {
    expect(await plugin("-H", "wbe01")).toEqual({ code: 3, text: expect.stringMatching(/^DOTM UNKNOWN - .*web01/) });
    expect(await plugin("-H", "web01", "-s", "Nope")).toEqual({
      code: 3,
      text: "DOTM UNKNOWN - web01 has no check Nope\n",
    });
  });

  it("finds a host by another case, as links do", async () => {
    expect((await plugin("-H", "WEB01")).text).toContain("web01: 1 service affected");
  });
});

describe("modes of age", () => {
  it("source-age: a stale source is CRITICAL, unless thresholds or the name say otherwise", async () => {
    const all = await plugin("-m", "source-age");
    expect([all.code, all.text]).toEqual([
      2,
      "DOTM CRITICAL - source branch: 900 s old, too old | nagios=4s;;;0 branch=900s;;;0\n",
    ]);
    expect((await plugin("-m", "source-age", "-w", "60", "-c", "1000")).code).toBe(1);
    expect((await plugin("-m", "source-age", "--source", "nagios")).code).toBe(0);
    expect((await plugin("-m", "source-age", "--source", "none")).code).toBe(3);
  });

  it("agent-age: the oldest report, and who is silent", async () => {
    const { text, code } = await plugin("-m", "agent-age");
    expect(text).toMatch(/ \| oldest=12s;;;0 agents=\d+;;;0 silent=\d+;;;0;\d+\n$/);
    expect(code).toBeLessThan(2);
    expect((await plugin("-m", "agent-age", "-H", "db01", "-c", "5")).code).toBe(2);
  });
});

describe("modes that count", () => {
  it("coverage in percent", async () => {
    const { text } = await plugin("-m", "coverage", "-w", "80:");
    expect(text).toMatch(/ service checks are understood \(\d+ %\) \| coverage=\d+(\.\d+)?%;80:;;0;100 checks=\d+/);
  });

  it("unused, disconnected, single alarms", async () => {
    expect(await plugin("-m", "disconnected")).toEqual({
      code: 1,
      text: expect.stringContaining("1 connection is gone: app01/java is no longer connected"),
    });
    expect((await plugin("-m", "unused")).code).toBe(1);
    expect((await plugin("-m", "unused", "-w", "5")).code).toBe(0);
    expect((await plugin("-m", "alarms", "-H", "nfs01")).code).toBe(0);
    expect((await plugin("-m", "alarms", "--object", GONE.object, "-c", "0")).code).toBe(2);
    expect((await plugin("-m", "alarms", "--kind", "agent-silent")).text).toContain("0 agents are silent");
  });
});

describe("whatever goes wrong is UNKNOWN on one line", () => {
  it.each([
    ["--nope"],
    ["-w", "20:10"],
    ["-m", "weather"],
    ["-s", "HTTP"],
    ["-U", "gopher://x"],
    ["-t", "soon"],
    ["extra"],
    ["--token-file", "/nonexistent/token"],
    ["--ca-file", "/nonexistent/ca"],
  ])("%s %s", async (...words: string[]) => {
    const { text, code } = await plugin(...words);
    expect([code, text]).toEqual([3, expect.stringMatching(/^DOTM UNKNOWN - [^\n|]+\n$/)]);
  });

  it("help and version", async () => {
    expect(await plugin("-V")).toEqual({ code: 3, text: "check_dotm 1.2.3\n" });
    expect((await plugin("-h")).text).toContain("@10:20 within it");
  });

  it("somebody else there, and nonsense", async () => {
    const other = createServer((request, response) => {
      response.end(request.url?.startsWith("/html") ? "<p>It works!</p>" : '{"apiVersion":"dotm/v1","items":7}');
    });
    await new Promise<void>((listening) => other.listen(0, "127.0.0.1", listening));
    const base = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const from = (path: string, ...words: string[]) => main(["-U", `${base}/${path}`, ...words], "1");
    expect((await from("html")).text).toBe("DOTM UNKNOWN - what answers there is not DOTM\n");
    expect((await from("odd")).code).toBe(0);
    expect((await from("odd", "-m", "source-age")).text).toBe("DOTM UNKNOWN - no source is configured\n");
    other.closeAllConnections();
    await new Promise((closed) => other.close(closed));
  });
});
