import { describe, expect, it } from "vitest";
import { mapCheck } from "../../src/mapping/map-check.ts";
import { compileRules } from "../../src/mapping/user-rules.ts";
import { listening } from "./labelled.ts";

const { rules } = compileRules([]);

function ids(host: string, spec: string, check: string, command: string | null, ips: string[] = []) {
  return mapCheck({ host, check, command }, listening(host, spec), rules, ips).services;
}

describe("hosts with the same services", () => {
  it("share a decision, each with its own ids", () => {
    const on = "sshd=22 mysqld=3306,3307";
    expect(ids("a", on, "MySQL", "check_mysql!-P 3307")).toEqual(["a:3307#mysqld"]);
    expect(ids("b", on, "MySQL", "check_mysql!-P 3307")).toEqual(["b:3307#mysqld"]);
    expect(mapCheck({ host: "b", check: "SSH", command: null }, listening("b", on), rules)).toMatchObject({
      host: "b",
      check: "SSH",
      services: ["b:22#sshd"],
    });
  });

  it("do not where the processes behind the ports, the addresses or the rules differ", () => {
    expect(ids("a", "nginx=80 apache2=8080", "Apache", null)).toEqual(["a:8080#apache2"]);
    expect(ids("b", "apache2=80 nginx=8080", "Apache", null)).toEqual(["b:80#apache2"]);
    const own = compileRules([{ check: "Apache", process: "nginx" }]).rules;
    const services = listening("b", "apache2=80 nginx=8080");
    expect(mapCheck({ host: "b", check: "Apache", command: null }, services, own).services).toEqual(["b:8080#nginx"]);
  });

  it("do not where the command names a host: what is one's own is another's for its neighbour", () => {
    const on = "sshd=22 postgres=5432";
    const command = "check_nrpe!check_pgsql!-H a.example.org";
    expect(ids("a", on, "DB", command)).toEqual(["a:5432#postgres"]);
    expect(ids("b", on, "DB", command)).toEqual([]);
    expect(ids("a", on, "DB", "check_nrpe!check_pgsql!-H 10.0.0.1", ["10.0.0.1"])).toEqual(["a:5432#postgres"]);
    expect(ids("b", on, "DB", "check_nrpe!check_pgsql!-H 10.0.0.1", ["10.0.0.2"])).toEqual([]);
  });
});
