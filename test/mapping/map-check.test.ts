import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapCheck } from "../../src/mapping/map-check.ts";
import { compileRules } from "../../src/mapping/user-rules.ts";
import type { MappingRule } from "../../src/model/mapping.ts";
import { processorTime } from "../support/processor-time.ts";
import { listening, pairsOf } from "./labelled.ts";

const WEB =
  "sshd=22 nrpe=5666 nginx=80,443 apache2=8080@127.0.0.1 mysqld=3306,3307 java=9200,8983 exim4=25@127.0.0.1 -=2049";

function ask(
  check: string,
  command: string | null,
  options: { on?: string; rules?: MappingRule[]; ips?: string[] } = {},
) {
  const services = listening("web01", options.on ?? WEB);
  const { rules } = compileRules(options.rules ?? []);
  const mapping = mapCheck({ host: "web01", check, command }, services, rules, options.ips);
  return { ...mapping, pairs: pairsOf(mapping.services, services), kind: mapping.evidence[0]?.kind };
}

describe("kinds of evidence", () => {
  it("a user's rule wins over everything", () => {
    const answer = ask("MySQL", "check_mysql!-P 3306", { rules: [{ check: "mysql", process: "nginx" }] });
    expect(answer).toMatchObject({ pairs: ["nginx:80", "nginx:443"], kind: "user-rule", confidence: 0.99 });
    expect(answer.evidence[0]?.text).toBe("your rule mysql -> nginx means nginx:80, nginx:443");
    expect(answer.runnerUp).toMatchObject({ services: ["web01:3306#mysqld"] });
  });

  it("a user's rule that means no process of the host leaves the word to the next", () => {
    expect(ask("MySQL", null, { rules: [{ check: "mysql", process: "oracle" }] }).kind).toBe("preset");
  });

  it("a port in the command", () => {
    expect(ask("Search", "check_tcp!9200")).toMatchObject({ pairs: ["java:9200"], kind: "port", ambiguous: false });
    expect(ask("Search", "check_http!-p 8080 -u /x")).toMatchObject({ pairs: ["apache2:8080"], kind: "port" });
  });

  it("a port on which nobody listens: no service, and the evidence says so", () => {
    const answer = ask("HTTP", "check_http!-p 1417");
    expect(answer).toMatchObject({ pairs: [], kind: "port", confidence: 0 });
    expect(answer.evidence[0]?.text).toBe("port 1417 in the check command, but nobody listens there on this host");
    expect(answer.runnerUp?.services).toEqual(["web01:80#nginx"]);
  });

  it("a URL in the command, shown without user, password and query", () => {
    const answer = ask("Shop", "check_url!https://admin:hunter2@shop.example.org/login?token=abc");
    expect(answer).toMatchObject({ pairs: ["nginx:443"], kind: "url" });
    expect(JSON.stringify(answer)).not.toMatch(/hunter2|token/);
  });

  it("a Unix socket in the command", () => {
    expect(ask("DB", "check_mysql!-s /run/mysqld/mysqld-3307.sock")).toMatchObject({
      pairs: ["mysqld:3307"],
      kind: "socket",
    });
  });

  it("a known plugin", () => {
    expect(ask("x", "check_nrpe!check_es_status")).toMatchObject({ pairs: ["java:9200"], kind: "plugin" });
  });

  it("the check's name where the command says nothing", () => {
    expect(ask("Mail-Warteschlange", "check_nrpe!check_something")).toMatchObject({
      pairs: ["exim4:25"],
      kind: "preset",
    });
  });

  it("a word that resembles", () => {
    expect(ask("Ngnix", null)).toMatchObject({ pairs: ["nginx:80", "nginx:443"], kind: "similarity" });
  });

  it("nothing at all: no service and no evidence", () => {
    expect(ask("Frobnication", "check_nrpe!check_frob")).toMatchObject({
      pairs: [],
      evidence: [],
      confidence: 0,
      runnerUp: null,
    });
  });

  it("a check of something else: no service, with evidence of kind none", () => {
    for (const [name, command] of [
      ["Disk /var/lib/mysql", "check_nrpe!check_disk!/var/lib/mysql"],
      ["MySQL Backup", null],
      ["Sicherung MySQL", "check_nrpe!check_mysql"],
      ["apt updates for nginx", "check_nrpe!check_apt"],
      ["nginx cluster", "check_cluster!nginx!1!2"],
    ] as const) {
      expect(ask(name, command)).toMatchObject({ pairs: [], kind: "none" });
    }
  });
});

describe("another host", () => {
  it.each([
    "check_tcp!-H $HOSTADDRESS:db01$ -p 3306",
    "check_nrpe!check_tcp!192.0.2.77 3306",
    "check_nrpe!check_mysql!-H db01.example.org",
  ])("%s", (command) => {
    expect(ask("MySQL", command)).toMatchObject({ pairs: [], kind: "none" });
  });

  it("is told by the host's own addresses, however they are written", () => {
    const on = "mysqld=3306";
    const ips = ["10.0.0.5", "2001:db8:0:0:0:0:0:5"];
    expect(ask("DB", "check_mysql!-H 10.0.0.5", { on, ips }).pairs).toEqual(["mysqld:3306"]);
    expect(ask("DB", "check_tcp!-H 2001:db8::5 -p 3306", { on, ips }).pairs).toEqual(["mysqld:3306"]);
    expect(ask("DB", "check_tcp!-H 10.0.0.6 -p 3306", { on, ips }).pairs).toEqual([]);
  });

  it("is not meant by a virtual host name or the host's own name", () => {
    expect(ask("Shop", "check_http!-H shop.example.org").pairs).toEqual(["nginx:80"]);
    expect(ask("DB", "check_nrpe!check_mysql!-H web01.example.org").pairs).toEqual(["mysqld:3306"]);
  });
});

describe("which instance", () => {
  const TWO_RESOLVERS = "named=53@192.0.2.53,53u@192.0.2.53 unbound=53@127.0.0.1,53u@127.0.0.1";

  it("is told by the address in the command", () => {
    expect(ask("DNS", "check_dns!www.example.org!192.0.2.53", { on: TWO_RESOLVERS }).pairs).toEqual(["named:53"]);
    expect(ask("DNS", "check_dns!www.example.org!127.0.0.1", { on: TWO_RESOLVERS }).pairs).toEqual(["unbound:53"]);
  });

  it("is told by the daemon's name where the command is the same", () => {
    expect(ask("APACHE", "check_nrpe!60!check_web").pairs).toEqual(["apache2:8080"]);
    expect(ask("NGINX", "check_nrpe!60!check_web").pairs).toEqual(["nginx:80", "nginx:443"]);
  });

  it("nothing tells: all, marked ambiguous, less sure", () => {
    const answer = ask("DNS", null, { on: TWO_RESOLVERS });
    expect(answer.pairs).toEqual(["named:53", "unbound:53"]);
    expect(answer.ambiguous).toBe(true);
    expect(answer.confidence).toBeLessThan(0.75);
  });

  it("several ports of one daemon, none of them its default port: all, ambiguous", () => {
    const answer = ask("Redis", null, { on: "redis-server=6390,6391" });
    expect(answer).toMatchObject({ pairs: ["redis-server:6390", "redis-server:6391"], ambiguous: true });
  });

  it("the default port, where no port is named", () => {
    expect(ask("MySQL", "check_mysql")).toMatchObject({ pairs: ["mysqld:3306"], ambiguous: false });
  });

  it("the daemon as a whole: all ports for clients, none for administration", () => {
    const on = "consul=8500,8300,8301 named=53,53u,953@127.0.0.1 mysqld=3306,33060";
    expect(ask("consul", "check_systemd!consul", { on }).pairs).toEqual(["consul:8500"]);
    expect(ask("named", "check_nrpe!check_procs!-C named", { on }).pairs).toEqual(["named:53"]);
    expect(ask("db", "check_procs!-C mysqld", { on }).pairs).toEqual(["mysqld:3306"]);
  });

  it("a process name that the kernel has cut", () => {
    const on = "proxmox-backup-=8007 carbon-aggregat=2013,2014";
    expect(ask("x", "check_systemd!proxmox-backup-proxy", { on }).pairs).toEqual(["proxmox-backup-:8007"]);
    expect(ask("carbon aggregator", null, { on }).pairs).toEqual(["carbon-aggregat:2013", "carbon-aggregat:2014"]);
  });
});

describe("user rules", () => {
  it("of which two speak: their union, marked ambiguous", () => {
    const rules = [
      { check: "shop", process: "nginx" },
      { check: "shop db", process: "mysqld" },
    ];
    const answer = ask("Shop DB", "check_dummy", { rules });
    expect(answer.pairs).toEqual(["nginx:80", "nginx:443", "mysqld:3306", "mysqld:3307"]);
    expect(answer.ambiguous).toBe(true);
  });

  it("match from the start, in either case", () => {
    const rules = [{ check: "SHOP", process: "NGINX" }];
    expect(ask("my shop", "check_dummy", { rules }).kind).not.toBe("user-rule");
    expect(ask("shop front", "check_dummy", { rules }).kind).toBe("user-rule");
  });

  it("are narrowed by a port in the command", () => {
    expect(ask("M", "check_mysql!-P 3307", { rules: [{ check: "M", process: "mysqld" }] }).pairs).toEqual([
      "mysqld:3307",
    ]);
  });

  it("give the same result in any order, as do the services", () => {
    const rules: MappingRule[] = [
      { check: "shop", process: "nginx" },
      { check: "shop.*", process: "mysqld" },
      { check: ".*", process: "java" },
      { check: "mail", process: "exim" },
      { check: "HTTP", process: "nginx|apache" },
    ];
    const names = ["shop", "shop db", "mail queue", "HTTP", "SSH", "DNS"];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(rules, { minLength: rules.length }),
        fc.shuffledSubarray([...listening("web01", WEB)], { minLength: 11 }),
        fc.constantFrom(...names),
        (shuffled, services, check) => {
          const question = { host: "web01", check, command: null };
          const straight = mapCheck(question, listening("web01", WEB), compileRules(rules).rules);
          const other = mapCheck(question, services, compileRules(shuffled).rules);
          expect([other.services, other.confidence, other.ambiguous]).toEqual([
            straight.services,
            straight.confidence,
            straight.ambiguous,
          ]);
        },
      ),
    );
  });
});

describe("whatever it is given", () => {
  const { rules } = compileRules([{ check: "a+", process: ".*" }]);
  const piece = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom(
      "check_nrpe!",
      "check_by_ssh -C '",
      '"',
      "\\",
      "!",
      "-p",
      " ",
      "://",
      "[::",
      "$HOSTADDRESS:",
      "sudo -u ",
      "__proto__",
    ),
  );

  it("answers, and only with services of the host", () => {
    const services = listening("web01", WEB);
    const ids = new Set(services.map(({ id }) => id));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(piece, { maxLength: 4 }), (command, name) => {
        const mapping = mapCheck({ host: "web01", check: name.join(""), command: command.join("") }, services, rules);
        expect(mapping.services.every((id) => ids.has(id))).toBe(true);
        expect(mapping.confidence >= 0 && mapping.confidence <= 1).toBe(true);
        expect(mapping.services.length === 0 || mapping.confidence >= 0.5).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ["quotes", '"\\'.repeat(50_000)],
    ["words", "a ".repeat(50_000)],
    ["one long word", "a".repeat(100_000)],
    ["dots", "a.".repeat(50_000)],
    ["paths", "/sock".repeat(20_000)],
    ["wrappers", "check_nrpe!".repeat(20_000)],
    ["URLs", "http://".repeat(20_000)],
    ["options", "-p ".repeat(40_000)],
  ])("is fast with a hostile command: %s", (_, text) => {
    const services = listening("web01", WEB);
    const asked = { host: "web01", check: text, command: text };
    expect(processorTime(() => void mapCheck(asked, services, rules))).toBeLessThan(300);
  });

  it("needs no services and no checks", () => {
    expect(ask("MySQL", "check_mysql", { on: "sshd=22" }).pairs).toEqual([]);
    expect(mapCheck({ host: "h", check: "", command: "" }, [], rules).services).toEqual([]);
  });
});
