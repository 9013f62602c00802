import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Engine } from "../src/compute.ts";
import { type Changes, type EdgeRecord, emptyChanges } from "../src/model/changes.ts";
import type { HostReport } from "../src/model/host-report.ts";
import type { CheckStatus } from "../src/model/monitoring.ts";
import {
  accepted,
  health,
  listener,
  monitored,
  NOON,
  objects,
  out,
  report,
  rules,
  states,
  status,
  unixPeer,
} from "./support/builders.ts";
import { mergeChanges } from "./support/merge-changes.ts";

const DB = report("db01", "10.0.0.21", {
  listeners: [listener("mysqld", 3306)],
  connections: [accepted("mysqld", 3306, "10.0.0.11", 12)],
});
const WEB = report("web01", "10.0.0.11", {
  listeners: [listener("nginx", 80)],
  connections: [out("php-fpm", "10.0.0.21", 3306, 12)],
  unix: [unixPeer("nginx", "php-fpm", "/run/php.sock")],
});

function shop(statuses: readonly CheckStatus[]): Engine {
  const engine = new Engine(rules());
  engine.report(DB);
  engine.report(WEB);
  engine.observe(states(statuses));
  engine.observe(health());
  return engine;
}

const TROUBLE = [
  status("db01", null),
  status("web01", null),
  status("db01", "MySQL", { state: "CRITICAL", lastChange: NOON - 840, output: "Can't connect" }),
  status("web01", "HTTP", { state: "CRITICAL" }),
];

describe("one incident", () => {
  it("names what a broken database takes with it, as the contract shows it", () => {
    const impact = shop(TROUBLE).settle(NOON).impacts.get("db01::MySQL");
    expect(impact).toMatchObject({
      apiVersion: "dotm/v1",
      kind: "Impact",
      problem: { host: "db01", check: "MySQL", state: "CRITICAL", stateType: "HARD", source: "nagios", handled: false },
      failed: [{ id: "db01:3306", host: "db01", port: 3306, process: "mysqld" }],
      affected: [
        {
          id: "web01/php-fpm",
          port: null,
          degree: "affected",
          hops: 1,
          certainty: "both",
          ownState: null,
          propagatedState: "CRITICAL",
          path: ["web01/php-fpm", "db01:3306"],
        },
        {
          id: "web01:80",
          port: 80,
          process: "nginx",
          degree: "affected",
          hops: 2,
          ownState: "CRITICAL",
          path: ["web01:80", "web01/nginx", "web01/php-fpm", "db01:3306"],
        },
      ],
      hosts: ["web01"],
      hypothetical: false,
      rootProblem: true,
      explainedBy: [],
      explains: [{ host: "web01", check: "HTTP" }],
      unknownBeyond: [],
      summary: "db01 / MySQL is CRITICAL for 14 min; 1 service on 1 host may be affected: web01:80 nginx",
      graph: "/graph?host=db01&srv=MySQL",
    });
  });

  it("does not call a problem a root that another one explains", () => {
    const impact = shop(TROUBLE).settle(NOON).impacts.get("web01::HTTP");
    expect(impact).toMatchObject({ rootProblem: false, explainedBy: [{ host: "db01", check: "MySQL" }], explains: [] });
  });

  it("clears the impact at recovery and tells of nothing else", () => {
    const engine = shop(TROUBLE);
    engine.settle(NOON);
    engine.observe({ ...states([status("db01", "MySQL")]), full: false });
    const changes = engine.settle(NOON + 5);
    expect(changes.impacts.get("db01::MySQL")).toBeNull();
    expect(changes.services.get("db01:3306")?.value?.alertStatus).toBe("OK");
    expect(changes.connections.size).toBe(0);
    expect(changes.edges.size).toBe(0);
  });

  it("does not wait for thousands of checks that only found again what they had found; those are told turn by turn", () => {
    const engine = new Engine(rules(), 40);
    const hosts = Array.from({ length: 60 }, (_, n) => `host${n}`);
    const found = (lastCheck: number) =>
      hosts.flatMap((host) => ["Load", "Disk"].map((check) => status(host, check, { lastCheck })));
    engine.observe(states(found(NOON)));
    engine.everything(NOON);
    engine.observe({
      ...states([...found(NOON + 60), status("host59", "Load", { state: "CRITICAL", lastCheck: NOON + 60 })]),
      full: false,
    });
    let sum = engine.settle(NOON + 60);
    expect([...sum.impacts.keys()]).toEqual(["host59::Load"]);
    expect(sum.serviceChecks.size).toBeLessThan(10);
    let turns = 1;
    for (; engine.unsettled; turns += 1) {
      sum = mergeChanges(sum, engine.settle(NOON + 60));
    }
    expect(turns).toBeGreaterThan(6);
    const told = [...sum.serviceChecks.values()].flatMap((checks) => checks ?? []);
    expect(told.map(({ lastCheck }) => lastCheck)).toEqual(Array(120).fill(NOON + 60));
  });

  it("looks turn by turn at the clients of a server that is seen for the first time; one with an alert goes first", () => {
    const engine = new Engine(rules(), 40);
    const clients = Array.from({ length: 60 }, (_, n) => ({ host: `web${n}`, address: `10.0.1.${n}` }));
    for (const { host, address } of clients) {
      engine.report(report(host, address, { connections: [out("php-fpm", "10.0.0.21", 3306)] }));
    }
    engine.observe(states(clients.map(({ host }) => status(host, "Load"))));
    engine.everything(NOON);
    const connections = clients.map(({ address }) => accepted("mysqld", 3306, address));
    engine.report(report("db01", "10.0.0.21", { listeners: [listener("mysqld", 3306)], connections }));
    let sum = engine.settle(NOON + 1);
    engine.observe({ ...states([status("web59", "Load", { state: "CRITICAL" })]), full: false });
    const next = engine.settle(NOON + 2);
    expect(next.impacts.get("web59::Load")).toMatchObject({ rootProblem: true });
    sum = mergeChanges(sum, next);
    expect(sum.graphs.size).toBeLessThan(60);
    while (engine.unsettled) {
      sum = mergeChanges(sum, engine.settle(NOON + 2));
    }
    const needs = [...sum.graphs.values()].flatMap((graph) => graph?.nodes.flatMap((node) => node.needs) ?? []);
    expect(needs.filter(({ to, certainty }) => to === "db01:3306" && certainty === "both")).toHaveLength(60);
  });

  it("draws a host anew when only the type of its state changes", () => {
    const engine = shop([status("db01", null, { stateType: "SOFT" })]);
    engine.settle(NOON);
    engine.observe({ ...states([status("db01", null)]), full: false });
    expect(engine.settle(NOON + 5).graphs.get("db01")?.stateType).toBe("HARD");
  });

  it("draws a host anew at a report that says the same only where the picture is old, or was told otherwise", () => {
    const engine = new Engine(rules());
    engine.observe(objects([monitored("web01", "10.0.0.11")]));
    const drawnAt = (seconds: number) => {
      const at = NOON + seconds;
      engine.report({ ...WEB, connections: [], seenAt: at, receivedAt: at });
      return engine.settle(at).graphs.get("web01");
    };
    expect(drawnAt(0)).toMatchObject({ groups: [] });
    expect(drawnAt(60)).toBeUndefined();
    engine.observe(objects([monitored("web01", "10.0.0.11", { groups: ["shop"] })]));
    expect(drawnAt(120)).toMatchObject({ groups: ["shop"], lastReport: NOON + 120 });
    expect([180, 360, 540, 720].map(drawnAt)).toEqual([undefined, undefined, undefined, undefined]);
    expect(drawnAt(721)?.nodes).toMatchObject([
      { id: "web01/nginx", age: "fresh" },
      { id: "web01/php-fpm", age: "fresh" },
      { id: "web01:80", age: "fresh", lastSeen: NOON + 721 },
    ]);
  });

  it("tells the time of every report exactly, however long what is old may lag", () => {
    const base = rules();
    const aging = { services: 36_000, connections: 36_000 };
    const engine = new Engine({ ...base, settings: { ...base.settings, aging } });
    const told = [0, 1, 31].map((seconds) => {
      const at = NOON + seconds;
      engine.report({ ...WEB, seenAt: at, receivedAt: at });
      return engine.settle(at).nodes.get("web01")?.lastFetch;
    });
    expect(told).toEqual([NOON, NOON + 1, NOON + 31]);
    expect(engine.settle(NOON + 32).nodes.size).toBe(0);
  });

  it("hands on only the time of connections that are as before, and none that lags by a twentieth of aging at most", () => {
    const engine = new Engine(rules());
    const told = (seconds: number, count: number) => {
      const at = NOON + seconds;
      const both = [out("php-fpm", "10.0.0.21", 3306, count), out("php-fpm", "10.0.0.22", 3306, 12)];
      engine.report({
        ...WEB,
        connections: both.map((each) => ({ ...each, lastSeen: at })),
        seenAt: at,
        receivedAt: at,
      });
      const { connections, seen } = engine.settle(at);
      return { records: [...connections.keys()], times: Object.fromEntries(seen.get("web01") ?? []) };
    };
    const lag = rules().settings.aging.connections / 20;
    const [first, second] = ["3306::10.0.0.21", "3306::10.0.0.22"] as const;
    expect(told(0, 12)).toEqual({ records: [`web01::${first}`, `web01::${second}`], times: {} });
    expect(told(lag, 12)).toEqual({ records: [], times: {} });
    expect(told(lag + 1, 12)).toEqual({ records: [], times: { [first]: NOON + lag + 1, [second]: NOON + lag + 1 } });
    expect(told(lag + 2, 13)).toEqual({ records: [`web01::${first}`], times: {} });
    expect(told(2 * lag + 2, 13)).toEqual({ records: [], times: { [second]: NOON + 2 * lag + 2 } });
  });

  it("tells what is gone since the last turn also where everything is handed on again", () => {
    const engine = shop(TROUBLE);
    const before = engine.settle(NOON);
    expect(before.impacts.get("db01::MySQL")).toBeDefined();
    const recovered = TROUBLE.map((each) => (each.check === "MySQL" ? status("db01", "MySQL") : each));
    engine.observe(states(recovered.filter(({ host }) => host === "db01")));
    engine.renew();
    expect(engine.settle(NOON + 1).impacts.get("db01::MySQL")).toBeNull();
  });

  it("hands on nothing where nothing changed", () => {
    const engine = shop(TROUBLE);
    engine.settle(NOON);
    const changes = engine.settle(NOON + 1);
    const sizes = Object.values(changes).map((part) =>
      part instanceof Map && part !== changes.sources ? part.size : 0,
    );
    expect(sizes.every((size) => size === 0)).toBe(true);
    expect(changes.events).toEqual([]);
  });

  it("says at least, and where its knowledge ends, when a dependent has no agent", () => {
    const engine = new Engine(rules());
    engine.report(DB);
    engine.observe(objects([monitored("web01", "10.0.0.11")]));
    engine.observe(states([status("web01", null), ...TROUBLE.slice(2, 3)]));
    const impact = engine.settle(NOON).impacts.get("db01::MySQL");
    expect(impact?.unknownBeyond).toEqual(["web01"]);
    expect(impact?.affected).toMatchObject([{ id: "web01/?", certainty: "one" }]);
    expect(impact?.summary).toContain("at least 1 process on 1 host may be affected: web01/?; unknown beyond web01");
  });

  it("makes a down host explain its checks, and unreachable hosts no cause", () => {
    const hosts = [monitored("gw", "10.0.0.1"), monitored("db01", "10.0.0.21", { parents: ["gw"] })];
    const engine = shop([
      status("gw", null, { state: "DOWN" }),
      status("db01", null, { state: "UNREACHABLE" }),
      status("db01", "Disk", { state: "CRITICAL" }),
      status("gw", "Uptime", { state: "UNKNOWN" }),
    ]);
    engine.observe(objects(hosts));
    const { impacts } = engine.settle(NOON);
    expect(impacts.get("gw::_HOST_")).toMatchObject({ rootProblem: true });
    expect(impacts.get("gw::_HOST_")?.explains).toHaveLength(3);
    expect(impacts.get("db01::_HOST_")).toMatchObject({
      rootProblem: false,
      explainedBy: [{ host: "gw", check: null }],
    });
    expect(impacts.get("db01::Disk")).toMatchObject({ rootProblem: false });
  });

  it("takes who nobody can name on a host down with the host", () => {
    const engine = new Engine(rules());
    const nobody = { ...out("", "127.0.0.1", 3306), process: null };
    engine.report({ ...DB, connections: [...DB.connections, nobody] });
    engine.observe(states([status("db01", null, { state: "DOWN" })]));
    const impact = engine.settle(NOON).impacts.get("db01::_HOST_");
    expect(impact?.failed.map(({ id }) => id)).toEqual(["db01/?", "db01/mysqld", "db01:3306"]);
    expect(impact?.hosts).not.toContain("db01");
  });

  it("makes two that need each other one root group: neither explains the other", () => {
    const engine = new Engine(rules());
    const pair = (host: string, ip: string, peer: string) =>
      report(host, ip, {
        listeners: [listener("java", 8080)],
        connections: [out("java", peer, 8080), accepted("java", 8080, peer)],
      });
    engine.report(pair("a", "10.0.0.31", "10.0.0.32"));
    engine.report(pair("b", "10.0.0.32", "10.0.0.31"));
    const bad = { state: "CRITICAL", command: "check_tcp!8080" } as const;
    engine.observe(states([status("a", "Java", bad), status("b", "Java", bad)]));
    const { impacts } = engine.settle(NOON);
    for (const [host, other] of [["a", "b"] as const, ["b", "a"] as const]) {
      expect(impacts.get(`${host}::Java`)).toMatchObject({
        rootProblem: true,
        explainedBy: [],
        explains: [],
        affected: expect.arrayContaining([expect.objectContaining({ id: `${other}:8080` })]),
      });
    }
  });

  it("counts a connection within the host once, though both of its ends are seen", () => {
    const engine = new Engine(rules());
    engine.report(
      report("db01", "10.0.0.21", {
        listeners: [listener("mysqld", 3306)],
        connections: [
          out("php-fpm", "127.0.0.1", 3306, 4),
          out("cron", "127.0.0.1", 3306, 1),
          accepted("mysqld", 3306, "127.0.0.1", 5),
        ],
      }),
    );
    const records = [...engine.settle(NOON).connections.values()].map(({ value }) => value);
    expect(records).toMatchObject([{ process: "mysqld", direction: "in", connections: 5 }]);
  });

  it("does not name who only left traces of closed connections, but says that more is not known", () => {
    const engine = new Engine(rules());
    const trace = { ...accepted("mysqld", 3306, "10.0.0.99", 0), opened: 1 };
    engine.report({ ...DB, connections: [...DB.connections, trace] });
    engine.report(WEB);
    engine.observe(states(TROUBLE));
    engine.observe(objects([monitored("nagios01", "10.0.0.99")]));
    const impact = engine.settle(NOON).impacts.get("db01::MySQL");
    expect(impact?.affected.map(({ id }) => id)).toEqual(["web01/php-fpm", "web01:80"]);
    expect(impact?.unknownBeyond).toEqual(["nagios01"]);
    // A connection that stays is somebody who needs it, and is so ever after.
    const seen = { ...trace, count: 1, opened: 0, lastSeen: NOON + 60 };
    engine.report({ ...DB, connections: [...DB.connections, seen], seenAt: NOON + 60, receivedAt: NOON + 60 });
    const after = engine.settle(NOON + 60).impacts.get("db01::MySQL");
    expect(after?.affected.map(({ id }) => id)).toContain("nagios01/?");
    engine.report({ ...DB, connections: [trace], seenAt: NOON + 120, receivedAt: NOON + 120 });
    expect(engine.settle(NOON + 120).impacts.get("db01::MySQL")).toBeUndefined();
  });

  it("takes no connection of a plugin of the monitoring for something it needs", () => {
    const engine = new Engine(rules());
    engine.report(DB);
    engine.report(report("nagios01", "10.0.0.99", { connections: [out("check_mysql", "10.0.0.21", 3306)] }));
    engine.observe(states(TROUBLE.slice(0, 3)));
    expect(engine.settle(NOON).impacts.get("db01::MySQL")?.hosts).not.toContain("nagios01");
  });

  it("names what faces the Internet among what is hit", () => {
    const engine = new Engine(rules());
    engine.report(DB);
    engine.report({ ...WEB, connections: [...WEB.connections, accepted("nginx", 80, "8.8.8.8", 3)] });
    engine.observe(states(TROUBLE));
    expect(engine.settle(NOON).impacts.get("db01::MySQL")?.internetFacing).toEqual(["web01:80"]);
  });
});

/** A random site of four hosts: what may happen to it, step by step. */
const HOSTS = ["a", "b", "c", "d"] as const;
const PROGRAMS = ["mysqld", "nginx", "redis-server", "java"] as const;
const PORTS = [3306, 80, 6379, 8080] as const;
const CHECKS = ["MySQL", "HTTP", "Redis", "Disk /", "Zaphod", null] as const;
const host = fc.constantFrom(...HOSTS);
const ipOf = (name: string) => `10.0.0.${HOSTS.indexOf(name as "a") + 1}`;
const aListener = fc.nat(3).map((i) => listener(PROGRAMS[i] ?? "", PORTS[i] ?? 0));
const aConnection = fc
  .tuple(
    fc.boolean(),
    fc.nat(3),
    fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.9.9.9", "127.0.0.1", "8.8.8.8"),
    fc.nat(3),
    fc.integer({ min: 0, max: 3 }),
  )
  .map(([opens, program, remote, port, count]) => ({
    ...(opens
      ? out(PROGRAMS[program] ?? "", remote, PORTS[port] ?? 0, count)
      : accepted(PROGRAMS[program] ?? "", PORTS[program] ?? 0, remote, count)),
    opened: 1,
  }));
/** A process and how many seconds ago it started. */
const aProcess = fc
  .tuple(fc.nat(3), fc.constantFrom(5, 300, 5_000))
  .map(([i, started]) => ({ process: PROGRAMS[i] ?? "", unit: null, container: null, netns: null, started }));
type Step =
  | { readonly kind: "report"; readonly report: HostReport }
  | { readonly kind: "states"; readonly statuses: readonly CheckStatus[]; readonly full: boolean }
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "hosts"; readonly hosts: readonly string[]; readonly parent: string }
  | { readonly kind: "ignore"; readonly ports: readonly number[]; readonly map: boolean; readonly written: boolean };
const aStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("report" as const),
      report: fc
        .tuple(
          host,
          fc.array(aListener, { maxLength: 3 }),
          fc.array(aConnection, { maxLength: 6 }),
          fc.array(aProcess, { maxLength: 2 }),
          fc.boolean(),
          fc.constantFrom("", "", ".lan"),
        )
        .map(([name, listeners, connections, processes, partial, domain]) =>
          report(`${name}${domain}`, ipOf(name), { listeners, connections, processes, partial }),
        ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("states" as const),
      full: fc.boolean(),
      statuses: fc
        .uniqueArray(
          fc.tuple(
            host,
            fc.constantFrom(...CHECKS),
            fc.constantFrom("OK", "WARNING", "CRITICAL", "UNKNOWN"),
            fc.constantFrom("SOFT", "HARD"),
            fc.nat(1),
          ),
          { maxLength: 5, selector: ([name, check]) => `${name} ${check}` },
        )
        .map((list) =>
          list.map(([name, check, state, stateType, depth]) =>
            status(name, check, {
              state: check === null ? hostState(state) : state,
              stateType,
              lastChange: 0,
              downtimeDepth: depth,
              interval: 300,
            }),
          ),
        ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("wait" as const),
      seconds: fc.constantFrom(1, 40, 200, 400, 90_000, 700_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("hosts" as const), hosts: fc.subarray([...HOSTS]), parent: host }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("ignore" as const),
      ports: fc.subarray([3306, 80]),
      map: fc.boolean(),
      written: fc.boolean(),
    }),
  },
);

/** What a person may have written down of the random site. */
const WRITTEN = {
  dependencies: [{ from: "a/java", to: "b:3306" }],
  exclude: ["c/nginx -> *"],
  groups: [{ members: ["a:6379", "b:3306", "c:80"], operator: { kind: "min", count: 2 } as const }],
};

function hostState(state: string): "UP" | "DOWN" | "UNREACHABLE" {
  const down = state === "UNKNOWN" ? "UNREACHABLE" : "DOWN";
  return state === "OK" ? "UP" : down;
}

function apply(engine: Engine, step: Step, now: number): number {
  if (step.kind === "wait") {
    return now + step.seconds;
  }
  if (step.kind === "report") {
    const connections = step.report.connections.map((each) => ({ ...each, lastSeen: now }));
    const processes = step.report.processes.map((each) => ({ ...each, started: now - (each.started ?? 0) }));
    engine.report({ ...step.report, connections, processes, seenAt: now, receivedAt: now });
  } else if (step.kind === "states") {
    const statuses = step.statuses.map((each) => ({ ...each, lastCheck: now, lastChange: now - 20 }));
    engine.observe({ ...states(statuses), full: step.full });
    engine.observe(health("nagios", now));
  } else if (step.kind === "hosts") {
    const { hosts, parent } = step;
    engine.observe(objects(hosts.map((name) => monitored(name, ipOf(name), { parents: [parent] }))));
  } else {
    const serviceMapping = step.map ? [{ check: "Disk", process: "java" }] : [];
    const written = step.written ? WRITTEN : {};
    engine.configure({ ...rules({ servicePortWhitelist: step.ports, serviceMapping }), ...written });
  }
  return now;
}

/** What is there now, without what may lag or only tells the time. */
function picture(changes: Changes): unknown {
  const { at: _, events: __, sources: ___, seen: ____, ...parts } = changes;
  const lags = new Set([
    "lastSeen",
    "lastConnection",
    "lastFetch",
    "lastReport",
    "firstSeen",
    "computedAt",
    "summary",
    "count",
  ]);
  const plain = (value: unknown): unknown =>
    value instanceof Map
      ? Object.fromEntries(
          [...value]
            .filter(([, each]) => !isGone(each))
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, each]) => [key, plain(each)]),
        )
      : value;
  return JSON.parse(
    JSON.stringify(plain(new Map(Object.entries(parts).map(([name, part]) => [name, plain(part)]))), (key, value) =>
      lags.has(key) ? undefined : dateless(value),
    ),
  );
}

/** Since when a check is mapped to nothing only the engine that ran then knows. */
function dateless(value: unknown): unknown {
  const unmapped = typeof value === "object" && value !== null && "kind" in value && value.kind === "check-unmapped";
  return unmapped ? { ...value, since: null } : value;
}

function isGone(value: unknown): boolean {
  return (
    value === null ||
    (typeof value === "object" && value !== null && "value" in value && value.value === null) ||
    (value instanceof Map && [...value.values()].every(isGone))
  );
}

describe("a host that the monitoring names only after it reported", () => {
  const own = (at: number) => ({
    ...report("web01.example.org", "10.0.0.11", WEB),
    host: "web01.example.org",
    receivedAt: at,
  });
  const named = objects([monitored("Web 1", "10.0.0.11"), monitored("db01", "10.0.0.21")]);

  it("does not come back under the other name when an address it spoke of gets another owner", () => {
    const engine = new Engine(rules());
    engine.report(own(NOON));
    engine.settle(NOON);
    engine.observe(objects([monitored("Web 1", "10.0.0.11")]));
    engine.report(own(NOON + 30));
    engine.settle(NOON + 30);
    engine.observe(named);
    engine.settle(NOON + 60);
    expect([...engine.everything(NOON + 60).nodes.keys()]).toEqual(["Web 1"]);
  });

  it("is renamed with all that is remembered of it, and nothing is left under the other name", () => {
    const engine = new Engine(rules());
    engine.report(DB);
    engine.report(own(NOON));
    let sum = engine.settle(NOON);
    expect([...sum.nodes.keys()]).toEqual(["db01", "web01.example.org"]);
    engine.observe(named);
    engine.observe(states(TROUBLE.slice(2, 3)));
    sum = mergeChanges(sum, engine.settle(NOON + 5));
    engine.report({ ...own(NOON + 30), connections: [] });
    sum = mergeChanges(sum, engine.settle(NOON + 30));
    expect(sum.nodes.get("web01.example.org")).toBeNull();
    expect([...(sum.edges.get("web01.example.org")?.values() ?? [])].every((edge) => edge === null)).toBe(true);
    expect(sum.edges.get("Web 1")?.get("out|Web 1/php-fpm|tcp|3306|10.0.0.21")).toMatchObject({ firstSeen: NOON });
    expect(sum.impacts.get("db01::MySQL")?.hosts).toEqual(["Web 1"]);
    expect(picture(sum)).toEqual(picture(engine.everything(NOON + 30)));
  });

  it("that was remembered under its own name by an earlier leader is found again under the monitoring's", () => {
    const engine = new Engine(rules());
    const [edge] = shop([]).settle(NOON).edges.get("web01")?.values() ?? [];
    engine.observe(named);
    engine.restore("web01.example.org", [edge as EdgeRecord], []);
    engine.report(own(NOON));
    expect([...engine.everything(NOON).nodes.keys()]).toEqual(["Web 1"]);
  });

  it("is not taken for another that calls itself the same", () => {
    const engine = new Engine(rules());
    engine.observe(objects([monitored("one", "10.0.0.1"), monitored("two", "10.0.0.2")]));
    for (const round of [1, 2]) {
      engine.report({ ...report("localhost", "10.0.0.1", { listeners: [listener("nginx", 80)] }), boot: "1" });
      engine.report({ ...report("localhost", "10.0.0.2", { listeners: [listener("nginx", 80)] }), boot: "2" });
      expect([...engine.everything(NOON + round).services.keys()]).toEqual(["one:80", "two:80"]);
    }
  });

  it("is not taken for a host by an address it claims, where an agent of that name reports", () => {
    const engine = new Engine(rules());
    engine.observe(objects([monitored("one", "10.0.0.1"), monitored("two", "10.0.0.2")]));
    const liar = (at: number) => ({
      ...report("liar", "10.0.0.1", { listeners: [listener("sham", 81)] }),
      ...{ ips: ["10.0.0.1"], receivedAt: at },
    });
    const one = { ...report("one", "10.0.0.1", { listeners: [listener("nginx", 80)] }), receivedAt: NOON };
    engine.report(one);
    engine.report(liar(NOON));
    expect([...engine.everything(NOON).services.keys()].sort()).toEqual(["liar:81", "one:80"]);
    expect(engine.names.nameOf("liar", ["10.0.0.2"])).toBe("two");
    // One that has been silent for a day may have got another name.
    expect(engine.names.nameOf("liar", ["10.0.0.1"])).toBe("liar");
    engine.report(liar(NOON + 86_401));
    expect(engine.names.nameOf("liar", ["10.0.0.1"])).toBe("one");
    // What sources say of an address means the host that has it.
    expect(engine.names.meantBy("10.0.0.1")).toBe("one");
  });

  it("stays where another host has come to bear the name it had", () => {
    const engine = new Engine(rules({ userNodeAliases: new Map([["a", "b"]]) }));
    engine.report(report("b", "10.0.0.2", { listeners: [listener("nginx", 80)] }));
    engine.report(report("a", "10.0.0.1", { listeners: [listener("nginx", 81)] }));
    engine.configure(rules({ userNodeAliases: new Map([["b", "c"]]) }));
    engine.report(report("a", "10.0.0.1", { listeners: [listener("nginx", 81)] }));
    engine.report(report("b", "10.0.0.2", { listeners: [listener("nginx", 80)] }));
    expect([...engine.everything(NOON).nodes.keys()].sort()).toEqual(["a", "c"]);
  });
});

describe("many turns", () => {
  it("leave the same picture as one turn from scratch", () => {
    fc.assert(
      fc.property(
        fc.array(aStep, { minLength: 1, maxLength: 25 }),
        fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }),
        fc.constantFrom(1, 3, undefined),
        (steps, turns, atOnce) => {
          const engine = new Engine(rules(), atOnce);
          const fresh = new Engine(rules());
          let now = NOON;
          let sum = emptyChanges(now);
          for (const [i, step] of steps.entries()) {
            apply(fresh, step, now);
            now = apply(engine, step, now);
            if (turns[i] === true) {
              sum = mergeChanges(sum, engine.settle(now));
            }
          }
          do {
            sum = mergeChanges(sum, engine.settle(now));
          } while (engine.unsettled);
          expect(picture(sum)).toEqual(picture(fresh.everything(now)));
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});
