/** What the API of Icinga 2 may do to us, over real TLS; what needs a real Icinga 2 is in real/write-back.test.ts. */
import { mkdtempSync, rmSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { PassiveResult } from "../../nagios/passive-result.ts";
import { Secret } from "../../src/config/secret.ts";
import {
  createIcinga2Source,
  type Icinga2SourceOptions,
  type Icinga2SourceTimes,
} from "../../src/ingest/icinga2-source.ts";
import type { Source } from "../../src/ingest/source.ts";
import { type Logger, SILENT } from "../../src/logger.ts";
import type { SourceObservation } from "../../src/model/monitoring.ts";
import { icinga2Target } from "../../src/notify/icinga2-target.ts";
import { type Certificate, makeAuthority, makeCertificate } from "../support/certificates.ts";
import { FakeIcinga2, refuse } from "../support/fake-icinga2.ts";
import { FollowedSite } from "../support/followed-site.ts";
import { eventually } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { isUnwell, isWell } from "../support/told.ts";

const T = 1_795_000_000;

/** Quick where a test waits for it, and never where it does not. */
const TIMES: Icinga2SourceTimes = {
  ...{ watch: 600, patience: 5, settle: 0.01, resync: 600, first: 0.01, longest: 0.02, lasting: 600 },
};

const object = (name: string, more: object = {}) => ({
  ...{ name, state: 0, state_type: 1, last_reachable: true, check_attempt: 1, max_check_attempts: 3, ...more },
  ...{ last_check: T, last_check_result: { output: "OK" }, check_interval: 60, check_command: "http" },
});

function event(host: string, service: string, state: number): string {
  const vars_after = { attempt: 1, reachable: true, state, state_type: 1 };
  const check_result = { execution_end: T + 60, schedule_end: T + 60, output: `is ${state} Ü`, ttl: 0, vars_after };
  const of = { type: "CheckResult", host, service, timestamp: T + 60, acknowledgement: false, downtime_depth: 0 };
  return `${JSON.stringify({ ...of, check_result })}\n`;
}

const RESULT: PassiveResult = {
  ...{ host: "web01", check: "DOTM impact", state: 2, output: "DOTM CRITICAL - hit", details: [], figures: [], at: 5 },
};

/** Tells of ever more hosts, until the connection is closed. */
function endless(answer: ServerResponse, closed: () => void): true {
  answer.writeHead(200).write('{"results":[');
  let count = 0;
  const write = () => {
    count += 1;
    if (answer.write(`${JSON.stringify({ type: "Host", attrs: { name: `h${count}` } })},`)) {
      setImmediate(write);
    }
  };
  answer.on("drain", write).on("close", closed);
  write();
  return true;
}

describeReal("the API of Icinga 2", ["openssl"], () => {
  let folder: string;
  let authority: Certificate;
  let other: Certificate;
  let certificate: Certificate;
  let icinga: FakeIcinga2;
  let site: FollowedSite;
  let source: Source | undefined;
  let warnings: object[];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "dotm-fault-"));
    authority = makeAuthority(folder, "authority");
    other = makeAuthority(folder, "other");
    certificate = makeCertificate(folder, "icinga-master", authority);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeEach(async () => {
    icinga = new FakeIcinga2(certificate);
    icinga.hosts = [object("web"), object("db")];
    icinga.services = [object("HTTP", { host_name: "web" }), object("MySQL", { host_name: "db" })];
    await icinga.listen();
    site = new FollowedSite();
    warnings = [];
  });

  afterEach(async () => {
    await source?.stop();
    source = undefined;
    await icinga.close();
  });

  async function start(options: Partial<Icinga2SourceOptions> = {}): Promise<void> {
    const logger: Logger = { ...SILENT, warn: (fields) => void warnings.push(fields) };
    source = createIcinga2Source({
      ...{ name: "icinga", url: icinga.url, user: "dotm", password: new Secret("s3cret"), caFile: authority.cert },
      ...{ servername: "icinga-master", certFile: null, keyFile: null, queue: "dotm", sink: site.sink, logger },
      ...{ now: () => Date.now() / 1000, random: () => 0 },
      ...options,
      times: { ...TIMES, ...options.times },
    });
    await source.start();
  }

  const error = async () => (await site.told.until(isUnwell)).error;
  const isState = (check: string, state: string) => (each: SourceObservation) =>
    each.kind === "states" && each.statuses.some((status) => status.check === check && status.state === state);

  /** Answers at a path with `begin`, then a blank each ten milliseconds, for ever. */
  function trickles(where: string, begin: string): void {
    icinga.instead = ({ path }, answer) => {
      if (path !== where) {
        return false;
      }
      answer.writeHead(200).write(`${begin} `);
      const drops = setInterval(() => answer.write(" "), 10);
      answer.on("close", () => clearInterval(drops));
      return true;
    };
  }

  /** A target as `notify` has it, and one result sent there; what came of it. */
  async function sent(result: PassiveResult, more: object = {}) {
    const user = { user: "dotm", password: new Secret("s3cret"), caFile: authority.cert };
    const target = icinga2Target({
      name: "i",
      url: icinga.url,
      ttl: 180,
      servername: "icinga-master",
      ...user,
      ...more,
    });
    return await target.send([result], AbortSignal.timeout(20_000)).catch((reason: unknown) => reason);
  }

  const taken = () => {
    icinga.instead = ({ path }, answer) => {
      const isResult = path === "/v1/actions/process-check-result";
      if (isResult) {
        answer.writeHead(200, { "content-type": "application/json" }).end('{"results":[{"code":200}]}');
      }
      return isResult;
    };
  };

  it("C01 nothing is asked, and the error says which authority to set", async () => {
    await start({ caFile: other.cert });
    expect(await error()).toMatch(
      /is not signed by the authority in \S+other\.crt \(\w+\)\. Set ca_file to the ca\.crt of the Icinga 2 master/,
    );
    await source?.stop();
    site.told.clear();
    await start({ caFile: null });
    expect(await error()).toMatch(
      /no authority that this system knows signed .*\. Copy the ca\.crt .* and set ca_file/,
    );
    expect(String(await sent(RESULT, { caFile: other.cert }))).toMatch(/cannot be reached/);
    expect(icinga.asked).toEqual([]);
  });

  it("C02 nothing is asked, and the error names the certificate's name and `servername`", async () => {
    await start({ servername: null });
    expect(await error()).toBe(
      `the certificate of ${icinga.url} is for icinga-master. ` +
        "Set servername: icinga-master if that is the server you mean, or ask it by that name in url.",
    );
    expect(icinga.asked).toEqual([]);
  });

  it("C04 it is asked again slowly, the error says what to compare, and the password is in nothing that is told", async () => {
    icinga.instead = (_, answer) => {
      refuse(answer, 401, "Unauthorized. Please check your user credentials.");
      return true;
    };
    await start({ times: { first: 600, longest: 600, lasting: 0.02 } });
    expect(await error()).toMatch(/knows no such user or password \(401\)\. Compare user and password_file/);
    await eventually("a second attempt", async () => icinga.asked.length > 1 || undefined, 20_000, 5);
    expect(JSON.stringify([site.told.all, warnings])).not.toContain("s3cret");
  });

  it("C05 the error names both, a missing object and the missing permission", async () => {
    icinga.instead = ({ path }, answer) => {
      const isHosts = path === "/v1/objects/hosts";
      if (isHosts) {
        refuse(answer, 404, "No objects found.");
      }
      return isHosts;
    };
    await start();
    expect(await error()).toMatch(
      /404 \(No objects found\.\): a missing object or a missing permission\. Add "objects\/query\/Host" to the permissions/,
    );
  });

  it("C07 it is noticed by a question of its own, the old stream is given up, and what was told stays", async () => {
    await start({ times: { watch: 0.02, patience: 1 } });
    site.told.clear();
    icinga.instead = ({ path }) => path === "/v1";
    expect(await error()).toMatch(/gave no answer for 1 s\. Look whether Icinga 2 hangs/);
    await eventually("the old stream to be given up", async () => icinga.listeners === 0 || undefined, 20_000, 5);
    icinga.instead = () => false;
    await site.told.until(isWell());
    expect(site.told.states).toEqual([]);
  });

  it("C08 what was told stays, and it goes on when Icinga 2 is ready", async () => {
    await start();
    site.told.clear();
    icinga.instead = (_, answer) => {
      refuse(answer, 503, "Icinga is reloading");
      return true;
    };
    icinga.endStreams();
    expect(await error()).toMatch(/^https:\S+ is not ready \(503\)\. Nothing to do/);
    icinga.instead = () => false;
    await site.told.until(isWell());
    expect(site.told.states).toEqual([]);
  });

  it("C08 an answer that switches to another protocol is told, and what comes after it is read", async () => {
    icinga.instead = (_, answer) => {
      answer.writeHead(101, { connection: "Upgrade", upgrade: "websocket" }).end();
      return true;
    };
    await start();
    expect(await error()).toContain("it answers 101 Switching Protocols");
    icinga.instead = () => false;
    await site.told.until(isWell());
  });

  it("C10 an output is cut to 8 KiB before it is sent, never within a letter", async () => {
    taken();
    expect(await sent({ ...RESULT, details: ["ü".repeat(2_000_000)] })).toEqual({ refused: 0 });
    const output = String(icinga.asked[0]?.body["plugin_output"]);
    expect(Buffer.byteLength(output)).toBeGreaterThan(8_000);
    expect(Buffer.byteLength(output)).toBeLessThanOrEqual(8_192);
    expect(output).toMatch(/^DOTM CRITICAL - hit\nü+$/);
  });

  it("C11 events are read however they are cut", async () => {
    await start();
    const bytes = Buffer.from(event("web", "HTTP", 1) + event("db", "MySQL", 2));
    for (let at = 0; at < bytes.length; at += 7) {
      icinga.send(bytes.subarray(at, at + 7));
    }
    await site.told.until(isState("HTTP", "WARNING"));
    await site.told.until(isState("MySQL", "CRITICAL"));
  });

  it("C11 a line of 10 MB and one that is no JSON are left out, and everything is read again", async () => {
    await start();
    icinga.services = [object("HTTP", { host_name: "web", state: 1 }), object("MySQL", { host_name: "db" })];
    icinga.send(`{"x":"${"x".repeat(10_000_000)}"}\n{"type":\n`);
    await site.told.until(isState("HTTP", "WARNING"));
    icinga.send(event("db", "MySQL", 2));
    await site.told.until(isState("MySQL", "CRITICAL"));
    expect(warnings).toContainEqual(expect.objectContaining({ reason: "unreadable" }));
    expect(site.told.all.some(isUnwell)).toBe(false);
  });

  it("C12 one that trickles is given up after five times its patience, the first and the later ones", async () => {
    trickles("/v1", '{"results":[');
    await start({ times: { watch: 0.02, patience: 0.1 } });
    expect(await error()).toMatch(/ gave no whole answer for 0\.5 s\. Look whether Icinga 2 hangs/);
    icinga.instead = () => false;
    await site.told.until(isWell());
    site.told.clear();
    trickles("/v1", "");
    expect(await error()).toMatch(/ gave no whole answer for 0\.5 s/);
    icinga.instead = () => false;
    await site.told.until(isWell());
  });

  it("C12 one of more objects than there is memory for is broken off; what was told stays", async () => {
    await start({ most: 2000 });
    site.told.clear();
    let isClosed = false;
    icinga.instead = ({ path }, answer) =>
      path === "/v1/objects/hosts" &&
      endless(answer, () => {
        isClosed = true;
      });
    icinga.endStreams();
    expect(await error()).toMatch(/ answers with more than 1000 objects or \d+ bytes\. Is this the API of Icinga 2\?/);
    await eventually("the answer to be broken off", async () => isClosed || undefined, 20_000, 5);
    icinga.instead = () => false;
    await site.told.until(isWell());
    expect(site.told.states).toEqual([]);
  });

  it("C14 objects are named, never described: no question and no result has a filter", async () => {
    taken();
    const name = 'x" || true || "';
    expect(await sent({ ...RESULT, host: name })).toEqual({ refused: 0 });
    expect(icinga.asked[0]?.body).toMatchObject({ type: "Service", service: `${name}!DOTM impact` });
    icinga.services = [object(name, { host_name: "web" })];
    await start();
    icinga.send(`${JSON.stringify({ type: "AcknowledgementSet", host: "web", service: name, timestamp: T + 1 })}\n`);
    const isNamed = async () => icinga.asked.find(({ body }) => body["services"]);
    const asked = await eventually("it to be asked for", isNamed, 20_000, 5);
    expect(asked.body).toMatchObject({ services: [`web!${name}`] });
    expect(icinga.asked.filter(({ body, path }) => "filter" in body || path.includes("filter"))).toEqual([]);
  });

  it("C16 it is not followed, and the password goes nowhere else", async () => {
    const elsewhere = new FakeIcinga2(certificate);
    await elsewhere.listen();
    const location = `${elsewhere.url}/v1`;
    icinga.instead = (_, answer) => {
      answer.writeHead(302, { location }).end();
      return true;
    };
    await start();
    expect(await error()).toMatch(
      /sends us elsewhere \(302\), which is not followed\. Give the address of Icinga 2's API/,
    );
    expect(String(await sent(RESULT))).toMatch(/answers 302/);
    expect(elsewhere.asked).toEqual([]);
    await elsewhere.close();
  });

  it("C17 JSON is asked for with each question and each result", async () => {
    taken();
    await start();
    await sent(RESULT);
    expect(icinga.asked.length).toBeGreaterThan(5);
    expect(new Set(icinga.asked.map(({ headers }) => headers["accept"]))).toEqual(new Set(["application/json"]));
  });
});
