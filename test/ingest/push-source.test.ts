import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import { Secret } from "../../src/config/secret.ts";
import { createPushSource } from "../../src/ingest/create-push-source.ts";
import { type PushFormat, PushSource } from "../../src/ingest/push-source.ts";
import { type Logger, SILENT } from "../../src/logger.ts";
import { monitored, objects, rules } from "../support/builders.ts";
import { Told } from "../support/told.ts";

const T = 1_795_000_000;

let folder: string;
let told: Told;
let now: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-push-"));
  told = new Told();
  now = T;
});

afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true, force: true });
});

const byAddress = (host: string) => (host === "10.0.0.21" ? "db01" : host);

interface StartOptions {
  readonly token?: Secret | null;
  readonly site?: string | null;
  readonly nameOf?: (host: string) => string;
  readonly namedBy?: () => unknown;
  readonly logger?: Logger;
}

async function start({
  token = null,
  site = null,
  nameOf = byAddress,
  namedBy = () => ({}),
  logger = SILENT,
}: StartOptions = {}) {
  const config = { name: "alerts", site, type: "push", token, staleAfter: 600 } as const;
  const source = createPushSource(config, {
    sink: told.sink,
    logger,
    now: () => now,
    dataDir: folder,
    naming: { nameOf, namedBy },
  });
  await source.start();
  return source;
}

/** A source that holds no more than `most` hosts and checks. */
async function startSmall(most: number, mostText?: number) {
  const file = join(folder, "pushed/alerts.json");
  const given = { sink: told.sink, logger: SILENT, now: () => now, naming: { nameOf: byAddress, namedBy: () => null } };
  const source = new PushSource({
    ...given,
    name: "alerts",
    token: null,
    staleAfter: 600,
    file,
    most,
    ...(mostText === undefined ? {} : { mostText }),
  });
  await source.start();
  return source;
}

function push(
  source: PushSource,
  body: unknown,
  format: PushFormat = "events",
  authorization?: string,
  isLocal = true,
) {
  return source.accept({ format, raw: Buffer.from(JSON.stringify(body)), authorization, isLocal });
}

const MYSQL = { host: "db01", check: "MySQL", state: "CRITICAL" };

describe("a source that is told", () => {
  it("tells on what differs, and since when it is so", async () => {
    const source = await start();
    expect(await push(source, MYSQL)).toEqual({ status: 200, body: { accepted: 1, refused: 0, reasons: [] } });
    now = T + 60;
    await push(source, { ...MYSQL, output: "still" });
    now = T + 120;
    await push(source, [MYSQL, { ...MYSQL, state: "OK" }]);
    expect(
      told.states.map(({ full, statuses }) => [full, statuses.map(({ state, lastChange }) => [state, lastChange])]),
    ).toEqual([
      [false, [["CRITICAL", T]]],
      [false, [["CRITICAL", T]]],
      [false, [["OK", T + 120]]],
    ]);
    expect(told.all.at(-1)).toMatchObject({
      kind: "health",
      type: "push",
      ok: true,
      asOf: T + 120,
      hosts: 1,
      checks: 1,
    });
  });

  it("takes no event that is older than what it knows", async () => {
    const source = await start();
    await push(source, { ...MYSQL, time: T - 10 });
    told.clear();
    await push(source, { ...MYSQL, state: "OK", time: T - 20 });
    expect(told.states).toEqual([]);
  });

  it("takes what is told after its own clock was set back", async () => {
    const source = await start();
    now = T + 7_200;
    await push(source, { ...MYSQL, time: now });
    await push(source, { ...MYSQL, check: "SSH", time: now });
    now = T;
    await push(source, { ...MYSQL, state: "OK", time: T });
    expect(told.states.at(-1)).toMatchObject({ statuses: [{ check: "MySQL", state: "OK", lastCheck: T }] });
    await push(source, { host: "db01", check: "SSH", gone: true, time: T });
    expect(told.states.at(-1)).toMatchObject({ gone: [{ host: "db01", check: "SSH" }] });
  });

  it("tells that something is gone", async () => {
    const source = await start();
    await push(source, MYSQL);
    await push(source, { host: "db01", check: "MySQL", gone: true });
    expect(told.states.at(-1)).toMatchObject({ statuses: [], gone: [{ host: "db01", check: "MySQL" }] });
  });

  it("calls a check as bad as the worst alert of its name that fires", async () => {
    const source = await start();
    const alert = (fingerprint: string, status: string, severity: string) => ({
      ...{
        status,
        fingerprint,
        startsAt: new Date((T - 300) * 1000).toISOString(),
        annotations: { summary: fingerprint },
      },
      labels: { alertname: "Disk", instance: "10.0.0.21:9100", severity },
    });
    const send = (...alerts: object[]) => push(source, { version: "4", alerts }, "alertmanager");
    await send(alert("sda", "firing", "warning"), alert("sdb", "firing", "critical"));
    await send(alert("sdb", "resolved", "critical"));
    await send(alert("sda", "resolved", "warning"));
    const seen = told.states.flatMap(({ statuses }) => statuses);
    expect(seen.map(({ host, state, output, lastChange }) => [host, state, output, lastChange])).toEqual([
      ["db01", "CRITICAL", "sdb", T - 300],
      ["db01", "WARNING", "sda", T],
      ["db01", "OK", "resolved", T],
    ]);
  });

  it("tells after a restart what it had acknowledged", async () => {
    const before = await start();
    await push(before, [MYSQL, { host: "db01", state: "UP" }]);
    told.clear();
    now = T + 1000;
    const source = await start();
    expect(told.states).toMatchObject([{ full: true, statuses: [{ check: "MySQL", lastChange: T }, { check: null }] }]);
    expect(told.all.at(-1)).toMatchObject({ kind: "health", asOf: T, staleAfter: 600 });
    told.clear();
    await push(source, { ...MYSQL, state: "OK" });
    expect(told.states).toMatchObject([{ statuses: [{ check: "MySQL", state: "OK" }] }]);
  });

  it("has kept everything it answered with 200, however many pushed at once", async () => {
    const source = await start();
    const names = Array.from({ length: 50 }, (_, n) => `host${n}`);
    const answers = await Promise.all(names.map((host) => push(source, { host, state: "DOWN" })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    told.clear();
    await start();
    expect(told.states[0]?.statuses).toHaveLength(50);
    expect(readdirSync(join(folder, "pushed"))).toEqual(["alerts.json"]);
  });

  it("does not acknowledge what it cannot keep", async () => {
    const source = await start();
    writeFileSync(join(folder, "pushed"), "a file where a folder should be");
    expect((await push(source, MYSQL)).status).toBe(503);
    expect(told.all.find(({ kind }) => kind === "health" && told.all.length > 0)).toBeDefined();
    expect(told.all.filter(({ kind }) => kind === "health").at(-1)).toMatchObject({ ok: false, errors: 1 });
  });

  it("keeps its hosts apart at a site of its own", async () => {
    const source = await start({ site: "munich" });
    await push(source, { host: "10.0.0.21", state: "UP" });
    expect(told.states[0]?.statuses).toMatchObject([{ host: "munich!10.0.0.21" }]);
  });
});

describe("who may push", () => {
  it("programs on this machine, where there is no token", async () => {
    const source = await start();
    expect((await push(source, MYSQL)).status).toBe(200);
    expect(await push(source, MYSQL, "events", undefined, false)).toMatchObject({
      status: 403,
      body: { next: expect.stringContaining("token_file") },
    });
  });

  it("whoever brings the token, and nobody else", async () => {
    const source = await start({ token: new Secret("s3cret") });
    expect((await push(source, MYSQL, "events", "Bearer s3cret", false)).status).toBe(200);
    for (const authorization of [undefined, "Bearer wrong", "Basic s3cret"]) {
      expect((await push(source, MYSQL, "events", authorization)).status).toBe(401);
    }
  });
});

it("answers in words what it cannot take", async () => {
  const source = await start();
  expect(
    await source.accept({ format: "events", raw: Buffer.from("{"), authorization: undefined, isLocal: true }),
  ).toMatchObject({ status: 400 });
  expect(await push(source, [{ host: "a::b", state: "UP" }])).toEqual({
    status: 422,
    body: { accepted: 0, refused: 1, reasons: [{ index: 0, reason: "host name with ::" }] },
  });
});

describe("hosts that the picture comes to know later", () => {
  let names: Map<string, string>;
  const nameOf = (host: string) => names.get(host) ?? host;
  const alert = (status: string, instance: string) => ({
    alerts: [{ status, fingerprint: "a", labels: { alertname: "Disk", instance, severity: "critical" } }],
  });

  beforeEach(() => {
    names = new Map();
  });

  it("resolves an alert that was told before its host was known", async () => {
    await push(await start({ nameOf }), alert("firing", "web01.example.com:9100"), "alertmanager");
    names.set("web01.example.com", "web01");
    told.clear();
    const source = await start({ nameOf });
    expect(told.states).toMatchObject([{ full: true, statuses: [{ host: "web01", state: "CRITICAL" }] }]);
    await push(source, alert("resolved", "web01.example.com:9100"), "alertmanager");
    expect(told.states.at(-1)).toMatchObject({ statuses: [{ host: "web01", check: "Disk", state: "OK" }], gone: [] });
  });

  it("takes the old name back at the next push, whatever that is about", async () => {
    const source = await start({ nameOf });
    await push(source, [{ ...MYSQL, host: "web01.example.com" }, MYSQL]);
    names.set("web01.example.com", "web01");
    told.clear();
    await push(source, { host: "other", state: "UP" });
    expect(told.states).toMatchObject([
      {
        full: false,
        statuses: [
          { host: "web01", check: "MySQL" },
          { host: "other", check: null },
        ],
        gone: [{ host: "web01.example.com", check: "MySQL" }],
      },
    ]);
    told.clear();
    await push(source, { ...MYSQL, state: "OK" });
    expect(told.states).toMatchObject([{ statuses: [{ host: "db01" }], gone: [] }]);
  });

  it("tells the newer where two names turn out to be one host, and takes both back by that host's name", async () => {
    const source = await start({ nameOf });
    await push(source, { ...MYSQL, host: "web01.example.com", state: "WARNING", time: T - 10 });
    await push(source, { ...MYSQL, host: "web01", time: T - 20 });
    names.set("web01.example.com", "web01");
    told.clear();
    await push(source, []);
    expect(told.states).toMatchObject([{ statuses: [{ host: "web01", state: "WARNING" }] }]);
    await push(source, { host: "web01", check: "MySQL", gone: true });
    expect(told.states.at(-1)).toMatchObject({ statuses: [], gone: [{ host: "web01", check: "MySQL" }] });
    told.clear();
    await start({ nameOf });
    expect(told.states).toEqual([]);
  });

  it("asks for the name of a host once, however many events speak of it, and again only where it may differ", async () => {
    let asked = 0;
    const nameOf = (host: string) => {
      asked++;
      return host;
    };
    let namedBy = {};
    const source = await start({ nameOf, namedBy: () => namedBy });
    const events = Array.from({ length: 500 }, (_, n) => ({ ...MYSQL, check: `check ${n}` }));
    await push(source, events);
    await push(source, events);
    expect(asked).toBe(1);
    namedBy = {};
    await push(source, []);
    await push(source, events);
    expect(asked).toBe(2);
  });

  it("learns from the engine when a host may be called otherwise", () => {
    const engine = new Engine(rules());
    const seen = [engine.names.namedBy, engine.names.namedBy];
    engine.observe(objects([monitored("web01", "10.0.0.1")]));
    seen.push(engine.names.namedBy, engine.names.namedBy);
    engine.configure(rules({ userNodeAliases: new Map([["web", "web01"]]) }));
    seen.push(engine.names.namedBy);
    expect(seen.map((each) => seen.indexOf(each))).toEqual([0, 0, 2, 2, 4]);
  });
});

describe("what it kept and cannot read", () => {
  const kept = () => join(folder, "pushed/alerts.json");

  it.each([
    ["damaged", '{"version":1,"statuses":'],
    ["of another version", '{"version":2,"statuses":[],"alerts":[]}'],
    ["of another shape", '{"version":1,"statuses":[{"host":"db01","check":null},null],"alerts":[]}'],
  ])("is moved aside and said so where it is %s", async (_, text) => {
    mkdirSync(join(folder, "pushed"));
    writeFileSync(kept(), text);
    const said: object[] = [];
    const source = await start({ logger: { ...SILENT, error: (fields) => said.push(fields) } });
    const aside = `${kept()}.unreadable-${T}`;
    expect(said).toMatchObject([{ source: "alerts", aside }]);
    expect(told.states).toEqual([]);
    expect(await push(source, MYSQL)).toMatchObject({ status: 200 });
    expect(readFileSync(aside, "utf8")).toBe(text);
    told.clear();
    await start();
    expect(told.states).toMatchObject([{ statuses: [{ check: "MySQL" }] }]);
  });

  it("is moved aside where the system refuses to read it", async () => {
    mkdirSync(kept(), { recursive: true });
    expect(await push(await start(), MYSQL)).toMatchObject({ status: 200 });
    expect(readdirSync(join(folder, "pushed"))).toEqual(["alerts.json", `alerts.json.unreadable-${T}`]);
  });

  it("is never overwritten: nothing is acknowledged until it can be moved", async () => {
    const inTheWay = join(folder, `pushed/alerts.json.unreadable-${T}`);
    mkdirSync(inTheWay, { recursive: true });
    writeFileSync(kept(), "damaged");
    const source = await start();
    expect(told.all.at(-1)).toMatchObject({ kind: "health", ok: false });
    expect(await push(source, MYSQL)).toMatchObject({ status: 503 });
    expect(readFileSync(kept(), "utf8")).toBe("damaged");
    rmSync(inTheWay, { recursive: true });
    expect(await push(source, MYSQL)).toMatchObject({ status: 200 });
    expect(readFileSync(inTheWay, "utf8")).toBe("damaged");
  });
});

describe("more than there is room for", () => {
  const firing = (fingerprint: string, alertname = "Disk", summary = fingerprint) => ({
    ...{ status: "firing", fingerprint, annotations: { summary } },
    labels: { alertname, host: "db01", severity: "warning" },
  });
  const several = (length: number, summary?: string) => {
    return { alerts: Array.from({ length }, (_, n) => firing(`${n}`, "Disk", summary)) };
  };

  it("is refused, while what is known is told, kept and acknowledged", async () => {
    const source = await startSmall(2);
    await push(source, [MYSQL, { host: "db01", state: "UP" }]);
    told.clear();
    expect(await push(source, { ...MYSQL, state: "OK" })).toMatchObject({ status: 200 });
    expect(await push(source, [{ host: "new", state: "UP" }, { ...MYSQL, state: "WARNING" }, {}])).toMatchObject({
      status: 507,
      body: { accepted: 1, refused: 2, reasons: [{ index: 2 }], error: expect.stringContaining("1 were accepted") },
    });
    expect(told.all.at(-1)).toMatchObject({ ok: true, warning: expect.stringContaining("more than 2") });
    told.clear();
    await startSmall(2);
    expect(told.states.flatMap(({ statuses }) => statuses)).toMatchObject([{ state: "WARNING" }, { check: null }]);
  });

  it("is cut where texts are long: states are known, new names are not, and what was taken back makes room", async () => {
    const source = await startSmall(1_000, 10_000);
    const long = (n: number) => ({ ...MYSQL, host: `db${n}`, output: "x".repeat(8_192), command: "y".repeat(9_999) });
    expect(await push(source, [long(1), long(2)])).toMatchObject({ status: 200 });
    const statuses = told.states.flatMap((each) => each.statuses);
    expect(statuses.map(({ state, output, command }) => [state, output.length, command])).toEqual([
      ["CRITICAL", 200, null],
      ["CRITICAL", 200, null],
    ]);
    for (let n = 3; n < 60; n += 1) {
      await push(source, long(n));
    }
    expect(await push(source, long(99))).toMatchObject({ status: 507 });
    expect(await push(source, { ...long(3), state: "OK" })).toMatchObject({ status: 200 });
    const held = readFileSync(join(folder, "pushed/alerts.json"), "utf8");
    expect(held).not.toContain("yyy");
    expect(held.length).toBeLessThan(40_000);
    await push(
      source,
      [long(1), long(2), long(4)].map((each) => ({ ...each, gone: true })),
    );
    expect(await push(source, long(99))).toMatchObject({ status: 200 });
  });

  it("refuses new alerts where those that fire say too much, and takes how known ones are", async () => {
    const source = await startSmall(1_000, 5_000);
    const alerts = Array.from({ length: 9 }, (_, n) => firing(`${n}`, "Disk", "x".repeat(1_000)));
    expect(await push(source, { alerts }, "alertmanager")).toMatchObject({ body: { accepted: 4, refused: 5 } });
    const worse = {
      ...firing("1", "Disk", "z".repeat(4_000)),
      labels: { alertname: "Disk", host: "db01", severity: "page" },
    };
    expect(await push(source, { alerts: [worse] }, "alertmanager")).toMatchObject({ body: { accepted: 1 } });
    expect(told.states.at(-1)?.statuses).toMatchObject([{ state: "CRITICAL" }]);
    await push(source, { alerts: [{ ...firing("2"), status: "resolved" }] }, "alertmanager");
    expect(await push(source, { alerts: [firing("new", "Disk", "x")] }, "alertmanager")).toMatchObject({ status: 200 });
  });

  it("keeps no alert of a check that was refused", async () => {
    const source = await startSmall(1);
    const answer = await push(source, { alerts: [firing("a", "Disk"), firing("b", "Load")] }, "alertmanager");
    expect(answer).toMatchObject({ status: 507, body: { accepted: 1, refused: 1 } });
    const kept = JSON.parse(readFileSync(join(folder, "pushed/alerts.json"), "utf8")) as { alerts: object[] };
    expect(kept.alerts).toMatchObject([{ fingerprint: "a" }]);
  });

  it("names the check of which too many alerts fire, and shows a page of what they say", async () => {
    const source = await start();
    expect(await push(source, several(1002, "x".repeat(1000)), "alertmanager")).toEqual({
      status: 200,
      body: { accepted: 1000, refused: 2, reasons: [{ reason: "more than 1000 alerts Disk of db01 fire" }] },
    });
    expect(told.states[0]?.statuses[0]?.longOutput).toHaveLength(64 * 1024);
    expect(await push(source, { alerts: [firing("new")] }, "alertmanager")).toMatchObject({ status: 422 });
    await push(source, { alerts: [{ ...firing("7"), status: "resolved" }] }, "alertmanager");
    expect(await push(source, { alerts: [firing("new")] }, "alertmanager")).toMatchObject({ status: 200 });
  });

  it("bounds the alerts that fire in all", async () => {
    const source = await startSmall(3);
    expect(await push(source, several(4), "alertmanager")).toMatchObject({
      status: 200,
      body: { accepted: 3, reasons: [{ reason: "more than 3 alerts fire" }] },
    });
    await push(source, { host: "db01", check: "Disk", gone: true });
    expect(await push(source, several(3), "alertmanager")).toMatchObject({ body: { accepted: 3, refused: 0 } });
  });
});

describe("the copy for the next leader", () => {
  it("is kept again where the store lost it or has an older one, and left alone where it has a newer one", async () => {
    let stored: string | undefined;
    const copy = {
      load: async () => stored,
      save: async (text: string) => {
        stored = text;
      },
    };
    const file = join(folder, "pushed/alerts.json");
    const given = {
      sink: told.sink,
      logger: SILENT,
      now: () => now,
      naming: { nameOf: byAddress, namedBy: () => null },
    };
    const source = new PushSource({ ...given, name: "alerts", token: null, staleAfter: 600, file, copy });
    await source.start();
    await source.copyAgain();
    expect(stored).toBeUndefined();

    await push(source, { host: "db01", state: "DOWN" });
    const older = stored;
    now += 10;
    await push(source, { host: "db01", state: "UP" });
    const whole = stored;
    for (const lost of [undefined, older, whole]) {
      stored = lost;
      now += 10;
      await source.copyAgain();
      expect(stored).toBe(whole);
    }

    const newer = whole?.replace(/"saved":[\d.]+/, `"saved":${now}`);
    stored = newer;
    await source.copyAgain();
    expect(stored).toBe(newer);
  });
});
