import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { Secret } from "../../src/config/secret.ts";
import { type CgiSourceOptions, createCgiSource } from "../../src/ingest/cgi-source.ts";
import type { Source } from "../../src/ingest/source.ts";
import { SILENT } from "../../src/logger.ts";
import type { ObjectsObserved, SourceObservation } from "../../src/model/monitoring.ts";
import { NOON } from "../support/builders.ts";
import { type CgiAnswer, type CgiServer, nagiosAnswer, startCgiServer } from "../support/cgi-server.ts";
import { isUnwell, isWell, Told } from "../support/told.ts";

const running: (Source | CgiServer)[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((each) => each.stop()));
});

const UP = { status: 2, has_been_checked: true, last_check: NOON * 1000 };
const CRITICAL = { ...UP, status: 16, plugin_output: "Connection refused" };

/** A Nagios that writes its status anew before each answer. */
function small(lists: Readonly<Record<string, object>> = {}, programStart = 1): CgiAnswer {
  let asOf = NOON;
  const base = { hostlist: { db1: UP, web1: UP }, servicelist: { db1: { MySQL: CRITICAL } } };
  return nagiosAnswer({ ...base, ...lists }, () => asOf++, programStart);
}

async function start(answer: CgiAnswer, options: Partial<CgiSourceOptions> = {}) {
  const server = await startCgiServer(answer);
  const told = new Told();
  let now = NOON;
  const source = createCgiSource({
    name: "mon",
    url: `${server.url}/`,
    user: null,
    password: null,
    ca: null,
    format: "auto",
    interval: 0.02,
    offset: () => 0,
    sink: told.sink,
    logger: SILENT,
    now: () => now,
    random: () => 1,
    ...options,
  });
  running.push(server, source);
  await source.start();
  return {
    server,
    told,
    source,
    later: (seconds: number) => {
      now += seconds;
    },
  };
}

const isObjects = (observation: SourceObservation): observation is ObjectsObserved => observation.kind === "objects";

const fixture = (name: string) => readFileSync(new URL(`../fixtures/cgi/${name}`, import.meta.url));

/** Answers with captured bytes by program and list. */
const captured: CgiAnswer = (program, query, response) => {
  try {
    response.end(fixture(`nagios-4.4.6-${program.replace(".cgi", "")}-${query.get("query")}.json`));
  } catch {
    response.writeHead(404).end();
  }
};

it("tells what a real Nagios 4.4.6 answered: states, configuration, comments and downtimes", async () => {
  const { told } = await start(captured);
  const { hosts, checks } = await told.until(isWell());
  expect({ hosts, checks }).toEqual({ hosts: 9, checks: 26 });
  const objects = await told.until(isObjects);
  expect(objects.hosts).toHaveLength(9);
  const [states] = told.states;
  expect(states).toMatchObject({ full: true, gone: [] });
  expect(states?.statuses.find(({ check }) => check === "HTTPS")).toMatchObject({
    command: expect.stringMatching(/^check_state!/),
  });
  const notes = told.all.find(({ kind }) => kind === "notes");
  expect(notes).toMatchObject({ downtimes: { length: 3 } });
});

it("tells afterwards only what changed, and says what is gone when it is missing twice", async () => {
  const { told, server } = await start(small());
  await told.until(isWell());
  told.clear();
  server.answer = small({ hostlist: { db1: UP }, servicelist: { db1: { MySQL: { ...CRITICAL, status: 2 } } } });
  const changed = await told.until((each) => each.kind === "states");
  expect(changed).toMatchObject({ full: false, statuses: [{ check: "MySQL", state: "OK" }], gone: [] });
  told.clear();
  expect(await told.until((each) => each.kind === "states")).toMatchObject({
    statuses: [],
    gone: [{ host: "web1", check: null }],
  });
});

it("takes no answer of more rows than there is memory for", async () => {
  const { told } = await start(small({ hostlist: Object.fromEntries(["a", "b", "c"].map((name) => [name, UP])) }), {
    most: 2,
  });
  expect(await told.until(isUnwell)).toMatchObject({
    error: expect.stringMatching(/ answers more than 2 rows\. Read its status\.dat or Livestatus/),
  });
  expect(told.states).toEqual([]);
});

it("takes nothing for gone that is back at the next reading", async () => {
  const { told, server } = await start(small());
  await told.until(isWell());
  server.answer = small({ hostlist: { db1: UP } });
  await server.nextRequest();
  const half = server.asked.length;
  server.answer = small();
  while (server.asked.length < half + 10) {
    await server.nextRequest();
  }
  expect(told.states).toHaveLength(1);
});

it("asks one thing at a time, the configuration only after a start, and no more than the hosts where nothing is new", async () => {
  const { told, server } = await start(nagiosAnswer({ hostlist: { db1: UP } }, () => NOON));
  await told.until(isWell());
  const lists = (asked: readonly string[]) =>
    asked.map((each) => /^(\w)\w+json\.cgi\?query=(\w+)/.exec(each)?.slice(1).join(" "));
  const objects = ["o hostlist", "o servicelist", "o hostgrouplist", "o servicegrouplist"];
  const rest = ["s servicelist", "s commentlist", "s downtimelist"];
  expect(lists(server.asked)).toEqual(["s hostlist", ...objects, ...rest]);
  await server.nextRequest();
  await server.nextRequest();
  expect(lists(server.asked.slice(8))).toEqual(["s hostlist", "s hostlist"]);
  server.asked.length = 0;
  server.answer = small();
  while (server.asked.length < 8) {
    await server.nextRequest();
  }
  expect(lists(server.asked).filter((each) => each?.startsWith("o"))).toEqual([]);
  server.asked.length = 0;
  server.answer = small({}, 2);
  while (server.asked.length < 12) {
    await server.nextRequest();
  }
  expect(lists(server.asked).filter((each) => each?.startsWith("o"))).toEqual(objects);
});

it("leaves a slow server in peace for twice as long as it answered, and counts what it told as fresh meanwhile", async () => {
  const times: number[] = [];
  const answer = small();
  const { told } = await start((program, query, response, request) => {
    times.push(performance.now());
    const isFirst = program === "statusjson.cgi" && query.get("query") === "hostlist";
    setTimeout(() => answer(program, query, response, request), isFirst ? 300 : 0);
  });
  const { staleAfter } = await told.until(isWell());
  const before = times.length;
  await told.until(isWell(NOON + 8));
  expect((times[before] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(900);
  expect(staleAfter).toBeGreaterThan(30 + 3 * 0.9);
});

it("tells states without the configuration where the server keeps that to itself", async () => {
  const answer = small();
  const { told } = await start((program, query, response, request) =>
    program === "objectjson.cgi" ? response.writeHead(403).end() : answer(program, query, response, request),
  );
  await told.until(isWell());
  expect(told.states).toHaveLength(1);
  expect(told.all.find(isObjects)).toBe(undefined);
});

it("reads the configuration again where the lists after it could not be read", async () => {
  const { told, server } = await start(small(), { random: () => 0 });
  await told.until(isWell());
  const reloaded = small({}, 2);
  server.answer = (program, query, response, request) => {
    const isFailing = program === "statusjson.cgi" && query.get("query") === "servicelist";
    return isFailing ? response.writeHead(500).end() : reloaded(program, query, response, request);
  };
  told.clear();
  await told.until(isUnwell);
  told.clear();
  server.answer = reloaded;
  await told.until(isWell(), 15_000);
  expect(told.all.filter(isObjects)).toHaveLength(1);
});

it("takes no host for gone of which only the row cannot be read", async () => {
  const { told, server } = await start(small());
  await told.until(isWell());
  told.clear();
  const answer = small();
  server.answer = (program, query, response, request) => {
    if (program === "statusjson.cgi" && query.get("query") === "hostlist") {
      const rows = `"db1": ${JSON.stringify(UP)}, "web1": {"status": nonsense}`;
      const result = `{"type_code": 0, "last_data_update": ${(NOON + server.asked.length) * 1000}, "program_start": 1000}`;
      response.end(`{"result": ${result}, "data": {"hostlist": {${rows}}}}`);
    } else {
      answer(program, query, response, request);
    }
  };
  const asked = server.asked.length;
  while (server.asked.length < asked + 4 * 4) {
    await server.nextRequest();
  }
  expect(told.all.some(isUnwell)).toBe(false);
  expect(told.states).toEqual([]);
});

it("names no user and no password of the address in what it tells, but logs in with them", async () => {
  const heard: (string | undefined)[] = [];
  const server = await startCgiServer((_, __, response, request) => {
    heard.push(request.headers.authorization);
    response.writeHead(500).end();
  });
  running.push(server);
  const { told } = await start(small(), { url: server.url.replace("//", "//dotm:s3cret@") });
  const { error } = await told.until(isUnwell);
  expect(error).toContain(`${server.url}/statusjson.cgi answers with status 500`);
  expect(error).not.toContain("s3cret");
  expect(heard[0]).toBe(`Basic ${Buffer.from("dotm:s3cret").toString("base64")}`);
});

it("counts objects without a name and tells what to do about it", async () => {
  const without: CgiAnswer = (program, query, response) => {
    const list = query.get("query") ?? "";
    const isCut = program === "statusjson.cgi" && ["hostlist", "servicelist"].includes(list);
    response.end(fixture(`nagios-4.4.6-${program.replace(".cgi", "")}-${list}${isCut ? "-without-locale" : ""}.json`));
  };
  const { told } = await start(without);
  const { hosts, checks, warning } = await told.until(isWell());
  expect({ hosts, checks }).toEqual({ hosts: 8, checks: 24 });
  expect(warning).toMatch(/^3 hosts, checks or notes come without their names\. .*locale.*status\.dat/);
});

describe("the classic way", () => {
  const classic =
    (files: Readonly<Record<string, string>>): CgiAnswer =>
    (program, query, response) => {
      const file = files[query.get("style") ?? "services"];
      if (program !== "status.cgi" || !query.has("jsonoutput")) {
        response.writeHead(404).end("<html>not here</html>");
      } else {
        response.setHeader("Date", new Date(Date.UTC(2024, 4, 31, 23, 10)).toUTCString());
        response.end(file === undefined ? '{"cgi_json_version":"1.6.0","status":{}}' : fixture(file));
      }
    };

  it("is found where there is no statusjson.cgi, and asked for hosts and checks together", async () => {
    const { told, server } = await start(
      classic({ hostservicedetail: "written-icinga-classic-1.9-hosts-services.json" }),
      {
        offset: () => 7200,
      },
    );
    const { hosts, checks, asOf } = await told.until(isWell());
    expect({ hosts, checks, asOf }).toEqual({ hosts: 12, checks: 40, asOf: Date.UTC(2024, 4, 31, 23, 10) / 1000 - 4 });
    expect(server.asked.map((each) => each.split("?")[0])).toEqual(["statusjson.cgi", "status.cgi"]);
  });

  it("is asked for hosts, then for checks, where the server does not give both", async () => {
    const files = {
      hostdetail: "written-icinga-classic-1.6-hosts.json",
      services: "written-icinga-classic-1.6-services.json",
    };
    const { told, server } = await start(classic(files), { format: "classic" });
    expect(await told.until(isWell())).toMatchObject({ hosts: 12, checks: 40 });
    await server.nextRequest();
    expect(server.asked).toEqual([
      "status.cgi?host=all&style=hostservicedetail&jsonoutput",
      "status.cgi?hostgroup=all&style=hostdetail&jsonoutput",
      "status.cgi?host=all&jsonoutput",
      "status.cgi?hostgroup=all&style=hostdetail&jsonoutput",
    ]);
  });

  it("tells no change where only an age in whole seconds was rounded otherwise", async () => {
    const [early, late] = ["0d  2h 30m  0s", "0d  2h 30m  1s"];
    const row = (duration: string) => ({
      host_name: "a",
      status: "DOWN",
      state_type: "HARD",
      duration,
      has_been_acknowledged: false,
    });
    let duration = early;
    const { told, server } = await start(
      (_, query, response) => {
        const list = query.get("style") === "hostdetail" ? { host_status: [row(duration)] } : { service_status: [] };
        response.end(JSON.stringify({ status: list }));
      },
      { format: "classic" },
    );
    await told.until(isWell());
    duration = late;
    const asked = server.asked.length;
    while (server.asked.length < asked + 6) {
      await server.nextRequest();
    }
    expect(told.states).toHaveLength(1);
  });
});

describe("a bad answer drops nothing and is told in words", () => {
  const sends = (status: number, body = "", headers: Readonly<Record<string, string>> = {}): CgiAnswer => {
    return (_, __, response) => response.writeHead(status, headers).end(body);
  };
  const cut: CgiAnswer = (_, __, response: ServerResponse) => {
    response.writeHead(200, { "Content-Length": "1000" });
    response.write('{"result": {"type_code": 0}, "data": {"hostlist": {"a": {"status": 2}');
    setImmediate(() => response.destroy());
  };

  it.each<[string, CgiAnswer, RegExp]>([
    ["a login", sends(401), /wants a user and a password\. Give user and password_file\.$/],
    ["a closed door", sends(403), /is forbidden to us\. Let this machine and user through/],
    ["another address", sends(302, "", { Location: "https://else/x" }), /sends us elsewhere\. .* https:\/\/else\/x$/],
    ["a broken program", sends(500, "<h1>Internal Server Error</h1>"), /answers with status 500\. .*error log/],
    ["nothing there", sends(404), /statusjson\.cgi does not exist\. Give the folder/],
    ["a web page", sends(200, "<!DOCTYPE html><title>Log in</title>"), /is not JSON\. .*login page/],
    ["nothing", sends(200), /answers nothing, as it does while Nagios is stopped\. Start Nagios/],
    ["half an answer", cut, /ends its answer early/],
    [
      "half an answer that looks whole",
      sends(200, '{"result":{"type_code":0},"data":{"hostlist":{'),
      /ends its answer early/,
    ],
    ["a refusal", sends(200, '{"result":{"type_code":5,"message":"Could not read it."}}'), /says: Could not read it\./],
    ["other JSON", sends(200, '{"hello": 1}'), /answers JSON of something else/],
    [
      "no hosts",
      sends(200, '{"result":{"type_code":0},"data":{"hostlist":{}}}'),
      /shows nobody no hosts\. .*default_user_name/,
    ],
  ])("%s", async (_, answer, text) => {
    const { told, server } = await start(small());
    await told.until(isWell());
    told.clear();
    server.answer = answer;
    const unwell = await told.until(isUnwell);
    expect(unwell).toMatchObject({ ok: false, hosts: 2, checks: 1, errors: 1 });
    expect(unwell.error).toContain(server.url);
    expect(unwell.error).toMatch(text);
    expect(told.states).toEqual([]);
  });

  it("neither way there", async () => {
    const { told } = await start(sends(404));
    expect((await told.until(isUnwell)).error).toMatch(/\/status\.cgi does not exist\. Give the folder/);
  });

  it("a server that hangs, before its answer and within it", async () => {
    const { told, server } = await start(small(), { patience: { silence: 0.2, total: 10 } });
    await told.until(isWell());
    told.clear();
    server.answer = (_, __, response) => void response.write('{"result":');
    expect((await told.until(isUnwell)).error).toMatch(/does not answer for 0\.2 s\. Look at the load/);
    expect(told.states).toEqual([]);
  });

  it("a server that switches to another protocol, which ends a request without a word", async () => {
    const { told, server } = await start(small());
    await told.until(isWell());
    const before = server.answer;
    told.clear();
    server.answer = (_, __, response) => {
      response.writeHead(101, { connection: "Upgrade", upgrade: "websocket" }).end();
    };
    expect((await told.until(isUnwell)).error).toContain("it answers 101 Switching Protocols");
    server.answer = before;
    await told.until(isWell());
  });

  it("a server that goes on and on", async () => {
    const { told } = await start(
      (_, __, response) => {
        response.write('{"data":{');
        const more = setInterval(() => response.write(" "), 20);
        response.on("close", () => clearInterval(more));
      },
      { patience: { silence: 5, total: 0.3 } },
    );
    expect((await told.until(isUnwell)).error).toMatch(/does not answer within 0\.3 s/);
  });

  it("no server at all, and the wrong password", async () => {
    const { told, server } = await start(sends(401), { user: "eve", password: new Secret("wrong") });
    expect((await told.until(isUnwell)).error).toMatch(
      /does not accept the password of eve\. Check user and password_file/,
    );
    await server.stop();
    running.splice(running.indexOf(server), 1);
    const { told: other } = await start(small(), { url: server.url });
    expect((await other.until(isUnwell)).error).toMatch(/nothing listens there\. Start the web server/);
  });
});

it("says who it is to a server that asks", async () => {
  const heard: (string | undefined)[] = [];
  const answer = small();
  const { told } = await start(
    (program, query, response, request) => {
      heard.push(request.headers.authorization);
      answer(program, query, response, request);
    },
    { user: "dotm", password: new Secret("pass:wörd") },
  );
  await told.until(isWell());
  expect(Buffer.from(heard[0]?.replace("Basic ", "") ?? "", "base64").toString()).toBe("dotm:pass:wörd");
});

it("forgets all of it when the monitoring has written nothing for as long as it is told to, and begins anew afterwards", async () => {
  const { told, server, later } = await start(
    nagiosAnswer({ hostlist: { db1: UP } }, () => NOON),
    { expire: 3600 },
  );
  await told.until(isWell());
  told.clear();
  later(3601);
  expect(await told.until((each) => each.kind === "states")).toMatchObject({ full: true, statuses: [] });
  told.clear();
  await server.nextRequest();
  await server.nextRequest();
  expect(told.states).toEqual([]);
  server.answer = nagiosAnswer({ hostlist: { db1: UP } }, () => NOON + 3600);
  expect(await told.until((each) => each.kind === "states")).toMatchObject({ full: true, statuses: [{ host: "db1" }] });
});

it("calls hosts by their alias where that is wanted and can be a name", async () => {
  const objects = {
    "objects.hostlist": {
      db1: { alias: "database-01", parent_hosts: ["web1"] },
      web1: { alias: "The old web server" },
    },
  };
  const { told } = await start(small(objects), { aliasesBut: new Set() });
  await told.until(isWell());
  expect(told.states[0]?.statuses.map(({ host }) => host)).toEqual(["database-01", "web1", "database-01"]);
  expect(told.all.find(isObjects)?.hosts).toMatchObject([
    { host: "database-01", alias: "db1", parents: ["web1"] },
    { host: "web1", alias: "The old web server" },
  ]);
});

it("stops while it is waiting for an answer, and tells nothing afterwards", async () => {
  const { told, server, source } = await start((_, __, response) => void response.write("{"));
  await server.nextRequest().catch(() => undefined);
  await source.stop();
  expect(told.all).toEqual([]);
});
