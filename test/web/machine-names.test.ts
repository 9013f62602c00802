/** What this machine is called, by texts as systems have them. */
import { expect, it } from "vitest";
import { machineNames } from "../../src/web/machine-names.ts";

const HOSTS = `127.0.0.1\tlocalhost localhost.localdomain
127.0.1.1  mon.example.net mon  # ours
10.0.0.9 mon.branch.example.net web.example.net
# 10.0.0.8 mon.evil.example
::1 ip6-localhost
`;
const RESOLVER = `# made by hand
search Example.org. lab.example.org ; both
domain .
nameserver 10.0.0.1
`;

it("are its own, with domains that are its own or of no Internet, and those of /etc/hosts", () => {
  const names = machineNames({ hostname: "MON", hosts: HOSTS, resolver: RESOLVER });
  const own = ["mon", "mon.example.org", "mon.lab.example.org", "mon.example.net", "mon.branch.example.net", "mon.lan"];
  expect(own.filter((name) => !names.has(name))).toEqual([]);
  const others = ["mon.evil.example", "mon.", "web.example.net", "mon.10.0.0.1", "localhost.localdomain"];
  expect(others.filter((name) => names.has(name))).toEqual([]);
});

it("are what the machine calls itself, where no file says more", () => {
  const names = machineNames({ hostname: "mon.example.com", hosts: "", resolver: "" });
  expect(names.has("mon.example.com")).toBe(true);
  expect(names.has("mon.example.net")).toBe(false);
});
