import { describe, expect, it } from "vitest";
import { commandText } from "../../nagios/icinga2-command.ts";
import { readCommand } from "../../src/mapping/check-command.ts";

type Vars = Readonly<Record<string, unknown>>;
const command = (name: string, own: Vars = {}, ofHost: Vars = {}) =>
  commandText(name, new Map(Object.entries(own)), new Map(Object.entries(ofHost)));
const understood = (name: string, own: Vars = {}, ofHost: Vars = {}) => readCommand(command(name, own, ofHost) ?? "");

describe("check commands of Icinga 2", () => {
  it("carry the variables that say where a check goes", () => {
    expect(
      command("http", { http_port: 8080, http_ssl: true, http_vhost: "shop.example.com", http_warn_time: 5 }),
    ).toBe("http!http_port=8080!http_ssl=true");
    expect(understood("http", { http_port: 8080 }).arguments.ports).toEqual([8080]);
    expect(understood("http", { http_ssl: true }).arguments.tls).toBe(true);
    expect(understood("tcp", { tcp_port: "5432" })).toMatchObject({
      plugin: "tcp",
      asksPort: true,
      arguments: { ports: [5432] },
    });
    expect(understood("mysql", { mysql_hostname: "10.0.0.7" }).arguments.addresses).toEqual(["10.0.0.7"]);
    expect(understood("mysql_health", { mysql_health_port: 3307 }).arguments.ports).toEqual([3307]);
    expect(understood("procs", { procs_command: "nginx" }).arguments.names).toEqual(["nginx"]);
  });

  it("take variables of the host where the check has none of its own", () => {
    expect(command("http", {}, { http_port: 81, os: "Linux", ssh_port: 2222 })).toBe("http!http_port=81");
    expect(command("http", { http_port: 82 }, { http_port: 81 })).toBe("http!http_port=82");
  });

  it("take numbered arguments in their order, from 1 to 10", () => {
    const own = { ARG10: "j", ARG2: "b", ARG1: "a!b" };
    expect(command("check_x", own)).toBe("check_x!a\\!b!b!j");
    expect(understood("check_tcp", { arg1: "8080" }).arguments.numbers).toEqual([8080]);
  });

  it("of a runner name the command that is run, and not the port of the runner", () => {
    expect(command("nrpe", { nrpe_command: "check_mysql", nrpe_port: 5666, nrpe_arguments: ["-P", "3307"] })).toBe(
      "nrpe!nrpe_arguments=-P 3307!nrpe_command=check_mysql",
    );
    expect(understood("nrpe", { nrpe_command: "check_mysql" })).toMatchObject({ plugin: "mysql", remote: true });
  });

  it("never carry a secret", () => {
    const secrets = {
      ...{ mysql_password: "hunter2", http_auth_pair: "u:hunter2", snmp_community: "hunter2", api_token: "hunter2" },
      ...{ http_url: "https://u:hunter2@app.example.com/x?key=hunter2", arg1: "-u monitor -p hunter2 --token=hunter2" },
      ...{
        by_ssh_command: "/x/check_mysql --password hunter2 -P 3306",
        http_arguments: ["--authorization", "u:hunter2"],
      },
    };
    for (const name of ["http", "mysql", "snmp", "by_ssh", "api"]) {
      expect(command(name, secrets, secrets)).not.toContain("hunter2");
    }
    expect(command("http", { http_url: "https://u:hunter2@app.example.com/x?key=hunter2" })).toBe(
      "http!http_url=https://app.example.com/x",
    );
    expect(command("check_x", { arg1: "-p 8080 -w 5" })).toBe("check_x!-p 8080 -w 5");
  });

  it("leave out macros, links of other kinds and what is no text", () => {
    const own = {
      http_address: "$address$",
      runbook_url: "https://wiki.example.com",
      http_port: { a: 1 },
      http_uri: "a\u0000b",
    };
    expect(command("http", own)).toBe("http");
  });

  it("are none where there is none", () => {
    expect(command("", { http_port: 1 })).toBeNull();
    expect(command("passive", { http_port: 1 })).toBeNull();
  });
});
