import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PushIntake } from "../../src/daemon/push-intake.ts";
import { createPushSource } from "../../src/ingest/create-push-source.ts";
import { SILENT } from "../../src/logger.ts";
import { NOON } from "../support/builders.ts";
import { Told } from "../support/told.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-pushes-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function begin(pushes: PushIntake, name: string): Promise<void> {
  const deps = { sink: new Told().sink, logger: SILENT, now: () => NOON, dataDir: folder };
  const config = { name, site: null, type: "push", token: null, staleAfter: 60 } as const;
  const source = createPushSource(config, { ...deps, naming: { nameOf: (host) => host, namedBy: () => 0 } });
  await source.start();
  pushes.add(source);
}

function push(pushes: PushIntake, source: string | null, isLocal = true) {
  const raw = Buffer.from('{"host":"db01","check":"MySQL","state":"OK"}');
  return pushes.accept({ source, format: "events", raw, authorization: undefined, isLocal });
}

it("has a push sent again while its source has not begun", async () => {
  const pushes = new PushIntake(["alerts"]);
  const later = { status: 503, body: { next: expect.stringContaining("Send it again") } };
  expect(await push(pushes, null)).toMatchObject(later);
  expect(await push(pushes, "alerts")).toMatchObject(later);
  await begin(pushes, "alerts");
  expect(await push(pushes, null)).toMatchObject({ status: 200, body: { accepted: 1 } });
});

it("does not take the one that has begun for the only one", async () => {
  const pushes = new PushIntake(["a", "b"]);
  await begin(pushes, "a");
  expect((await push(pushes, null)).status).toBe(404);
  expect((await push(pushes, "b")).status).toBe(503);
  expect((await push(pushes, "a")).status).toBe(200);
});

it("knows no other names, and tells those it knows on this machine only", async () => {
  const pushes = new PushIntake(["alerts", "events"]);
  for (const name of ["other", null]) {
    const local = await push(pushes, name);
    expect([local.status, JSON.stringify(local.body)]).toEqual([404, expect.stringContaining("alerts, events")]);
    const remote = await push(pushes, name, false);
    expect([remote.status, JSON.stringify(remote.body)]).toEqual([404, expect.not.stringMatching(/alerts|events/)]);
  }
  expect(await push(new PushIntake([]), null)).toMatchObject({
    status: 404,
    body: { error: "No source takes pushes." },
  });
});
