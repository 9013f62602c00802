import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ObjectCacheScan, readObjectCache } from "../../nagios/object-cache.ts";
import { ScanWindow } from "../../nagios/scan-window.ts";

const FIXTURES = new URL("../fixtures/status/", import.meta.url);
const fixture = (name: string): Buffer => readFileSync(new URL(name, FIXTURES));
const read = (text: string) => readObjectCache(Buffer.from(text));
const define = (type: string, ...lines: string[]): string =>
  `define ${type} {\n${lines.map((line) => `\t${line}\n`).join("")}\t}\n\n`;

describe("object caches of real servers", () => {
  it("has the counts that are known of the written one", () => {
    const cache = readObjectCache(fixture("written-objects.cache"));
    const expected = JSON.parse(fixture("written-objects.cache.expected.json").toString());
    expect(cache.complete).toBe(true);
    expect(cache.hosts).toHaveLength(expected.hosts);
    expect(cache.checks).toHaveLength(expected.services);
    expect(cache.hosts.filter((host) => host.parents.length > 0)).toHaveLength(expected.hosts_with_parents);
    expect(cache.hosts.reduce((sum, host) => sum + host.customVariables.size, 0)).toBe(expected.host_custom_variables);
    const commands = cache.checks.map((check) => check.command ?? "");
    expect(commands.filter((command) => command.includes("!"))).toHaveLength(expected.services_with_arguments);
    expect(new Set(commands.map((command) => command.split("!")[0])).size).toBe(expected.distinct_check_commands);
  });

  it("tells the hosts and checks of a Nagios 4.4.6", () => {
    const cache = readObjectCache(fixture("nagios-4.4.6-objects.cache"));
    expect(cache).toMatchObject({ complete: true, warnings: [] });
    expect(cache.hosts).toHaveLength(9);
    expect(cache.checks).toHaveLength(26);
    const gateway = cache.hosts.find((host) => host.host === "branch-gw");
    expect(gateway).toMatchObject({
      alias: "Branch gateway",
      address: "127.0.0.31",
      parents: ["gw"],
      groups: ["branch", "network"],
    });
    expect(cache.commands.get("branch-gw::_HOST_")).toBe("check_state!h-branch-gw");
    expect(cache.commands.has("Host With Spaces::_HOST_")).toBe(false);
    expect(cache.checks.find((check) => check.host === "db1" && check.check === "Backup")?.groups).toEqual(["storage"]);
    expect(cache.checks.find((check) => check.host === "web1" && check.check === "Disk /var")?.groups).toEqual([
      "storage",
    ]);
  });

  it("tells the hosts and checks of an Icinga 2.13.6", () => {
    const cache = readObjectCache(fixture("icinga-2.13.6-objects.cache"));
    expect(cache).toMatchObject({ complete: true, warnings: [] });
    expect(cache.hosts).toHaveLength(9);
    expect(cache.checks).toHaveLength(21);
    const web = cache.hosts.find((host) => host.host === "web1");
    expect(web).toMatchObject({
      parents: ["gw"],
      groups: ["webservers"],
      actionUrl: "http://127.0.0.1:18900/?host=$host.name$",
    });
    expect(web?.customVariables.get("tags")).toBe('["blue","prod"]');
    expect(cache.checks.find((check) => check.host === "web1" && check.check === "disk /")?.groups).toEqual([
      "storage",
    ]);
  });
});

describe("an object cache", () => {
  const HOST = define("host", "host_name\ta", "alias\tA host", "address\t10.0.0.1", "check_command\tcheck-alive");

  it("gives commands with all their arguments", () => {
    const cache = read(
      HOST +
        define("service", "host_name\ta", "service_description\tWeb /", "check_command\tcheck_http!-p 80\t-u '/x'!b"),
    );
    expect([...cache.commands]).toEqual([
      ["a::_HOST_", "check-alive"],
      ["a::Web /", "check_http!-p 80\t-u '/x'!b"],
    ]);
  });

  it("has groups and parents from either side, each once", () => {
    const groups =
      define("hostgroup", "hostgroup_name\tweb", "members\ta, b") + define("hostgroup", "hostgroup_name\tempty");
    const cache = read(groups + define("host", "host_name\ta", "host_groups\tweb,dmz", "parents\tgw1,gw2"));
    expect(cache.hosts[0]).toMatchObject({
      groups: ["web", "dmz"],
      parents: ["gw1", "gw2"],
      alias: "",
      address: "",
      command: null,
    });
  });

  it.each([
    ["empty", ""],
    ["half a host", HOST.slice(0, -10)],
    ["a host without its end before the next", HOST.replace("\t}\n", "") + HOST],
    ["no host", define("command", "command_name\tx")],
    ["something else", "hello\nworld\n"],
  ])("is not complete where it is %s", (_, text) => {
    expect(read(text).complete).toBe(false);
  });

  it("reads Windows line ends, Latin-1 and braces in values", () => {
    const text = define("host", "host_name\tbüro", "alias\tBüro } { define host {", "address\t10.0.0.1").replaceAll(
      "\n",
      "\r\n",
    );
    expect(readObjectCache(Buffer.from(text, "latin1"))).toMatchObject({
      complete: true,
      hosts: [{ host: "büro", alias: "Büro } { define host {", address: "10.0.0.1" }],
    });
  });

  it("refuses names that cannot be keys, and counts them", () => {
    const cache = read(
      HOST + define("host", "host_name\t2001:db8::1") + define("service", "host_name\ta", "check_command\tx"),
    );
    expect(cache.hosts).toHaveLength(1);
    expect(cache.checks).toEqual([]);
    expect(cache.warnings.map(({ reason, count }) => [reason, count])).toEqual([
      ["host name with ::", 1],
      ["no service description", 1],
    ]);
  });

  it("says the same through a window, however the pieces fall", () => {
    const bytes = fixture("nagios-4.4.6-objects.cache");
    const whole = readObjectCache(bytes);
    for (const piece of [7, 100, 4096]) {
      const window = new ScanWindow(128);
      const scan = new ObjectCacheScan();
      for (let at = 0; at < bytes.length; ) {
        const count = bytes.copy(window.free().subarray(0, piece), 0, at);
        window.filled(count, scan);
        at += count;
      }
      window.end(scan);
      expect(scan.finish()).toEqual(whole);
    }
  });

  it("never throws, and invents nothing, whatever is cut", () => {
    const bytes = fixture("icinga-2.13.6-objects.cache");
    const names = new Set(readObjectCache(bytes).hosts.map((host) => host.host));
    fc.assert(
      fc.property(fc.nat({ max: bytes.length }), fc.uint8Array({ maxLength: 30 }), (cut, noise) => {
        const cache = readObjectCache(Buffer.concat([bytes.subarray(0, cut), noise]));
        expect(cache.hosts.map((host) => host.host).filter((name) => !names.has(name))).toEqual([]);
      }),
    );
  });
});
