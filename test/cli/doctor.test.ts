import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { DotmError } from "../../src/errors.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import type { MapReader } from "../../src/store/map-reader.ts";
import { dotm, type World } from "./run-command.ts";
import { NOW, storedSettings, storedSite } from "./stored-site.ts";

let folder = "";
let web: Server;
let ready = true;

beforeAll(async () => {
  web = createServer((_, response) => {
    response.writeHead(ready ? 200 : 503).end(ready ? "{}" : '{"ready":false}');
  });
  await new Promise<void>((listening) => web.listen(0, "127.0.0.1", listening));
});
afterAll(() => new Promise((closed) => web.close(closed)));

beforeEach(() => {
  ready = true;
  folder = mkdtempSync(join(tmpdir(), "dotm-doctor-"));
  mkdirSync(join(folder, "data"), { mode: 0o700 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs it in a folder with this dotm.yaml beside the web address, against the picture. */
async function diagnosis(world: World = {}, yaml = "", flags: readonly string[] = []) {
  const { port } = web.address() as AddressInfo;
  const text = `data_dir: ${join(folder, "data")}\nweb: { listen: "127.0.0.1:${port}" }\nredis: { url: "redis://127.0.0.1:1" }\n${yaml}`;
  writeFileSync(join(folder, "dotm.yaml"), text);
  const { code, out, err } = await dotm(["doctor", "-o", "json", ...flags], { cwd: folder, ...world });
  const said = JSON.parse(out) as Diagnosis;
  const told = said.items.filter(({ verdict }) => verdict !== "OK");
  return { code, err, ok: said.ok, parts: said.items.map(({ part }) => part), told };
}

interface Diagnosis {
  readonly ok: boolean;
  readonly items: readonly { part: string; verdict: string; text: string; fix: string | null }[];
}

const site = (changed: Partial<MapReader>): World => ({ reader: storedSite(changed) });

it("says OK part by part where all is well", async () => {
  expect(await diagnosis()).toEqual({
    ...{ code: 0, err: "", ok: true, told: [] },
    parts: ["configuration", "data folder", "store", "engine", "source nagios", "agents", "checks", "web", "web"],
  });
  const { out, err } = await dotm(["doctor"], { cwd: folder });
  expect(out).toMatch(/^OK {7}configuration {2}.*dotm\.yaml$/m);
  expect(out).toMatch(/^OK {7}store {10}a store of the test$/m);
  expect(out).toMatch(/^OK {7}checks {9}2 of 3 mapped to a service$/m);
  expect(err).toBe("\nFailures: 0\nWarnings: 0\n");
});

it("names the line of a faulty configuration, and goes on", async () => {
  const { code, told, parts } = await diagnosis({}, "webb: 1\n");
  expect(code).toBe(1);
  expect(told).toContainEqual({
    ...{ part: "configuration", verdict: "FAIL", fix: "Correct it, then: dotm config check" },
    text: expect.stringMatching(/dotm\.yaml:4:1: .*webb/),
  });
  expect(parts).toContain("engine");
  expect((await dotm(["doctor", "--config", "/nonexistent.yaml"])).out).toMatch(
    /^FAIL {5}configuration .*does not exist/m,
  );
});

it("names a data folder that is missing or open to others", async () => {
  chmodSync(join(folder, "data"), 0o755);
  expect(await diagnosis()).toMatchObject({
    code: 0,
    told: [{ part: "data folder", verdict: "WARNING", fix: `chmod 700 ${join(folder, "data")}` }],
  });
  rmSync(join(folder, "data"), { recursive: true });
  expect(await diagnosis()).toMatchObject({ code: 1, told: [{ part: "data folder", verdict: "FAIL" }] });
});

it.runIf(process.geteuid?.() === 0)("names what in the data folder belongs to another user", async () => {
  writeFileSync(join(folder, "data/audit.log"), "");
  chownSync(join(folder, "data"), 4321, 4321);
  expect(await diagnosis()).toMatchObject({
    code: 0,
    told: [
      {
        part: "data folder",
        text: expect.stringContaining("audit.log"),
        fix: expect.stringMatching(/^chown --reference/),
      },
    ],
  });
});

it("tells why the store cannot be reached and asks the web nevertheless", async () => {
  const none = await dotm(["doctor", "--data-dir", folder, "-o", "json"], { real: true });
  expect(none.code).toBe(1);
  const { items } = JSON.parse(none.out) as Diagnosis;
  expect(items.find(({ part }) => part === "store")).toMatchObject({
    ...{ verdict: "FAIL", text: expect.stringContaining(`looked for ${join(folder, "store.json")}`) },
    fix: expect.stringContaining("dotm serve"),
  });
  expect(items.map(({ part }) => part)).toEqual(["configuration", "data folder", "store", "web", "web"]);
  const refused = await dotm(["doctor", "--url", "redis://127.0.0.1:1", "-o", "json"], { real: true });
  expect((JSON.parse(refused.out) as Diagnosis).items.find(({ part }) => part === "store")).toMatchObject({
    ...{ verdict: "FAIL", text: expect.stringContaining("127.0.0.1:1"), fix: expect.stringMatching(/\S/) },
  });
});

it("tells a silent engine", async () => {
  const silent = await diagnosis(site({ revision: async () => ({ id: "1-0", at: NOW - 300 }) }));
  expect(silent).toMatchObject({
    code: 1,
    told: [{ part: "engine", text: "last sign of life 5 min ago", fix: expect.stringContaining("dotm serve") }],
  });
  const never = await diagnosis(site({ revision: async () => ({ id: "0-0", at: 0 }) }));
  expect(never.told).toMatchObject([{ part: "engine", verdict: "FAIL" }]);
});

it("tells sources that fail, are stale, or were never heard of", async () => {
  const [good] = await storedSite().sources();
  if (good === undefined) {
    throw new Error("the site has a source");
  }
  const error = "/var/status.dat: permission denied. Add the user to group nagios.";
  const sources = [
    { ...good, source: "a", ok: false, error },
    { ...good, source: "b", asOf: NOW - 3_600 },
  ];
  expect(await diagnosis(site({ sources: async () => sources }))).toMatchObject({
    code: 1,
    told: [
      { part: "source a", verdict: "FAIL", text: `${error} (written 3 s ago)` },
      { part: "source b", verdict: "FAIL", text: expect.stringContaining("1 h ago, stale after 30 s") },
    ],
  });
  const none = await diagnosis(site({ sources: async () => [] }));
  expect(none).toMatchObject({ code: 0, told: [{ part: "sources", verdict: "WARNING" }] });
  const more = "sources:\n  - { name: second, type: nagios, config: /etc/nagios4/nagios.cfg }\n";
  expect(await diagnosis({}, more)).toMatchObject({ code: 1, told: [{ part: "source second", verdict: "FAIL" }] });
});

it("tells hosts whose agent is stale or missing, and that nothing is mapped", async () => {
  const graphs = await storedSite().graphs(["db01", "web01", "backup01"]);
  const agents = new Map([
    ["db01", "stale"],
    ["web01", "none"],
    ["backup01", "fresh"],
  ] as const);
  const changed = new Map(
    [...graphs].map(([host, graph]) => [host, { ...graph, agent: agents.get(host as "db01") ?? "none" }]),
  );
  const { code, told } = await diagnosis(site({ graphs: async () => changed, checksOf: async () => new Map() }));
  expect(code).toBe(0);
  expect(told).toMatchObject([
    { part: "agents", verdict: "WARNING", text: "1 fresh, 1 stale: db01" },
    {
      part: "agents",
      text: "1 monitored without an agent: web01",
      fix: expect.stringContaining("dotm agent token HOST"),
    },
    { part: "checks", text: "0 of 0 mapped to a service", fix: expect.stringContaining("dotm map test") },
  ]);
  const empty = await diagnosis(site({ graphs: async () => new Map() }));
  expect(empty).toMatchObject({ code: 1, told: [{ part: "agents", verdict: "FAIL" }] });
});

it("tells why reports of a host are not taken", async () => {
  const clash = "two machines report under this name";
  const faulty = { ips: [], lastFetch: NOW, fetchStatus: clash, serviceAlerts: {} };
  const { told } = await diagnosis(site({ node: async (name) => (name === "db01" ? faulty : undefined) }));
  expect(told).toMatchObject([
    { part: "agents", verdict: "WARNING", text: `db01: ${clash}`, fix: expect.stringContaining("get nodes -o wide") },
  ]);
});

it("tells settings that are ignored", async () => {
  const problems = [{ key: "dotm::config::aging", entry: "Services: x", reason: "is not a whole number" }];
  const settings = storedSettings({
    inspect: async () => ({ settings: DEFAULT_SETTINGS, stored: new Map(), problems }),
  });
  expect((await diagnosis({ settings })).told).toMatchObject([
    {
      part: "settings",
      verdict: "WARNING",
      text: "dotm::config::aging: Services: x is not a whole number; it is ignored",
    },
  ]);
});

it("tells a web side that is not ready or does not answer", async () => {
  ready = false;
  expect(await diagnosis()).toMatchObject({
    ...{ code: 1, told: [{ part: "web", verdict: "FAIL", text: expect.stringContaining('503: {"ready":false}') }] },
  });
  expect(await diagnosis({}, "", ["--web", "http://127.0.0.1:1/"])).toMatchObject({
    ...{ code: 1, told: [{ part: "web", fix: expect.stringContaining("--web URL") }] },
  });
});

it("tells all else where the queue is somebody else's", async () => {
  const queue = () => Promise.reject(new DotmError("DOTM_STORE_FAILED", "dotm::queue is foreign."));
  const { told, parts } = await diagnosis({ team: { members: async () => [], queue } });
  expect(told).toMatchObject([{ verdict: "FAIL", text: expect.stringContaining("dotm::queue is foreign.") }]);
  expect(parts).toEqual(expect.arrayContaining(["engine", "source nagios", "agents", "checks"]));
});

it("leads nobody back to itself", async () => {
  const queue = () => Promise.reject(new DotmError("DOTM_STORE_UNREACHABLE", "Away.", "Start it. See: dotm doctor"));
  const { told } = await diagnosis({ team: { members: async () => [], queue } });
  expect(told).toMatchObject([{ text: "Away.", fix: "Start it." }]);
});

/** How the map comes back. */
const ANEW = `to have the map written anew: redis-cli rpush dotm::queue '{"fn":"reload"}'`;

it("names keys under our names that are not ours", async () => {
  const foreign = [{ key: "dotm::services::db01::80", type: "list", expected: "hash" }] as const;
  expect((await diagnosis({ foreign })).told).toEqual([
    {
      ...{ part: "store", verdict: "WARNING" },
      text: "dotm::services::db01::80 is a list, not a hash: DOTM did not write it and leaves it alone",
      fix: `If nobody needs it: redis-cli del dotm::services::db01::80; ${ANEW}`,
    },
  ]);
});

it("names values of ours that cannot be read", async () => {
  const broken = [{ key: "dotm::graph::db01", reason: "is no JSON" }];
  expect((await diagnosis({ broken })).told).toEqual([
    {
      ...{ part: "store", verdict: "WARNING" },
      text: "dotm::graph::db01 is no JSON, so it is left out",
      fix: `${ANEW}; a report is replaced by the next one of its host`,
    },
  ]);
});

it("tells clocks that are wrong, and names of one host that differ", async () => {
  const clocks = [
    { host: "db01", ahead: 5 },
    { host: "web01", ahead: -3_700 },
  ];
  const graphs = await storedSite().graphs(["db01", "web01"]);
  const [db, web01] = [...graphs.values()];
  if (db === undefined || web01 === undefined) {
    throw new Error("the site has both");
  }
  const changed = new Map([
    ["db01", db],
    ["Web01", { ...web01, host: "Web01", agent: "none" as const, nodes: [] }],
    ["web01.example.com", { ...web01, host: "web01.example.com", state: null }],
  ]);
  const { told } = await diagnosis({ ...site({ graphs: async () => changed }), clocks });
  expect(told).toContainEqual({
    ...{ part: "clocks", verdict: "WARNING", fix: "On web01: timedatectl set-ntp true" },
    text: "the clock of web01 is 1 h behind ours",
  });
  expect(told).toContainEqual({
    ...{ part: "names", verdict: "WARNING", fix: "dotm settings add user_node_aliases Web01 web01.example.com" },
    text: expect.stringContaining("probably one and the same"),
  });
});

it("tells which targets of notify cannot be written or reached, and writes nothing to find out", async () => {
  const { port } = web.address() as AddressInfo;
  const pipe = join(folder, "nagios.cmd");
  const targets = (...all: string[]) => `notify:\n  targets:\n${all.map((each) => `    - { ${each} }\n`).join("")}`;
  const nagios = `name: n, type: nagios, command_file: ${pipe}`;
  const faults = async (...all: string[]) =>
    (await diagnosis({}, targets(...all))).told.map(({ part, text }) => [part, text]);
  expect(await faults(nagios)).toEqual([["notify n", expect.stringContaining("ENOENT")]]);
  execFileSync("mkfifo", [pipe]);
  expect(await faults(nagios)).toEqual([["notify n", `nobody reads ${pipe}`]]);
  const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  expect(await faults(nagios, `name: w, type: webhook, url: "http://127.0.0.1:${port}/hook"`)).toEqual([]);
  expect(() => readSync(reader, Buffer.alloc(1))).toThrow(/EAGAIN/);
  closeSync(reader);
  rmSync(pipe);
  writeFileSync(pipe, "");
  expect(await faults(nagios)).toEqual([["notify n", `${pipe} is no pipe`]]);
  expect(await faults("name: w, type: webhook, url: 'http://127.0.0.1:1/hook'")).toEqual([
    ["notify w", expect.stringContaining("http://127.0.0.1:1 cannot be reached")],
  ]);
  expect(await faults("name: s, type: nsca, host: mon, command: no-such-program")).toEqual([
    ["notify s", "the program no-such-program is not there"],
  ]);
  const program = join(folder, "send_nsca");
  writeFileSync(program, "", { mode: 0o755 });
  expect(await faults(`name: s, type: nsca, host: mon, command: ${program}`)).toEqual([]);
});

it("tells that Nagios runs our header instead of printing it, and that Icinga Web may not frame our pages", async () => {
  for (const name of ["etc", "html/ssi"]) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, "etc/nagios.cfg"), "");
  writeFileSync(join(folder, "etc/cgi.cfg"), `physical_html_path=${folder}/html\n`);
  writeFileSync(join(folder, "password"), "secret", { mode: 0o600 });
  const sources = `sources:
  - { name: nagios, type: nagios, config: ${folder}/etc/nagios.cfg }
  - { name: icinga, type: icinga2, url: "https://localhost:5665", user: dotm, password_file: ${folder}/password }
`;
  const header = join(folder, "html/ssi/common-header.ssi");
  writeFileSync(header, '<script src="/dotm/assets/nagios.js"></script>\n', { mode: 0o755 });
  const { told } = await diagnosis({}, sources);
  expect(told).toContainEqual({
    ...{ part: "nagios pages", verdict: "FAIL", fix: `chmod 644 ${header}` },
    text: `${header} may be executed, so Nagios runs it instead of printing it`,
  });
  expect(told).toContainEqual(
    expect.objectContaining({ part: "web", verdict: "WARNING", fix: expect.stringContaining("frame_ancestors") }),
  );
  chmodSync(header, 0o644);
  expect((await diagnosis({}, sources)).told.map(({ part }) => part)).not.toContain("nagios pages");
});
