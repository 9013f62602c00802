import { describe, expect, it } from "vitest";
import type { Listener } from "../../src/model/host-report.ts";
import type { TopologyEdge } from "../../src/model/topology.ts";
import { Topology } from "../../src/topology/topology.ts";
import { topologyRules } from "../../src/topology/topology-rules.ts";
import { accepted, listener, NOON, out, report, rules, unixPeer } from "../support/builders.ts";

function site(...reports: ReturnType<typeof report>[]): Topology {
  const topology = new Topology(topologyRules(rules()));
  for (const each of reports) {
    topology.report(each);
  }
  topology.settle(NOON);
  return topology;
}

/** Edges as `from -> to certainty`. */
function edgesOf(topology: Topology): string[] {
  const lines = [...topology.hosts()].flatMap((host) => [...topology.edgesFrom(host)]).map(text);
  return lines.sort();
}

function text(edge: TopologyEdge): string {
  return `${edge.from} -> ${edge.to} ${edge.certainty}`;
}

const DB = report("db01", "10.0.0.21", {
  listeners: [listener("mysqld", 3306), listener("mysqld", 3306, "0:0:0:0:0:0:0:0")],
  connections: [accepted("mysqld", 3306, "10.0.0.11", 3)],
});

describe("a host that tells of other connections each time", () => {
  const HOUR = 3_600;
  const flood = (round: number, addressOf: (at: number) => string, rows = 10_000) => {
    const row = (at: number) => out(`p${round}`, addressOf(at), 8_000 + (at >> 4), 1, NOON + round * HOUR);
    const connections = Array.from({ length: rows }, (_, at) => row(at));
    return report("web01", "10.0.0.11", { connections, seenAt: NOON + round * HOUR });
  };

  it("has the newest remembered, so many that those of one report are always among them", () => {
    const topology = new Topology(topologyRules(rules()));
    for (let round = 1; round <= 5; round += 1) {
      topology.report(flood(round, (at) => `10.1.0.${at & 15}`));
    }
    expect(topology.rowsOf("web01")).toBeLessThanOrEqual(30_000);
    expect(topology.rowsOf("web01") + topology.forgotten).toBe(50_000);
    topology.settle(NOON + 5 * HOUR);
    const newest = [...topology.edgesFrom("web01")].filter(({ from }) => from === "web01/p5");
    expect(newest).toHaveLength(10_000);
  });

  it("is believed 5,000 addresses that no host has, the newest, and any number of those of hosts", () => {
    const topology = new Topology(topologyRules(rules()));
    const stranger = (round: number) => (at: number) => `10.${round}.${at >> 8}.${at & 255}`;
    topology.report(flood(1, stranger(1)));
    expect(topology.rowsOf("web01")).toBe(5_000);
    topology.report(flood(2, stranger(2), 5_000));
    topology.settle(NOON + 2 * HOUR);
    expect([...topology.edgesFrom("web01")].filter(({ from }) => from === "web01/p2")).toHaveLength(5_000);
    expect(topology.rowsOf("web01")).toBe(5_000);

    const known = Array.from({ length: 10_000 }, (_, at) => [`host${at}`, stranger(3)(at)] as const);
    topology.tellAddresses(new Map(known));
    topology.report(flood(3, stranger(3)));
    expect(topology.rowsOf("web01")).toBe(15_000);
  });
});

describe("a clock that was two hours ahead and is set back", () => {
  it("does not keep an agent fresh that falls silent", () => {
    const topology = site(report("web01", "10.0.0.11", { seenAt: NOON + 7_200 }));
    topology.report(report("web01", "10.0.0.11", { seenAt: NOON + 60 }));
    topology.settle(NOON + 61);
    expect(topology.agentOf("web01")).toBe("fresh");
    topology.settle(NOON + 3_600);
    expect(topology.agentOf("web01")).toBe("stale");
  });
});

describe("dependencies between hosts", () => {
  it("make both ends of a connection one edge, a service's own process another", () => {
    const web = report("web01", "10.0.0.11", { connections: [out("php-fpm", "10.0.0.21", 3306, 3)] });
    expect(edgesOf(site(DB, web))).toEqual(["db01:3306 -> db01/mysqld both", "web01/php-fpm -> db01:3306 both"]);
  });

  it("are less sure where one end saw them, and nameless where the client has no agent", () => {
    const web = report("web01", "10.0.0.11", { connections: [out("php-fpm", "10.0.0.22", 5432)] });
    expect(edgesOf(site(DB, web))).toEqual([
      "db01:3306 -> db01/mysqld both",
      "web01/? -> db01:3306 one",
      "web01/php-fpm -> 10.0.0.22:5432 one",
    ]);
  });

  it("fold foreign addresses into the Internet and keep unknown internal ones", () => {
    const web = report("web01", "10.0.0.11", {
      listeners: [listener("nginx", 443)],
      connections: [
        accepted("nginx", 443, "203.0.113.7"),
        accepted("nginx", 443, "198.51.100.9"),
        accepted("nginx", 443, "10.7.7.7"),
        out("nginx", "2001:db8:0:0:0:0:0:1", 443),
      ],
    });
    expect(edgesOf(site(web))).toEqual([
      "10.7.7.7/? -> web01:443 one",
      "Internet/? -> web01:443 one",
      "web01/nginx -> Internet:443 one",
      "web01:443 -> web01/nginx both",
    ]);
  });

  it("take networks of other_internal_networks for ours", () => {
    const topology = new Topology(topologyRules(rules({ otherInternalNetworks: ["203.0.113.0/24"] })));
    topology.report(report("web01", "10.0.0.11", { connections: [out("app", "203.0.113.7", 80)] }));
    topology.settle(NOON);
    expect(edgesOf(topology)).toEqual(["web01/app -> 203.0.113.7:80 one"]);
  });

  it("stay within the host for loopback, own addresses and Unix sockets", () => {
    const web = report("web01", "10.0.0.11", {
      listeners: [listener("redis-server", 6379, "127.0.0.1"), listener("nginx", 80)],
      connections: [
        out("php-fpm", "127.0.0.1", 6379),
        accepted("redis-server", 6379, "127.0.0.1"),
        out("cron", "10.0.0.11", 80),
      ],
      unix: [unixPeer("nginx", "php-fpm", "/run/php.sock")],
    });
    expect(edgesOf(site(web))).toEqual([
      "web01/cron -> web01:80 both",
      "web01/nginx -> web01/php-fpm both",
      "web01/php-fpm -> web01:6379 both",
      "web01:6379 -> web01/redis-server both",
      "web01:80 -> web01/nginx both",
    ]);
  });

  it("call an ephemeral port high unless somebody is known to listen there", () => {
    const nfs = report("nfs01", "10.0.0.31", { listeners: [listener("nfs-relay", 40_001)] });
    const web = report("web01", "10.0.0.11", {
      connections: [
        out("mount", "10.0.0.31", 40_001),
        out("ftp", "10.0.0.31", 50_123),
        out("ftp", "10.0.0.31", 50_124),
      ],
    });
    expect(edgesOf(site(nfs, web))).toContain("web01/ftp -> nfs01:high one");
    expect(edgesOf(site(nfs, web))).toContain("web01/mount -> nfs01:40001 one");
    expect(edgesOf(site(nfs, web)).filter((edge) => edge.includes("high"))).toHaveLength(1);
  });

  it("call the ephemeral port of one who listened for a moment high, unless connections to it go on", () => {
    const ci = report("ci01", "10.0.0.41", {
      connections: [
        { ...accepted("node", 41_001, "10.0.0.11", 0), opened: 3 },
        accepted("node", 41_002, "10.0.0.11", 2),
      ],
    });
    const web = report("web01", "10.0.0.11", {
      connections: [{ ...out("curl", "10.0.0.41", 41_001, 0), opened: 3 }, out("curl", "10.0.0.41", 41_002, 2)],
    });
    expect(edgesOf(site(ci, web)).sort()).toEqual(
      expect.arrayContaining(["web01/curl -> ci01:41002 both", "web01/curl -> ci01:high both"]),
    );
    expect(edgesOf(site(ci, web)).filter((edge) => edge.includes("41001"))).toEqual([]);
    expect(edgesOf(site(ci)).filter((edge) => edge.includes("41001"))).toEqual([]);
  });

  it("leave out ports and processes that are ignored", () => {
    const topology = new Topology(topologyRules(rules({ serviceNameWhitelist: ["node_exp"] })));
    topology.report(
      report("web01", "10.0.0.11", {
        listeners: [listener("sshd", 22), listener("node_exporter", 9100), listener("nginx", 80)],
        connections: [out("ssh", "10.0.0.21", 22)],
      }),
    );
    topology.settle(NOON);
    expect([...(topology.host("web01")?.services.keys() ?? [])]).toEqual(["80"]);
    expect(edgesOf(topology)).toEqual(["web01:80 -> web01/nginx both"]);
  });
});

describe("ports of containers that are not published", () => {
  const inside = (process: string, container: string, port: number, address = "0.0.0.0") => {
    return { ...listener(process, port, address), container, netns: `net:${container}` };
  };
  const servicesOf = (listeners: Listener[], settings = {}) => {
    const topology = new Topology(topologyRules(rules(settings)));
    topology.report(report("web01", "10.0.0.11", { listeners }));
    topology.settle(NOON);
    return [...(topology.host("web01")?.services.values() ?? [])].map(
      ({ id, process, addresses }) => `${id} ${process} ${addresses}`,
    );
  };

  it("leave the host's own ports to whom they belong, however narrow or nameless", () => {
    const own = listener("postgres", 5432, "127.0.0.1");
    expect(servicesOf([inside("pgbouncer", "pool", 5432), own])).toEqual(["web01:5432 postgres 127.0.0.1"]);
    const nameless = { ...own, process: null };
    expect(servicesOf([inside("pgbouncer", "pool", 5432), nameless])).toEqual(["web01:5432 null 127.0.0.1"]);
    expect(servicesOf([inside("pgbouncer", "pool", 5432), own], { serviceNameWhitelist: ["postgres"] })).toEqual([]);
  });

  it("give way to one that is published, which the agent tells as the host's", () => {
    const published = { ...inside("nginx", "shop", 80), netns: null };
    expect(servicesOf([inside("caddy", "blog", 80), published])).toEqual(["web01:80 nginx 0.0.0.0"]);
  });

  it("lend their clients to nobody else at that port, while those of a published one are its own", () => {
    const pool = inside("pgbouncer", "pool", 5432);
    const shop = inside("nginx", "shop", 80);
    const { process, container, netns } = pool;
    const topology = site(
      report("web01", "10.0.0.11", {
        listeners: [listener("postgres", 5432), pool, { ...shop, port: 8080, netns: null }],
        connections: [
          { ...accepted("pgbouncer", 5432, "127.0.0.1"), process, container, netns },
          { ...accepted("nginx", 8080, "10.0.0.12"), container: "shop", netns: "net:shop" },
        ],
      }),
    );
    expect(edgesOf(topology)).toEqual([
      "10.0.0.12/? -> web01:8080 one",
      "web01:5432 -> web01/postgres both",
      "web01:8080 -> web01/nginx both",
    ]);
  });

  it("are of one container where several listen, the same in any order", () => {
    const rows = [
      inside("nginx", "shop", 80, "172.17.0.3"),
      inside("nginx", "blog", 80, "172.17.0.2"),
      inside("nginx", "blog", 80, "127.0.0.1"),
    ];
    const expected = ["web01:80 nginx 127.0.0.1,172.17.0.2"];
    expect(servicesOf(rows)).toEqual(expected);
    expect(servicesOf(rows.reverse())).toEqual(expected);
  });
});

describe("names", () => {
  it("tell two processes of one name apart by their unit, and only then", () => {
    const web = report("web01", "10.0.0.11", {
      listeners: [
        listener("java@shop.service", 8080),
        listener("java@search.service", 9200),
        listener("nginx@nginx.service", 80),
      ],
      connections: [out("java@shop.service", "127.0.0.1", 9200)],
    });
    expect(edgesOf(site(web))).toEqual([
      "web01/java@shop.service -> web01:9200 both",
      "web01:80 -> web01/nginx both",
      "web01:8080 -> web01/java@shop.service both",
      "web01:9200 -> web01/java@search.service both",
    ]);
  });

  it("believe nobody about an address that two hosts claim", () => {
    const one = report("a", "172.17.0.1", { connections: [out("app", "10.0.0.21", 3306)] });
    const two = report("b", "172.17.0.1", {});
    const db = report("db01", "10.0.0.21", {
      listeners: [listener("mysqld", 3306)],
      connections: [accepted("mysqld", 3306, "172.17.0.1")],
    });
    expect(edgesOf(site(one, two, db))).toEqual([
      "172.17.0.1/? -> db01:3306 one",
      "a/app -> db01:3306 one",
      "db01:3306 -> db01/mysqld both",
    ]);
  });

  it("follow the monitoring's address of a host without an agent", () => {
    const topology = site(DB);
    topology.tellAddresses(new Map([["web09", "10.0.0.11"]]));
    const { relinked } = topology.settle(NOON + 1);
    expect(relinked).toContain("db01");
    expect(edgesOf(topology)).toContain("web09/? -> db01:3306 one");
  });
});

describe("memory", () => {
  const web = report("web01", "10.0.0.11", { connections: [out("php-fpm", "10.0.0.21", 3306, 3)] });

  it("keeps a connection that is gone, as remembered", () => {
    const topology = site(DB, web);
    for (const later of [NOON + 60, NOON + 400]) {
      topology.report(report("web01", "10.0.0.11", { seenAt: later }));
      topology.report({ ...DB, connections: [], seenAt: later, receivedAt: later });
      topology.settle(later);
    }
    expect(edgesOf(topology)).toContain("web01/php-fpm -> db01:3306 remembered");
  });

  it("hides it after the setting hiding, and forgets it after expire", () => {
    const settings = {
      hiding: { services: 7, connections: 1 },
      expire: { services: 0, connections: 2, nagiosAlerts: 0 },
    };
    const topology = new Topology(topologyRules(rules(settings)));
    topology.report(web);
    topology.settle(NOON);
    topology.settle(NOON + 86_401);
    expect(edgesOf(topology)).toEqual([]);
    expect(topology.host("web01")?.edges.size).toBe(1);
    topology.settle(NOON + 3 * 86_400);
    topology.settle(NOON + 3 * 86_400 + 1);
    expect(topology.host("web01")?.edges.size).toBe(0);
  });

  it("is less sure of everything once the agent is silent for three intervals", () => {
    const topology = site(DB, web);
    const { relinked } = topology.settle(NOON + 200);
    expect(topology.agentOf("db01")).toBe("stale");
    expect(relinked).toContain("db01");
    expect(edgesOf(topology)).toContain("web01/php-fpm -> db01:3306 one");
  });

  it("takes a partial report as saying nothing about what it lacks", () => {
    const topology = site(DB, web);
    topology.report(report("web01", "10.0.0.11", { partial: true }));
    expect([...(topology.host("web01")?.edges.values() ?? [])].map((edge) => edge.count)).toEqual([3]);
  });

  it("comes back from what an earlier leader stored, without undoing what was reported since", () => {
    const before = site(DB, web).host("web01");
    const topology = site(DB);
    topology.report(
      report("web01", "10.0.0.11", { seenAt: NOON + 5, connections: [out("php-fpm", "10.0.0.21", 3306, 9, NOON + 5)] }),
    );
    topology.restore("web01", before?.edges.values() ?? [], before?.listeners ?? []);
    topology.settle(NOON + 6);
    const [edge] = topology.host("web01")?.edges.values() ?? [];
    expect(edge).toMatchObject({ count: 9, lastSeen: NOON + 5, firstSeen: NOON });
  });
});

describe("what people wrote down", () => {
  it("adds configured dependencies and leaves out excluded ones", () => {
    const decided = {
      ...rules(),
      dependencies: [{ from: "app01/java", to: "mainframe:1414" }],
      exclude: ["10.0.0.11/* -> db01:*"],
    };
    const topology = new Topology(topologyRules(decided));
    topology.report(DB);
    topology.settle(NOON);
    expect(edgesOf(topology)).toEqual(["app01/java -> mainframe:1414 configured", "db01:3306 -> db01/mysqld both"]);
  });
});
