import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { Secret } from "../../src/config/secret.ts";
import {
  createIcinga2Source,
  type Icinga2SourceOptions,
  type Icinga2SourceTimes,
} from "../../src/ingest/icinga2-source.ts";
import type { Source } from "../../src/ingest/source.ts";
import type { Logger } from "../../src/logger.ts";
import { SILENT } from "../../src/logger.ts";
import type { SourceObservation } from "../../src/model/monitoring.ts";
import { type Certificate, makeAuthority, makeCertificate } from "../support/certificates.ts";
import { FakeIcinga2 } from "../support/fake-icinga2.ts";
import { eventually, freePort } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { isUnwell, isWell, Told } from "../support/told.ts";

const T = 1_795_000_000;

/** Quick where a test waits for it, and never where it does not. */
const TIMES: Icinga2SourceTimes = {
  ...{ watch: 600, patience: 5, settle: 0.01, resync: 600, first: 0.01, longest: 0.02, lasting: 600 },
};

const host = (name: string, more: object = {}) => ({
  ...{ name, state: 0, state_type: 1, last_reachable: true, check_attempt: 1, max_check_attempts: 3 },
  ...{ last_check: T, last_check_result: { output: "PING OK" }, check_interval: 60, check_command: "hostalive" },
  ...more,
});
const service = (host_name: string, name: string, more: object = {}) => ({
  ...host(name),
  host_name,
  check_command: "http",
  ...more,
});

function result(host: string, service: string, state: number, checked: number, more: object = {}): string {
  const vars_after = { attempt: 1, reachable: true, state, state_type: 1 };
  const check_result = { execution_end: checked, schedule_end: checked, output: `was ${state} Ü`, ttl: 0, vars_after };
  const event = {
    type: "CheckResult",
    host,
    service,
    timestamp: checked + 0.1,
    acknowledgement: false,
    downtime_depth: 0,
  };
  return `${JSON.stringify({ ...event, check_result, ...more })}\n`;
}

const touch = (type: string, host: string, service: string) =>
  `${JSON.stringify({ type, host, service, timestamp: T + 1, state: 2, state_type: 1 })}\n`;

describeReal("an Icinga 2 source", ["openssl"], () => {
  let folder: string;
  let authority: Certificate;
  let certificate: Certificate;
  let icinga: FakeIcinga2;
  let told: Told;
  let source: Source | undefined;
  let warnings: object[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "dotm-icinga-"));
    authority = makeAuthority(folder, "authority");
    certificate = makeCertificate(folder, "icinga-master", authority);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    icinga = new FakeIcinga2(certificate);
    icinga.hosts = [host("web"), host("db")];
    icinga.services = [service("web", "HTTP"), service("db", "MySQL")];
    await icinga.listen();
    told = new Told();
    warnings = [];
  });

  afterEach(async () => {
    await source?.stop();
    source = undefined;
    await icinga.close();
  });

  function make(options: Partial<Icinga2SourceOptions> = {}): Source {
    const logger: Logger = { ...SILENT, warn: (fields) => void warnings.push(fields) };
    source = createIcinga2Source({
      ...{ name: "icinga", url: icinga.url, user: "dotm", password: new Secret("s3cret"), caFile: authority.cert },
      ...{ servername: "icinga-master", certFile: null, keyFile: null, queue: "dotm", sink: told.sink, logger },
      ...{ now: () => Date.now() / 1000, random: () => 0 },
      ...options,
      times: { ...TIMES, ...options.times },
    });
    return source;
  }

  const start = (options: Partial<Icinga2SourceOptions> = {}) => make(options).start();
  const kinds = () => told.all.map(({ kind }) => kind);
  const isState = (check: string, state: string) => (observation: SourceObservation) =>
    observation.kind === "states" &&
    observation.statuses.some((status) => status.check === check && status.state === state);
  const statesOf = (check: string) =>
    told.states.flatMap(({ statuses }) =>
      statuses.filter((status) => status.check === check).map(({ state }) => state),
    );
  const error = async () => {
    const observation = await told.until(isUnwell);
    return observation.kind === "health" ? observation.error : null;
  };

  it("tells hosts, all states, what people noted, and its health when it starts", async () => {
    icinga.dependencies = [
      { parent_host_name: "db", child_host_name: "web", parent_service_name: "", child_service_name: "" },
    ];
    icinga.comments = [
      { __name: "web!1", host_name: "web", service_name: "", author: "ann", text: "hm", entry_type: 1 },
    ];
    await start();
    expect(kinds()).toEqual(["objects", "states", "notes", "health"]);
    expect(told.all[0]).toMatchObject({
      hosts: [
        { host: "db", parents: [] },
        { host: "web", parents: ["db"] },
      ],
    });
    expect(told.states[0]).toMatchObject({ source: "icinga", full: true, gone: [] });
    expect(told.states[0]?.statuses.map(({ host, check, state }) => [host, check, state])).toEqual([
      ...[
        ["web", null, "UP"],
        ["web", "HTTP", "OK"],
      ],
      ...[
        ["db", null, "UP"],
        ["db", "MySQL", "OK"],
      ],
    ]);
    expect(told.all[2]).toMatchObject({ comments: [{ host: "web", author: "ann", text: "hm" }], downtimes: [] });
    expect(told.all[3]).toMatchObject({
      ...{ kind: "health", type: "icinga2", ok: true, error: null, hosts: 2, checks: 2, errors: 0, staleAfter: 1805 },
    });
  });

  it("counts a dependency outside its period as none, and asks again whether one began or ended", async () => {
    const between = (child_host_name: string, period: string) => ({
      ...{ parent_host_name: "db", child_host_name, parent_service_name: "", child_service_name: "", period },
    });
    icinga.hosts.push(host("shop"));
    icinga.dependencies = [between("web", "nights"), between("shop", "days")];
    icinga.timeperiods = [
      { name: "nights", is_inside: false },
      { name: "days", is_inside: true },
    ];
    const parents = (web: readonly string[], shop: readonly string[]) => (each: SourceObservation) =>
      each.kind === "objects" &&
      isDeepStrictEqual(
        each.hosts.map((one) => one.parents),
        [[], shop, web],
      );
    await start({ times: { watch: 0.05 } });
    expect(parents([], ["db"])(told.all[0] as SourceObservation)).toBe(true);
    icinga.timeperiods = [
      { name: "nights", is_inside: true },
      { name: "days", is_inside: false },
    ];
    await told.until(parents(["db"], []));
  });

  it("takes dependencies with a period for always there where it may not read periods", async () => {
    icinga.permissions = ["objects/query/Host", "objects/query/Service", "objects/query/Dependency", "events/*"];
    icinga.dependencies = [{ parent_host_name: "db", child_host_name: "web", period: "nights" }];
    await start();
    expect(told.all[0]).toMatchObject({ hosts: [{ host: "db" }, { host: "web", parents: ["db"] }] });
    expect(icinga.count("/v1/objects/timeperiods")).toBe(0);
    expect(warnings).toEqual([expect.objectContaining({ add: expect.stringContaining("objects/query/TimePeriod") })]);
  });

  it("asks as Icinga 2 wants to be asked: JSON, no filter, and the stream before anything is read", async () => {
    await start();
    expect(icinga.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      ...["GET /v1", "POST /v1/events", "POST /v1/objects/hosts", "POST /v1/objects/services"],
      ...["POST /v1/objects/dependencies", "POST /v1/objects/comments", "POST /v1/objects/downtimes"],
    ]);
    for (const { path, headers, body } of icinga.asked) {
      expect(headers["accept"]).toBe("application/json");
      expect(headers["authorization"]).toBe(`Basic ${Buffer.from("dotm:s3cret").toString("base64")}`);
      expect(headers["x-http-method-override"]).toBe(path.startsWith("/v1/objects/") ? "GET" : undefined);
      expect(body).not.toHaveProperty("filter");
    }
    expect(icinga.asked[1]?.body).toMatchObject({
      queue: "dotm",
      types: expect.arrayContaining(["CheckResult", "ObjectDeleted"]),
    });
    expect(icinga.asked[2]?.body).toMatchObject({
      attrs: expect.arrayContaining(["state", "last_check_result", "vars"]),
    });
  });

  it("tells what an event brings, and no more", async () => {
    await start();
    told.clear();
    icinga.send(result("web", "HTTP", 2, T + 60));
    await told.until(isState("HTTP", "CRITICAL"));
    expect(told.states).toHaveLength(1);
    expect(told.states[0]).toMatchObject({
      ...{ full: false, gone: [] },
      statuses: [
        { host: "web", check: "HTTP", lastCheck: T + 60, lastChange: T + 60, output: "was 2 Ü", command: "http" },
      ],
    });
  });

  it("reads everything again when the stream ends, a half line notwithstanding, and tells only what is different", async () => {
    await start();
    told.clear();
    icinga.hosts = [host("web"), host("new")];
    icinga.services = [service("web", "HTTP", { state: 2, last_check: T + 90 })];
    icinga.send(result("web", "HTTP", 1, T + 60).slice(0, 200));
    icinga.endStreams();
    await told.until(isState("HTTP", "CRITICAL"));
    await told.until(isWell());
    expect(kinds()).toEqual(["objects", "states", "health"]);
    expect(told.states[0]).toMatchObject({
      full: false,
      gone: [
        { host: "db", check: null },
        { host: "db", check: "MySQL" },
      ],
    });
    expect(told.states[0]?.statuses.map(({ host, check }) => `${host}/${check}`).sort()).toEqual([
      "new/null",
      "web/HTTP",
    ]);
  });

  it("looks at the events that came while it read: older ones than what it read change nothing", async () => {
    icinga.services = [service("web", "HTTP", { state: 2, last_check: T + 50 }), service("db", "MySQL")];
    icinga.instead = (asked) => {
      if (asked.path === "/v1/objects/services") {
        // Of HTTP an OK from before what the answer says, of MySQL a CRITICAL from after it.
        icinga.send(result("web", "HTTP", 0, T + 40) + result("db", "MySQL", 2, T + 60));
      }
      return false;
    };
    await start();
    await told.until(isState("MySQL", "CRITICAL"));
    expect(statesOf("HTTP")).toEqual(["CRITICAL"]);
    expect(statesOf("MySQL")).toEqual(["OK", "CRITICAL"]);
  });

  it("never lets a state jump back while events and readings of everything cross", async () => {
    await start({ times: { resync: 0.02 } });
    for (let turn = 1; turn <= 40; turn++) {
      const state = turn % 2 === 0 ? 0 : 2;
      icinga.services = [service("web", "HTTP", { state, last_check: T + turn }), service("db", "MySQL")];
      icinga.send(result("web", "HTTP", state, T + turn));
      await told.until(
        (told) => told.kind === "states" && told.statuses.some(({ lastCheck }) => lastCheck === T + turn),
      );
    }
    const checks = told.states.flatMap(({ statuses }) => statuses.filter(({ check }) => check === "HTTP"));
    const times = checks.map(({ lastCheck }) => lastCheck);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(icinga.count("/v1/objects/services")).toBeGreaterThan(2);
  });

  it("asks for the object of which an event does not tell all", async () => {
    icinga.services = [service("web", "HTTP", { state: 2 }), service("db", "MySQL", { state: 2 })];
    await start();
    told.clear();
    icinga.services = [
      service("web", "HTTP", { state: 2, acknowledgement: 2, downtime_depth: 1 }),
      service("db", "MySQL", { state: 2, acknowledgement: 1 }),
    ];
    icinga.send(touch("AcknowledgementSet", "web", "HTTP"));
    await told.until((observation) => observation.kind === "states");
    expect(told.states[0]?.statuses).toEqual([
      expect.objectContaining({
        check: "HTTP",
        acknowledgement: "sticky",
        downtimeDepth: 1,
        state: "CRITICAL",
        command: "http",
      }),
    ]);
    expect(icinga.asked.at(-1)?.body).toMatchObject({ services: ["web!HTTP"] });
  });

  it("asks for the object of which several results came at once, since only it knows when it became what it is", async () => {
    await start();
    told.clear();
    icinga.services = [service("web", "HTTP", { state: 2, last_check: T + 62, last_state_change: T + 60 })];
    icinga.send(result("web", "HTTP", 1, T + 60) + result("web", "HTTP", 2, T + 62));
    await told.until((told) => told.kind === "states" && told.statuses.some(({ lastChange }) => lastChange === T + 60));
    expect(statesOf("HTTP").at(-1)).toBe("CRITICAL");
  });

  it("asks a second time where a connection was used again that Icinga 2 had just given up", async () => {
    icinga.instead = (asked, answer) => {
      const isFirst = asked.path === "/v1/objects/comments" && icinga.count(asked.path) === 1;
      if (isFirst) {
        answer.socket?.destroy();
      }
      return isFirst;
    };
    await start();
    expect(kinds()).toEqual(["objects", "states", "notes", "health"]);
    expect(icinga.count("/v1/objects/comments")).toBe(2);
  });

  it("asks for notes again when one comes or goes", async () => {
    await start();
    told.clear();
    icinga.comments = [{ __name: "web!HTTP!1", host_name: "web", service_name: "HTTP", author: "ann", text: "mine" }];
    icinga.send(`{"type":"CommentAdded","timestamp":${T},"comment":{"host_name":"web","service_name":"HTTP"}}\n`);
    expect(await told.until(({ kind }) => kind === "notes")).toMatchObject({
      comments: [{ check: "HTTP", text: "mine" }],
    });
  });

  it("reads everything again after a change of the configuration, once for many", async () => {
    await start({ times: { settle: 0.05 } });
    const before = icinga.count("/v1/objects/hosts");
    icinga.hosts = [...icinga.hosts, host("new")];
    const created = `{"object_name":"new","object_type":"Host","timestamp":${T},"type":"ObjectCreated"}\n`;
    icinga.send(created.repeat(50));
    await told.until(
      (observation) => observation.kind === "objects" && observation.hosts.some(({ host }) => host === "new"),
    );
    expect(icinga.count("/v1/objects/hosts")).toBe(before + 1);
  });

  it("looks for an object it does not know, once", async () => {
    await start();
    const before = icinga.count("/v1/objects/hosts");
    icinga.send(result("hidden", "HTTP", 2, T + 60));
    await eventually(
      "a reading of everything",
      async () => icinga.count("/v1/objects/hosts") > before || undefined,
      5000,
      5,
    );
    icinga.send(result("hidden", "HTTP", 2, T + 61));
    icinga.send(result("web", "HTTP", 2, T + 62));
    await told.until(isState("HTTP", "CRITICAL"));
    expect(icinga.count("/v1/objects/hosts")).toBe(before + 1);
  });

  it("says so when Icinga 2 ends its stream before everything was read, and goes on when it no more does", async () => {
    icinga.instead = ({ path }) => {
      if (path === "/v1/objects/hosts") {
        icinga.endStreams();
        return true;
      }
      return false;
    };
    await start();
    expect(await error()).toMatch(/ended its stream of events before everything was read\. Look at Icinga 2's own log/);
    icinga.instead = () => false;
    await told.until(isWell());
  });

  it("keeps everything when an answer is cut short, names no host at all, or holds something else", async () => {
    await start();
    told.clear();
    // A connection that reads just then is ended, too, and says so: what is wrong with the answer comes after it.
    const bad = async (wrong: RegExp, text: string, declared: number, path = "/v1/objects/services") => {
      const seen = told.all.length;
      icinga.instead = (asked, answer) => {
        if (asked.path !== path) {
          return false;
        }
        answer.writeHead(200, { "content-length": declared });
        answer.write(text, () => answer.destroy());
        return true;
      };
      icinga.endStreams();
      await told.until((each) => told.all.indexOf(each) >= seen && isUnwell(each) && wrong.test(each.error ?? ""));
    };
    const object = JSON.stringify({ attrs: service("web", "HTTP", { state: 2 }), type: "Service" });
    await bad(/broke the connection off|broke its answer off/, `{"results":[${object},{"at`, 5000);
    await bad(/an answer holds what is no Service/, `{"results":[{"attrs":{}}]}`, 26);
    await bad(/no host at all/, `{"results":[]}`, 14, "/v1/objects/hosts");
    expect(told.states).toEqual([]);
  });

  it("names the permissions to add where needed ones are missing", async () => {
    icinga.permissions = ["objects/query/Host", "events/*"];
    await start();
    expect(await error()).toBe(
      "the API user dotm may not read what is needed. " +
        'Add "objects/query/Service", "objects/query/Dependency", "objects/query/TimePeriod", "objects/query/Comment", ' +
        '"objects/query/Downtime" ' +
        'to the permissions of the ApiUser "dotm", and reload Icinga 2.',
    );
    expect(icinga.listeners).toBe(0);
  });

  it("does without what is not permitted and not needed, and names it in the log", async () => {
    icinga.permissions = ["objects/query/Host", "objects/query/Service", "events/StateChange"];
    await start();
    expect(told.all.at(-1)).toMatchObject({ kind: "health", ok: true });
    expect(icinga.asked[1]?.body).toMatchObject({ types: ["StateChange"] });
    expect(icinga.count("/v1/objects/comments")).toBe(0);
    expect(warnings).toEqual([expect.objectContaining({ add: expect.stringContaining('"events/CheckResult", ') })]);
  });

  it("tells in its health that it is still there, while nothing happens", async () => {
    await start({ times: { watch: 0.02 } });
    told.clear();
    const first = await told.until(isWell());
    await told.until(isWell(first.asOf + 0.01));
    expect(new Set(kinds())).toEqual(new Set(["health"]));
  });

  it("tells nothing after it was stopped, whatever was under way", async () => {
    let held: ServerResponse | undefined;
    icinga.instead = (asked, answer) => {
      held = asked.path === "/v1/objects/hosts" ? answer : undefined;
      return held !== undefined;
    };
    const starting = start();
    await eventually("hosts to be asked for", async () => held, 20_000, 5);
    await source?.stop();
    await starting;
    held?.end('{"results":[]}');
    expect(told.all).toEqual([]);
    await eventually("no open stream", async () => icinga.listeners === 0 || undefined, 20_000, 5);
  });

  it("tells a port that nobody listens at from a name that nobody knows", async () => {
    const port = await freePort();
    await start({ url: `https://127.0.0.1:${port}` });
    expect(await error()).toBe(
      `nobody listens at https://127.0.0.1:${port}. Start Icinga 2 with its API (icinga2 feature enable api), or correct url.`,
    );
    await source?.stop();
    told.clear();
    await start({ url: "https://nowhere.invalid:5665" });
    expect(await error()).toMatch(/^the name of the host in https:\/\/nowhere\.invalid:5665 is not known here/);
  });

  it("tells a port of plain HTTP from one that never answers", async () => {
    const plain = createHttpServer((_, answer) => answer.end("hello"));
    const silent = createServer(() => undefined);
    const url = async (server: Server) => {
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      const address = server.address();
      return `https://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
    };
    await start({ url: await url(plain) });
    expect(await error()).toMatch(/does not speak TLS\. Correct url: the API of Icinga 2 speaks TLS/);
    await source?.stop();
    told.clear();
    await start({ url: await url(silent), times: { patience: 0.1 } });
    expect(await error()).toMatch(/gave no answer for 0\.1 s/);
    await source?.stop();
    plain.close();
    silent.close();
  });

  it("names the file of an authority that cannot be read", async () => {
    await start({ caFile: join(folder, "nowhere.crt") });
    expect(await error()).toMatch(/nowhere\.crt cannot be read: ENOENT.*Correct ca_file/);
    expect(icinga.asked).toEqual([]);
  });

  it("refuses a certificate that has expired", async () => {
    const old = new FakeIcinga2(makeCertificate(folder, "icinga-master", authority, -1));
    await old.listen();
    await start({ url: old.url });
    expect(await error()).toMatch(/has expired\. Renew it/);
    expect(old.asked).toEqual([]);
    await source?.stop();
    await old.close();
  });

  it("logs in by a certificate of its own, where Icinga 2 knows its user by one", async () => {
    const client = makeCertificate(folder, "dotm-client", authority);
    const strict = new FakeIcinga2(certificate, { ca: readFileSync(authority.cert) });
    strict.hosts = [host("web")];
    await strict.listen();
    const noPassword = { url: strict.url, user: null, password: null };
    await start({ ...noPassword, certFile: client.cert, keyFile: client.key });
    expect(told.all.at(-1)).toMatchObject({ kind: "health", ok: true, hosts: 1 });
    expect(strict.asked[0]?.headers["authorization"]).toBeUndefined();
    await source?.stop();
    told.clear();
    await start(noPassword);
    expect(await error()).toMatch(
      /refuses our certificate: tlsv13 alert certificate required\. Set cert_file and key_file/,
    );
    await source?.stop();
    await strict.close();
  });
});
