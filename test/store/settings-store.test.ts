import type { Redis } from "ioredis";
import { beforeEach, describe, expect, it } from "vitest";
import type { Logger } from "../../src/logger.ts";
import { SILENT } from "../../src/logger.ts";
import { DEFAULT_SETTINGS } from "../../src/model/settings.ts";
import { SettingsStore } from "../../src/store/settings-store.ts";
import type { TestStore } from "../support/redis.ts";
import { keepOpen, STORES } from "./stores.ts";

describe.each(STORES)("SettingsStore on $name", ({ start }) => {
  let store: TestStore;
  let redis: Redis;
  let settings: SettingsStore;
  let warned: { readonly key: string; readonly entry: string }[];

  keepOpen(start, (open) => {
    ({ store, redis } = open);
  });
  beforeEach(() => {
    warned = [];
    const logger: Logger = { ...SILENT, warn: (fields) => warned.push(fields as (typeof warned)[number]) };
    settings = new SettingsStore(store.client, store.options, logger);
  });

  it("has the defaults where nothing is stored", async () => {
    expect(await settings.read()).toEqual(DEFAULT_SETTINGS);
    expect(await settings.entries("aging")).toBeUndefined();
  });

  it("refuses an entry beyond ten thousand, and one of more than 1,024 characters; what is there stays", async () => {
    const key = "dotm::config::user_node_aliases";
    await redis.hset(
      key,
      Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`host${at}.local`, `host${at}`])),
    );
    await expect(settings.add("user_node_aliases", "one", "one.more")).rejects.toMatchObject({
      code: "DOTM_USAGE",
      message: "user_node_aliases would have more than 10000 entries.",
    });
    await expect(settings.add("service_mapping", "mysqld", "x".repeat(1_025))).rejects.toMatchObject({
      code: "DOTM_USAGE",
      message: expect.stringContaining("is longer than 1024 characters"),
    });
    expect(await redis.hlen(key)).toBe(10_000);
    expect(await redis.exists("dotm::config::service_mapping")).toBe(0);
    // One that is there can be changed, and all be replaced by as many.
    await settings.add("user_node_aliases", "other", "host7.local");
    await settings.replace(
      "user_node_aliases",
      Array.from({ length: 10_000 }, (_, at) => ({ field: `h${at}.local`, value: `h${at}` })),
    );
    expect([await redis.hlen(key), await redis.hget(key, "h7.local")]).toEqual([10_000, "h7"]);
  });

  it("reads what a front end of the original has stored", async () => {
    await redis.hset("dotm::config::fetch_parameters", { interval: "30", parallel: "2", ssh_user: "monitor" });
    await redis.lpush("dotm::config::other_internal_networks", "198.51.100.0/24", "2001:db8::/32");
    await redis.hset("dotm::config::user_node_aliases", { "web01.example.com": "web01" });
    await redis.hset("dotm::config::nagios_instance", {
      url: "https://mon/cgi-bin/nagios4/",
      use_aliases: "1",
      refresh: "15",
    });
    await redis.hset("dotm::config::history", { enabled: "0", interval: "600" });
    await redis.hset("dotm::config::aging", { Services: "60" });
    await redis.hset("dotm::config::expire", { Services: "30", "Nagios Alerts": "7" });
    await redis.hset("dotm::config::hiding", { Connections: "1" });
    await redis.hset("dotm::config::service_mapping", { "^MySQL": "^mysqld?", "^HTTP\\Z": "^nginx.*" });
    await redis.set("dotm::config::service_port_whitelist", "22, 53,9100");
    await redis.set("dotm::config::service_name_whitelist", "rpc.statd,rpc\\.mountd");
    expect(await settings.read()).toEqual({
      fetchParameters: { interval: 30, parallel: 2, sshUser: "monitor" },
      otherInternalNetworks: ["2001:db8::/32", "198.51.100.0/24"],
      userNodeAliases: new Map([["web01.example.com", "web01"]]),
      nagiosInstance: {
        isSet: true,
        url: "https://mon/cgi-bin/nagios4/",
        user: "dotm",
        password: null,
        expire: 86_400,
        useAliases: true,
        refresh: 15,
      },
      history: { enabled: false, interval: 600, expire: 604_800 },
      aging: { services: 60, connections: 300 },
      expire: { services: 30, connections: 0, nagiosAlerts: 7 },
      hiding: { services: 7, connections: 1 },
      serviceMapping: [
        { check: "^HTTP\\Z", process: "^nginx.*" },
        { check: "^MySQL", process: "^mysqld?" },
      ],
      servicePortWhitelist: [22, 53, 9100],
      serviceNameWhitelist: ["rpc.statd", "rpc\\.mountd"],
    });
    expect(warned).toEqual([]);
  });

  it("takes an empty list of ignored ports for what it says", async () => {
    await redis.set("dotm::config::service_port_whitelist", "");
    expect((await settings.read()).servicePortWhitelist).toEqual([]);
  });

  it("ignores bad values, names each once with its key, and keeps the good ones beside them", async () => {
    await redis.hset("dotm::config::aging", { Services: "soon", Connections: "60", Sevices: "1" });
    await redis.rpush("dotm::config::other_internal_networks", "10.0.0.0/33", "192.0.2.0/24", "all");
    await redis.hset("dotm::config::service_mapping", { "(": "x", "a)|(b": "x", good: "^(?=x)", ok: "ok" });
    await redis.set("dotm::config::service_port_whitelist", "22,0,65536,http");
    await redis.hset("dotm::config::nagios_instance", { url: "javascript:alert(1)", password: "\n" });
    await redis.set("dotm::config::hiding", "7");
    const read = await settings.read();
    await settings.read();
    expect(read.aging).toEqual({ services: 300, connections: 60 });
    expect(read.otherInternalNetworks).toEqual(["192.0.2.0/24"]);
    expect(read.serviceMapping).toEqual([{ check: "ok", process: "ok" }]);
    expect(read.servicePortWhitelist).toEqual([22]);
    expect(read.nagiosInstance.url).toBe(DEFAULT_SETTINGS.nagiosInstance.url);
    expect(read.hiding).toEqual(DEFAULT_SETTINGS.hiding);
    expect(warned.map(({ key, entry }) => `${key.slice("dotm::config::".length)} ${entry}`).sort()).toEqual([
      "aging Services: soon",
      "aging Sevices: 1",
      "hiding ",
      "nagios_instance password: ***",
      "nagios_instance url: javascript:alert(1)",
      "other_internal_networks 10.0.0.0/33",
      "other_internal_networks all",
      "service_mapping (: x",
      "service_mapping a)|(b: x",
      "service_mapping good: ^(?=x)",
      "service_port_whitelist 0",
      "service_port_whitelist 65536",
      "service_port_whitelist http",
    ]);
  });

  it("stores in the shapes of the original and tells followers", async () => {
    await settings.set("aging", "90", "Services");
    await settings.add("user_node_aliases", "web01", "www");
    await settings.add("other_internal_networks", "198.51.100.0/24");
    await settings.add("other_internal_networks", "198.51.100.0/24");
    await settings.set("service_port_whitelist", "22, 53");
    await settings.add("service_port_whitelist", "111");
    expect(await redis.hgetall("dotm::config::aging")).toEqual({ Services: "90" });
    expect(await redis.hgetall("dotm::config::user_node_aliases")).toEqual({ www: "web01" });
    expect(await redis.lrange("dotm::config::other_internal_networks", 0, -1)).toEqual(["198.51.100.0/24"]);
    expect(await redis.get("dotm::config::service_port_whitelist")).toBe("22,53,111");
    const told = (await redis.xrange("dotm::observations", "-", "+")).map(([, fields]) => fields);
    expect(told[0]).toEqual(["kind", "settings", "setting", "aging"]);
    expect(told).toHaveLength(5);
    expect((await settings.read()).servicePortWhitelist).toEqual([22, 53, 111]);
  });

  it("adds to and removes from the default where nothing was stored", async () => {
    await settings.add("service_port_whitelist", "9100");
    expect((await settings.read()).servicePortWhitelist).toEqual([...DEFAULT_SETTINGS.servicePortWhitelist, 9100]);
    await redis.flushall();
    expect(await settings.remove("service_port_whitelist", "22")).toBe(true);
    expect((await settings.read()).servicePortWhitelist).not.toContain(22);
    expect((await settings.read()).servicePortWhitelist).toContain(53);
  });

  it("removes entries and says whether they were there", async () => {
    await settings.set("service_mapping", "^nginx", "^HTTP");
    await settings.set("other_internal_networks", "192.0.2.0/24,198.51.100.0/24");
    expect(await settings.remove("service_mapping", "^HTTP")).toBe(true);
    expect(await settings.remove("service_mapping", "^HTTP")).toBe(false);
    expect(await settings.remove("other_internal_networks", "192.0.2.0/24")).toBe(true);
    expect((await settings.read()).otherInternalNetworks).toEqual(["198.51.100.0/24"]);
    expect((await settings.read()).serviceMapping).toEqual([]);
  });

  it.each([
    ["aging", "0", "Services", "whole number"],
    ["aging", "5", "Sevices", "known are Services, Connections"],
    ["other_internal_networks", "10.0.0.0/8,nonsense", "", "is not a network"],
    ["service_mapping", "x", "a)|(b", "regular expression"],
    ["service_mapping", "(?=x)", "a", "regular expression"],
    ["service_mapping", "x".repeat(2_000), "a", "longer than"],
    ["service_name_whitelist", "(", "", "regular expression"],
    ["service_port_whitelist", "22,70000", "", "whole number"],
    ["user_node_aliases", "a::b", "x", "is not a host name"],
    ["nagios_instance", "file:///etc/passwd", "url", "http"],
    ["nagios_instance", "http://dotm:s3cret@mon/", "url", "holds a user or a password"],
    ["fetch_parameters", "-oProxyCommand=x", "ssh_user", "user name"],
    ["no_such_setting", "1", "", "is not a setting"],
  ])("refuses %s = %j (%s) with its reason and stores nothing", async (name, value, field, reason) => {
    await expect(settings.set(name, value, field)).rejects.toMatchObject({
      code: "DOTM_USAGE",
      message: expect.stringContaining(reason),
    });
    expect(await redis.dbsize()).toBe(0);
  });

  it("shows no password that stands in a url, refused or stored", async () => {
    const url = "http://dotm:s3@cret@mon/cgi-bin";
    const refused = await settings.set("nagios_instance", url, "url").catch(String);
    expect(refused).toContain(
      '"url: http://***@mon/cgi-bin" holds a user or a password; give them as the fields user and',
    );
    await redis.hset("dotm::config::nagios_instance", { url });
    expect((await settings.inspect()).problems).toMatchObject([{ entry: "url: http://***@mon/cgi-bin" }]);
  });

  it("refuses an item that would become two", async () => {
    await expect(settings.add("service_name_whitelist", "x{1,2}")).rejects.toThrow("holds a comma");
  });

  it("does not overwrite what is not a setting", async () => {
    await redis.rpush("dotm::config::service_port_whitelist", "foreign");
    await expect(settings.set("service_port_whitelist", "22")).rejects.toMatchObject({ code: "DOTM_STORE_FAILED" });
    expect(await redis.lrange("dotm::config::service_port_whitelist", 0, -1)).toEqual(["foreign"]);
  });
});
