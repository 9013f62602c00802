import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readObjectCache } from "../../nagios/object-cache.ts";
import { StatusReader } from "../../nagios/status-dat.ts";
import { readBlocksSlowly } from "../support/slow-status.ts";

const { writeSite } = await import(new URL("../../bench/generate-site.js", import.meta.url).href);
const folder = mkdtempSync(join(tmpdir(), "dotm-site-"));
const REAL = readFileSync(new URL("../fixtures/status/nagios-4.4.6-status.dat", import.meta.url));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function site(options: object = {}): { readonly status: Buffer; readonly objects: Buffer; readonly problems: number } {
  const paths = { status: join(folder, "status.dat"), objects: join(folder, "objects.cache") };
  const { problems } = writeSite({ hosts: 200, services: 10, churn: 0.05, ...paths, ...options });
  return { status: readFileSync(paths.status), objects: readFileSync(paths.objects), problems };
}

it("writes what a reader finds again", () => {
  const { status, objects, problems } = site();
  const read = new StatusReader().read(status);
  expect(read).toMatchObject({ complete: true, version: "4.4.6", counts: { hosts: 200, checks: 2000 }, warnings: [] });
  const failing = read.statuses.filter(({ check, state }) => check !== null && state !== "OK" && state !== "PENDING");
  expect(failing).toHaveLength(problems);
  expect(problems).toBeGreaterThan(50);
  const cache = readObjectCache(objects);
  expect(cache).toMatchObject({ complete: true, warnings: [] });
  expect(new Set(cache.hosts.map(({ host }) => host))).toEqual(new Set(read.statuses.map(({ host }) => host)));
  expect(cache.commands.size).toBe(2200);
});

it("writes the lines of a real Nagios in their order", () => {
  const layouts = (bytes: Buffer) => {
    const states = readBlocksSlowly(bytes).blocks.filter(
      ({ kind }) => kind === "hoststatus" || kind === "servicestatus",
    );
    const keys = states.map(({ kind, fields }) =>
      [kind, ...[...fields.keys()].filter((key) => !key.startsWith("_"))].join(),
    );
    return new Set(keys);
  };
  expect(layouts(site().status)).toEqual(layouts(REAL));
});

it("writes the same for the same seed, and another site for another", () => {
  const first = site();
  expect(site().status.equals(first.status)).toBe(true);
  expect(site({ seed: 2 }).status.equals(first.status)).toBe(false);
});

it("changes a share of the services at each tick", () => {
  const reader = new StatusReader();
  reader.read(site().status);
  const shares = [1, 2, 3].map((tick) => reader.read(site({ tick }).status).statuses.length / 2000);
  expect(Math.min(...shares)).toBeGreaterThan(0.03);
  expect(Math.max(...shares)).toBeLessThan(0.07);
});
