import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Secret } from "../../src/config/secret.ts";
import { createPushSource } from "../../src/ingest/create-push-source.ts";
import type { PushFormat, PushSource } from "../../src/ingest/push-source.ts";
import { SILENT } from "../../src/logger.ts";
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

async function start({ token = null, site = null }: { token?: Secret | null; site?: string | null } = {}) {
  const config = { name: "alerts", site, type: "push", token, staleAfter: 600 } as const;
  const nameOf = (host: string) => (host === "10.0.0.21" ? "db01" : host);
  const deps = { sink: told.sink, logger: SILENT, now: () => now, dataDir: folder, nameOf };
  const source = createPushSource(config, deps);
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

  it("begins anew where what it kept is broken, and says so", async () => {
    await push(await start(), MYSQL);
    writeFileSync(join(folder, "pushed/alerts.json"), '{"version":1,"statuses":');
    told.clear();
    const source = await start();
    expect(told.states).toEqual([]);
    expect((await push(source, MYSQL)).status).toBe(200);
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
