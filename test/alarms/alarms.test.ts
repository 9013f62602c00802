import { describe, expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import { ALARM_KINDS, type Alarm, type AlarmKind } from "../../src/model/alarm.ts";
import { emptyChanges } from "../../src/model/changes.ts";
import type { Connection } from "../../src/model/host-report.ts";
import type { SourceObservation } from "../../src/model/monitoring.ts";
import { accepted, health, listener, NOON, out, report, rules, states, status, unixPeer } from "../support/builders.ts";
import { mergeChanges } from "../support/merge-changes.ts";

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 24 * HOUR;

const DB = "10.0.0.21";
const WEB = "10.0.0.11";

/** An engine that is turned at each look, and what it tells of alarms by then. */
class Site {
  readonly engine = new Engine(rules());
  private sum = emptyChanges(NOON);

  /** Lets an agent of web01 look at a moment; `talks` are its connections. */
  look(at: number, talks: readonly Connection[], parts: Parameters<typeof report>[2] = {}): void {
    const connections = talks.map((talk) => ({ ...talk, lastSeen: at }));
    this.engine.report(report("web01", WEB, { connections, seenAt: at, ...parts }));
    this.settle(at);
  }

  /** Lets a source speak at a moment. */
  turn(at: number, observation: SourceObservation): void {
    this.engine.observe(observation);
    this.settle(at);
  }

  settle(at: number): void {
    this.sum = mergeChanges(this.sum, this.engine.settle(at));
  }

  alarms(kind?: AlarmKind): Alarm[] {
    const all = [...this.sum.alarms.values()].flatMap((alarms) => alarms ?? []);
    return all.filter((alarm) => kind === undefined || alarm.kind === kind);
  }
}

/** Looks each `every` seconds for as long as told; `talksAt` says what is open then. */
function watch(
  site: Site,
  from: number,
  seconds: number,
  talksAt: (at: number) => readonly Connection[],
  every = 5 * MINUTE,
): number {
  let at = from;
  for (; at <= from + seconds; at += every) {
    site.look(at, talksAt(at));
  }
  return at - every;
}

const MYSQL = out("php-fpm", DB, 3306, 12);

const NGINX = { listeners: [listener("nginx", 80)] };

/** How each kind of alarm comes and goes; the moment of each step is a day after the one before. */
const COME_AND_GO: Readonly<Record<AlarmKind, { comes(site: Site): void; goes(site: Site): void }>> = {
  "source-stale": {
    comes: (site) => site.turn(NOON + DAY, health("nagios", NOON)),
    goes: (site) => site.turn(NOON + 2 * DAY, health("nagios", NOON + 2 * DAY)),
  },
  "host-unmonitored": {
    comes: (site) => {
      site.turn(NOON, states([status("db01", null)]));
      site.look(NOON + DAY, []);
    },
    goes: (site) => site.turn(NOON + DAY + 1, { ...states([status("web01", null)]), full: false }),
  },
  "agent-silent": {
    comes: (site) => {
      site.look(NOON, []);
      site.settle(NOON + DAY);
    },
    goes: (site) => site.look(NOON + 2 * DAY, []),
  },
  "connection-gone": {
    comes: (site) => watch(site, watch(site, NOON, 2 * DAY, () => [MYSQL], HOUR) + HOUR, DAY, () => [], HOUR),
    goes: (site) => site.look(NOON + 4 * DAY, [MYSQL]),
  },
  "service-without-check": {
    comes: (site) => {
      site.turn(NOON, states([status("web01", null)]));
      site.look(NOON, [], NGINX);
    },
    goes: (site) =>
      site.turn(NOON + 1, states([status("web01", null), status("web01", "HTTP", { command: "check_http" })])),
  },
  "check-unmapped": {
    comes: (site) => {
      site.turn(NOON, states([status("web01", null), status("web01", "Zaphod")]));
      site.look(NOON, [], NGINX);
    },
    goes: (site) =>
      site.turn(NOON + 1, states([status("web01", null), status("web01", "Zaphod", { command: "check_tcp!80" })])),
  },
  "service-unused": {
    comes: (site) => {
      site.look(NOON, [], NGINX);
      site.look(NOON + 8 * DAY, [], NGINX);
    },
    goes: (site) => site.look(NOON + 9 * DAY, [accepted("nginx", 80, DB)], NGINX),
  },
};

describe("each kind of alarm", () => {
  it.each(ALARM_KINDS)("is told of when it comes, and is gone when what it tells of is over: %s", (kind) => {
    const site = new Site();
    COME_AND_GO[kind].comes(site);
    expect(site.alarms(kind)).toHaveLength(1);
    expect(site.alarms(kind)[0]).toMatchObject({ kind, text: expect.stringMatching(/.{20}/) });
    expect(site.alarms(kind)[0]?.since).toBeGreaterThanOrEqual(NOON);
    COME_AND_GO[kind].goes(site);
    expect(site.alarms(kind)).toEqual([]);
  });
});

describe("a connection that is suddenly gone", () => {
  it("is told of with both ends and the last good time where it was always there", () => {
    const site = new Site();
    const last = watch(site, NOON, 2 * DAY, () => [MYSQL]);
    expect(site.alarms()).toEqual([]);
    watch(site, last + 5 * MINUTE, 10 * MINUTE, () => []);
    expect(site.alarms()).toEqual([
      {
        kind: "connection-gone",
        host: "web01",
        object: `web01/php-fpm -> ${DB}:3306`,
        peer: DB,
        since: last,
        severity: "WARNING",
        text: `web01/php-fpm is no longer connected to ${DB}:3306; it was there all the time`,
        details: { from: "web01/php-fpm", to: `${DB}:3306`, lastSeen: last, longestGap: 0, gaps: 0 },
      },
    ]);
  });

  it("is told of no longer once it is back, or once it is long known", () => {
    const site = new Site();
    const last = watch(site, NOON, 2 * DAY, () => [MYSQL]);
    const gone = watch(site, last + 5 * MINUTE, HOUR, () => []);
    expect(site.alarms("connection-gone")).toHaveLength(1);
    site.look(gone + MINUTE, [MYSQL]);
    expect(site.alarms()).toEqual([]);
    watch(site, gone + 2 * MINUTE, 8 * DAY, () => [], 6 * HOUR);
    expect(site.alarms("connection-gone")).toEqual([]);
  });

  it("is not told of where it was never there for long", () => {
    const site = new Site();
    const last = watch(site, NOON, HOUR, () => [MYSQL]);
    watch(site, last + 5 * MINUTE, 2 * HOUR, () => []);
    expect(site.alarms()).toEqual([]);
  });

  it.each([
    { name: "hourly", period: HOUR, length: 10 * MINUTE, every: 5 * MINUTE, missed: 90 * MINUTE },
    { name: "nightly", period: DAY, length: 3 * HOUR, every: 30 * MINUTE, missed: 32 * HOUR },
    { name: "weekly", period: 7 * DAY, length: 10 * HOUR, every: 2 * HOUR, missed: 11 * DAY },
  ])(
    "is not told of between the runs of a $name job, but where runs are missed",
    ({ period, length, every, missed }) => {
      const site = new Site();
      const job = out("backup", DB, 873, 1);
      const told: Alarm[] = [];
      const last = watch(
        site,
        NOON,
        5 * period,
        (at) => {
          told.push(...site.alarms());
          return (at - NOON) % period < length ? [job] : [];
        },
        every,
      );
      expect(told).toEqual([]);
      watch(site, last + every, missed, () => [], every);
      expect(site.alarms("connection-gone")).toMatchObject([{ object: `web01/backup -> ${DB}:873` }]);
    },
  );

  it("is not told of while its agent is silent or its report is partial", () => {
    const site = new Site();
    const last = watch(site, NOON, 2 * DAY, () => [MYSQL]);
    site.settle(last + HOUR);
    expect(site.alarms("connection-gone")).toEqual([]);
    site.look(last + HOUR, [], { partial: true });
    expect(site.alarms("connection-gone")).toEqual([]);
    // What was not seen while nobody looked was not away: one day without an agent teaches nothing.
    const back = watch(site, last + DAY, 2 * DAY, () => [MYSQL]);
    watch(site, back + 5 * MINUTE, 10 * MINUTE, () => []);
    expect(site.alarms("connection-gone")).toMatchObject([{ details: { gaps: 0 } }]);
  });

  it("is not told of where another process of the host goes on talking to the same service", () => {
    const site = new Site();
    const last = watch(site, NOON, 2 * DAY, () => [MYSQL]);
    watch(site, last + 5 * MINUTE, HOUR, () => [out("php-fpm8.4", DB, 3306, 9)]);
    expect(site.alarms()).toEqual([]);
  });

  it("keeps its rhythm over a restart", () => {
    const site = new Site();
    const last = watch(site, NOON, 2 * DAY, () => [MYSQL]);
    const remembered = site.engine.everything(last).edges.get("web01");
    const next = new Site();
    next.engine.restore(
      "web01",
      [...(remembered?.values() ?? [])].filter((edge) => edge !== null),
      [],
    );
    next.look(last, [MYSQL]);
    watch(next, last + 5 * MINUTE, 10 * MINUTE, () => []);
    expect(next.alarms("connection-gone")).toMatchObject([{ since: last }]);
  });

  it("is told of by the server where the client has no agent, and by the client alone where it has", () => {
    const site = new Site();
    const server = (at: number, talks: readonly Connection[]) => {
      const connections = talks.map((talk) => ({ ...talk, lastSeen: at }));
      site.engine.report(report("db01", DB, { connections, seenAt: at }));
      site.settle(at);
    };
    for (let at = 0; at <= 2 * DAY; at += 10 * MINUTE) {
      server(NOON + at, [accepted("mysqld", 3306, WEB, 4)]);
    }
    server(NOON + 2 * DAY + 10 * MINUTE, []);
    expect(site.alarms("connection-gone")).toMatchObject([
      { host: "db01", object: `${WEB}/? -> db01:3306`, peer: WEB },
    ]);
    site.look(NOON + 2 * DAY + 11 * MINUTE, []);
    expect(site.alarms("connection-gone")).toEqual([]);
  });

  it("is told of over Unix sockets, too", () => {
    const site = new Site();
    const unix = [unixPeer("nginx", "php-fpm", "/run/php.sock")];
    for (let at = 0; at <= 2 * DAY; at += 10 * MINUTE) {
      site.look(NOON + at, [], { unix });
    }
    site.look(NOON + 2 * DAY + 20 * MINUTE, []);
    expect(site.alarms("connection-gone")).toMatchObject([{ object: "web01/nginx -> web01/php-fpm", peer: null }]);
  });
});

describe("what is missing in the monitoring", () => {
  const nginx = { listeners: [listener("nginx", 80)] };

  it("is said of a service without a check, louder where others use it", () => {
    const site = new Site();
    site.engine.observe(states([status("web01", null), status("web01", "Disk /", { command: "check_disk!10%" })]));
    site.engine.observe(health());
    site.look(NOON, [accepted("java", 8080, DB)], { listeners: [listener("nginx", 80), listener("java", 8080)] });
    expect(site.alarms()).toMatchObject([
      { kind: "service-without-check", object: "web01:80", severity: "INFO", since: NOON },
      { kind: "service-without-check", object: "web01:8080", severity: "WARNING" },
    ]);
    site.engine.observe({ ...states([status("web01", "HTTP", { command: "check_http" })]), full: false });
    site.settle(NOON + 1);
    expect(site.alarms("service-without-check")).toMatchObject([{ object: "web01:8080" }]);
  });

  it("is not said of what only the host itself reaches, nor of a client's own udp socket", () => {
    const site = new Site();
    site.engine.observe(states([status("web01", null)]));
    const udp = { ...listener("chronyd", 40_123), proto: "udp" as const };
    site.look(NOON, [], { listeners: [listener("redis-server", 6379, "127.0.0.1"), udp] });
    expect(site.alarms("service-without-check")).toEqual([]);
  });

  it("is said of a check about which nothing is known, not of one that speaks of no service", () => {
    const site = new Site();
    site.engine.observe(states([status("web01", null), status("web01", "Zaphod"), status("web01", "Load")]));
    site.settle(NOON - 5);
    expect(site.alarms("check-unmapped")).toEqual([]);
    site.look(NOON, [], nginx);
    site.settle(NOON + HOUR);
    expect(site.alarms("check-unmapped")).toMatchObject([
      { host: "web01", object: "Zaphod", severity: "WARNING", since: NOON },
    ]);
  });

  it("keeps over a restart since when a check is mapped to nothing", () => {
    const site = new Site();
    site.engine.observe(states([status("web01", null), status("web01", "Zaphod")]));
    site.look(NOON, [], nginx);
    const next = new Site();
    next.engine.recall("web01", site.alarms());
    next.engine.observe(states([status("web01", null), status("web01", "Zaphod")]));
    next.look(NOON + DAY, [], nginx);
    expect(next.alarms("check-unmapped")).toMatchObject([{ since: NOON }]);
  });

  it("is said of a host that no source knows, where any source speaks at all", () => {
    const site = new Site();
    site.look(NOON, [], nginx);
    expect(site.alarms()).toEqual([]);
    site.engine.observe(states([status("db01", null)]));
    site.settle(NOON + 1);
    expect(site.alarms()).toMatchObject([{ kind: "host-unmonitored", host: "web01", since: NOON }]);
    site.engine.observe({ ...states([status("web01", null)]), full: false });
    site.settle(NOON + 2);
    expect(site.alarms("host-unmonitored")).toEqual([]);
  });
});

describe("what is silent or idle", () => {
  it("is a service that listens and has had no client for a week", () => {
    const site = new Site();
    const listeners = [listener("nginx", 80), listener("java", 8080)];
    site.look(NOON, [accepted("nginx", 80, DB)], { listeners });
    site.look(NOON + 6 * DAY, [], { listeners });
    expect(site.alarms("service-unused")).toEqual([]);
    site.look(NOON + 8 * DAY, [accepted("nginx", 80, DB)], { listeners });
    expect(site.alarms("service-unused")).toMatchObject([{ object: "web01:8080", since: NOON, severity: "INFO" }]);
    site.look(NOON + 16 * DAY, [], { listeners });
    expect(site.alarms("service-unused")).toMatchObject([
      { object: "web01:80", since: NOON + 8 * DAY, details: { lastConnection: NOON + 8 * DAY } },
      { object: "web01:8080" },
    ]);
  });

  it("is an agent after three intervals, and a word softer where its host is down", () => {
    const site = new Site();
    site.look(NOON, []);
    site.settle(NOON + 179);
    expect(site.alarms()).toEqual([]);
    site.settle(NOON + 181);
    expect(site.alarms()).toMatchObject([{ kind: "agent-silent", host: "web01", since: NOON, severity: "WARNING" }]);
    site.engine.observe(states([status("web01", null, { state: "DOWN" })]));
    site.settle(NOON + 182);
    expect(site.alarms("agent-silent")).toMatchObject([{ severity: "INFO" }]);
    site.look(NOON + 200, []);
    expect(site.alarms("agent-silent")).toEqual([]);
  });

  it("is an agent that was asked and never gave a report, with what went wrong", () => {
    const site = new Site();
    site.engine.fetch("web01", "connection refused");
    site.settle(NOON);
    expect(site.alarms()).toMatchObject([{ kind: "agent-silent", host: "web01", since: NOON, severity: "WARNING" }]);
    expect(site.alarms()[0]?.text).toBe("the agent of web01 has given no report yet (connection refused)");
    site.engine.fetch("web01", null);
    site.look(NOON + 60, []);
    expect(site.alarms("agent-silent")).toEqual([]);
    site.engine.fetch("web01", "connection refused");
    site.settle(NOON + 61);
    expect(site.alarms("agent-silent")).toEqual([]);
    site.settle(NOON + HOUR);
    expect(site.alarms("agent-silent")).toMatchObject([{ since: NOON + 60, details: { interval: 60 } }]);
    expect(site.alarms("agent-silent")[0]?.text).toMatch(
      /^the agent of web01 no longer reports;.* \(connection refused\)$/,
    );
  });

  it("is a source past the age it names, or one that cannot be read", () => {
    const site = new Site();
    site.engine.observe(health("nagios", NOON));
    site.settle(NOON + 60);
    expect(site.alarms()).toEqual([]);
    site.settle(NOON + 61);
    expect(site.alarms()).toMatchObject([
      { kind: "source-stale", host: null, object: "nagios", since: NOON, severity: "CRITICAL" },
    ]);
    site.engine.observe({ ...health("nagios", NOON + 60), ok: false, error: "permission denied" });
    site.settle(NOON + 62);
    expect(site.alarms()).toMatchObject([{ severity: "WARNING", text: expect.stringContaining("permission denied") }]);
    site.engine.observe(health("nagios", NOON + 62));
    site.settle(NOON + 63);
    expect(site.alarms()).toEqual([]);
  });
});
