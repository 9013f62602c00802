import { afterEach, expect, it } from "vitest";
import { Secret } from "../../src/config/secret.ts";
import { NAGIOS_INSTANCE, NagiosInstance } from "../../src/daemon/nagios-instance.ts";
import { SILENT } from "../../src/logger.ts";
import { DEFAULT_SETTINGS, type Settings } from "../../src/model/settings.ts";
import { NOON } from "../support/builders.ts";
import { type CgiServer, nagiosAnswer, startCgiServer } from "../support/cgi-server.ts";
import { isWell, Told } from "../support/told.ts";

let server: CgiServer | undefined;
let instance: NagiosInstance | undefined;

afterEach(async () => {
  await instance?.stop();
  await server?.stop();
});

const LISTS = {
  hostlist: { srv1: { status: 2 }, srv2: { status: 2 } },
  "objects.hostlist": { srv1: { alias: "web01" }, srv2: { alias: "db01" } },
};

const withInstance = (parts: Partial<Settings["nagiosInstance"]>, aliases: Settings["userNodeAliases"] = new Map()) => {
  return {
    ...DEFAULT_SETTINGS,
    userNodeAliases: aliases,
    nagiosInstance: { ...DEFAULT_SETTINGS.nagiosInstance, ...parts },
  };
};

async function start() {
  let asOf = NOON;
  const served = await startCgiServer(nagiosAnswer(LISTS, () => asOf++));
  server = served;
  const told = new Told();
  const forgotten: string[] = [];
  let now = NOON;
  instance = new NagiosInstance({
    sink: told.sink,
    forget: (source) => forgotten.push(source),
    logger: SILENT,
    now: () => now,
    random: () => 0,
  });
  return {
    instance,
    served,
    told,
    forgotten,
    set: { isSet: true, url: served.url },
    later: (by: number) => (now += by),
  };
}

const namesIn = (told: Told) => told.states.at(-1)?.statuses.map(({ host }) => host);

it("asks nobody until the url is set, and forgets the source when it is removed", async () => {
  const { instance: it, served, told, forgotten, set } = await start();
  it.follow(DEFAULT_SETTINGS);
  it.follow(withInstance(set));
  expect(await told.until(isWell())).toMatchObject({ source: NAGIOS_INSTANCE, type: "cgi", hosts: 2, staleAfter: 210 });
  expect(namesIn(told)).toEqual(["srv1", "srv2"]);
  it.follow(DEFAULT_SETTINGS);
  await it.stop();
  expect(forgotten).toEqual([NAGIOS_INSTANCE]);
  expect(served.asked).toHaveLength(8);
});

it("begins anew when a setting of it changes, and only then", async () => {
  const { instance: it, served, told, set } = await start();
  const authorizations: (string | undefined)[] = [];
  const answer = served.answer;
  served.answer = (program, query, response, request) => {
    authorizations.push(request.headers.authorization);
    answer(program, query, response, request);
  };
  it.follow(withInstance(set));
  await told.until(isWell());
  it.follow({ ...withInstance(set), servicePortWhitelist: [1] });
  it.follow(withInstance(set, new Map([["x", "y"]])));
  told.clear();
  it.follow(withInstance({ ...set, password: new Secret("a") }));
  await told.until(isWell());
  told.clear();
  it.follow(withInstance({ ...set, password: new Secret("b"), refresh: 10 }));
  expect(await told.until(isWell())).toMatchObject({ staleAfter: 60 });
  const logins = [...new Set(authorizations)].map((text) => text && Buffer.from(text.slice(6), "base64").toString());
  expect(logins).toEqual([undefined, "dotm:a", "dotm:b"]);
  expect(served.asked).toHaveLength(24);
});

it("calls hosts by their alias with use_aliases, but for those that user_node_aliases names", async () => {
  const { instance: it, told, set } = await start();
  it.follow(withInstance({ ...set, useAliases: true }));
  await told.until(isWell());
  expect(namesIn(told)).toEqual(["web01", "db01"]);
  told.clear();
  it.follow(withInstance({ ...set, useAliases: true }, new Map([["srv2", "database"]])));
  await told.until(isWell());
  expect(namesIn(told)).toEqual(["web01", "srv2"]);
});

it("discards what is older than expire", async () => {
  const { instance: it, told, set, later, served } = await start();
  served.answer = nagiosAnswer(LISTS, () => NOON);
  it.follow(withInstance({ ...set, expire: 100, refresh: 1 }));
  await told.until(isWell());
  told.clear();
  later(101);
  expect(await told.until((each) => each.kind === "states")).toMatchObject({ full: true, statuses: [] });
});

it("forgets what one server said when another is asked, or as somebody else, and only then", async () => {
  const { instance: it, told, forgotten, set } = await start();
  it.follow(withInstance(set));
  await told.until(isWell());
  const next = async (parts: Partial<Settings["nagiosInstance"]>) => {
    told.clear();
    it.follow(withInstance({ ...set, ...parts }));
    await told.until(isWell());
    return forgotten.length;
  };
  expect(await next({ refresh: 10 })).toBe(0);
  expect(await next({ refresh: 10, useAliases: true })).toBe(0);
  expect(await next({ password: new Secret("a") })).toBe(1);
  expect(await next({ password: new Secret("b") })).toBe(2);
  expect(await next({ password: new Secret("b"), user: "eve" })).toBe(3);
  expect(await next({ url: `${set.url}/` })).toBe(4);
});
