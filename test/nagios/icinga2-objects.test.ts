import { describe, expect, it } from "vitest";
import {
  monitoredCheck,
  monitoredHost,
  type ParentHost,
  parentHost,
  withParents,
} from "../../nagios/icinga2-objects.ts";
import { objectOf, objectsOf } from "./icinga2-fixtures.ts";

describe("objects of Icinga 2's API", () => {
  it("tell of a host what its configuration says", () => {
    expect(monitoredHost({ host: "web1", check: null }, objectOf("hosts.json", "web1"))).toEqual({
      ...{ host: "web1", alias: "Web frontend 1", address: "127.0.0.11", parents: [], groups: ["webservers"] },
      actionUrl: "http://127.0.0.1:18900/?host=$host.name$",
      customVariables: new Map([
        ["disks", '{"root":{"path":"/"}}'],
        ["parent", "gw"],
        ["state_file", "/srv/lab-site/icinga2/state/h-web1"],
        ["tags", '["blue","prod"]'],
      ]),
    });
  });

  it("tell the parents of hosts by dependencies between hosts, not those between services", () => {
    const pairs = objectsOf("dependencies.json")
      .map(parentHost)
      .filter((pair): pair is ParentHost => pair !== undefined);
    const hosts = objectsOf("hosts.json").map((attrs) =>
      monitoredHost({ host: `${attrs["name"]}`, check: null }, attrs),
    );
    const parents = Object.fromEntries(withParents(hosts, pairs).map((host) => [host.host, host.parents]));
    expect(parents).toEqual({
      ...{ gw: [], web1: ["gw"], web2: ["gw"], db1: ["gw"], old1: ["gw"], "branch-gw": ["gw"] },
      ...{ "branch-pc": ["branch-gw"], "büro-drucker": ["gw"], "Host With Spaces": ["gw"] },
    });
    expect(
      withParents(hosts.slice(0, 1), [{ parent: "elsewhere", child: hosts[0]?.host ?? "", period: "" }])[0]?.parents,
    ).toEqual([]);
  });

  it("tell of a service check its groups, link and variables, and nothing of one that has none", () => {
    const http = { host: "web2", check: "http" };
    expect(monitoredCheck(http, objectOf("services-web2.json", "http"))).toMatchObject({ ...http, groups: ["web"] });
    expect(monitoredCheck(http, { vars: null, groups: [], action_url: "" })).toBeUndefined();
  });

  it("keep secrets to themselves, at any depth", () => {
    const vars = {
      db_password: "hunter2",
      databases: { shop: { port: 3306, password: "hunter2" } },
      snmp_community: "hunter2",
    };
    const host = monitoredHost({ host: "h", check: null }, { name: "h", vars });
    expect(host.customVariables).toEqual(new Map([["databases", '{"shop":{"port":3306}}']]));
  });
});
