import { describe, expect, it } from "vitest";
import { readCommand } from "../../src/mapping/check-command.ts";
import { shellWords } from "../../src/mapping/command-words.ts";

describe("the plugin that really runs", () => {
  it.each([
    ["check_http", "http", false],
    ["$USER1$/./check_mysql -H $HOSTADDRESS$ -D shop", "mysql", false],
    ["/usr/lib/nagios/plugins/check_disk.sh -w 10%", "disk", false],
    ["check_nrpe!check_load", "load", true],
    ["check_nrpe!60!check_web", "web", true],
    ["check_nrpe_1arg!check_es_status", "esstatus", true],
    ["check_by_nrpe!check_rabbitmq_queues", "rabbitmqqueues", true],
    ["nrpe_check_carbon_cache", "carboncache", true],
    ["check_nrpe!-H web01 -p 5666 -t 30 -c check_procs -a '1:1 mysqld'", "procs", true],
    ["check_by_ssh!-l nagios -C '/usr/bin/sudo /opt/check_postfix -w 5'", "postfix", true],
    ['check_by_ssh!check_squid!"-p 8080 -U monitor"', "squid", true],
    ["sudo -u nagios /usr/bin/perl /opt/plugins/check_oracle_health.pl --mode tnsping", "oraclehealth", false],
    ["/bin/sh -c 'timeout 10 /opt/check_tcp -p 80'", "tcp", false],
    ["check_mk-postgres_locks", "postgreslocks", false],
    ["check_nt!SERVICESTATE!-d SHOWALL -l W3SVC", "servicestate", false],
    ["check_disk_/var/lib/pgsql", "diskvarlibpgsql", false],
    ["", "", false],
  ])("%s: %s", (text, plugin, remote) => {
    const command = readCommand(text);
    // Windows agents run the check on the host too, but that changes nothing about its name.
    expect([command.plugin, text.startsWith("check_nt") ? false : command.remote]).toEqual([plugin, remote]);
  });

  it.each([
    ["check_nrpe", "nrpe"],
    ["test_nrpe", "nrpe"],
    ["check_by_ssh", "ssh"],
    ["check_nt!CLIENTVERSION", "nsclient"],
  ])("%s runs nothing: the agent itself is meant", (text, runner) => {
    expect(readCommand(text).runner).toBe(runner);
  });

  it("is found through runners in runners, to an end", () => {
    expect(readCommand("check_nrpe!check_by_ssh!-C 'sudo check_nrpe -c check_mysql'").plugin).toBe("mysql");
    expect(() => readCommand("check_nrpe!".repeat(1000))).not.toThrow();
  });
});

describe("the arguments", () => {
  const read = (text: string) => readCommand(text).arguments;

  it.each([
    ["check_http!-p 8080", [8080]],
    ["check_http!-p8080", [8080]],
    ["check_tcp!--port=5432", [5432]],
    ["tcp!tcp_port=636", [636]],
    ["check_tcp!db01:3306", [3306]],
    ["check_port_8443", [8443]],
    ["check_http!-p 0", []],
    ["check_http!-p 99999", []],
    ["check_procs!-p 1", []],
  ])("ports of %s", (text, ports) => {
    expect(read(text).ports).toEqual(ports);
  });

  it("keep numbers apart that may be ports, thresholds or a password", () => {
    expect(read("check_smtp!587!5").numbers).toEqual([587, 5]);
    expect(read("check_mysql!-u root -p 3306")).toMatchObject({ ports: [], numbers: [3306] });
    expect(read("check_ping!100.0,20%!500.0,60%").numbers).toEqual([]);
  });

  it("tell addresses from virtual hosts and macros", () => {
    expect(read("check_dig!-H 192.0.2.53 -l example.com").addresses).toEqual(["192.0.2.53"]);
    expect(read("check_tcp!-H 2001:DB8::1 -p 1").addresses).toEqual(["2001:db8:0:0:0:0:0:1"]);
    expect(read("check_http!-H www.example.org").hostNames).toEqual(["www.example.org"]);
    expect(read("check_http!-H $HOSTADDRESS$")).toMatchObject({
      addresses: [],
      hostNames: [],
      macroOfOtherHost: false,
    });
    expect(read("check_http!-H $HOSTADDRESS:db01$").macroOfOtherHost).toBe(true);
    expect(read("check_dns!-H www.example.org -s 10.0.0.1")).toMatchObject({ addresses: ["10.0.0.1"], hostNames: [] });
  });

  it("hold URLs with the port of their scheme, without what is secret in them", () => {
    expect(read("check_url!https://user:secret@shop.example.org/a?key=1").urls).toEqual([
      { text: "https://shop.example.org", scheme: "https", host: "shop.example.org", port: 443, portWritten: false },
    ]);
    expect(read("check_jmx!-U service:jmx:rmi:///jndi/rmi://localhost:9010/jmxrmi").urls[0]).toMatchObject({
      port: 9010,
    });
  });

  it("hold sockets, TLS and names of processes", () => {
    expect(read("check_mysql!-s /run/mysqld/mysqld.sock").sockets).toEqual(["/run/mysqld/mysqld.sock"]);
    expect(read("check_http!-S --sni").tls).toBe(true);
    expect(read("check_http!-C 30").tls).toBe(true);
    expect(read("http!http_ssl=0").tls).toBe(false);
    expect(read("check_procs!-C httpd -a /etc/httpd").names).toEqual(["httpd", "/etc/httpd"]);
    expect(read("check_procs!-a kafka.Kafka").names).toEqual(["kafka.Kafka"]);
    expect(read("check-procs.rb -p keystone_ad -w 15").names).toEqual(["keystone_ad"]);
  });

  it("tell a host from a key, and the parts of an item key of Zabbix", () => {
    expect(read("check_rabbitmq_queue!notifications.info")).toMatchObject({
      hostNames: [],
      names: ["notifications.info"],
    });
    expect(read("check_pgsql!-H db.lan").hostNames).toEqual(["db.lan"]);
    expect(read("check_tcp!db1.lan 5432").hostNames).toEqual(["db1.lan"]);
    expect(read("net.tcp.port[,8080]").numbers).toEqual([8080]);
    expect(readCommand("proc.num[apache2]")).toMatchObject({ asksProcess: true, arguments: { names: ["apache2"] } });
  });
});

describe("words of a shell", () => {
  it.each([
    ["a  b", ["a", "b"]],
    [`-C "a b" 'c d'`, ["-C", "a b", "c d"]],
    [`a"b c"d`, ["ab cd"]],
    ["a\\ b", ["a b"]],
    [`"a \\"b\\""`, ['a "b"']],
    ["C:\\Windows\\x", ["C:\\Windows\\x"]],
    [`"open`, ["open"]],
    ["\\", ["\\"]],
    ["", []],
  ])("%s", (text, words) => {
    expect(shellWords(text)).toEqual(words);
  });
});
