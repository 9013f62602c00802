import { describe, expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import { emptyChanges } from "../../src/model/changes.ts";
import type { HostReport } from "../../src/model/host-report.ts";
import { accepted, listener, NOON, out, report, rules, states, status } from "../support/builders.ts";
import { mergeChanges } from "../support/merge-changes.ts";

const DB = "10.0.0.21";
const WEB = "10.0.0.11";

/** A web host that needs a database, looked at each minute from two hours before noon on; what `at` changes comes on top. */
class Shop {
  readonly engine = new Engine(rules());
  private sum = emptyChanges(NOON);

  look(at: number, db: Partial<HostReport>, web: Partial<HostReport>): void {
    const seen = { seenAt: at, receivedAt: at };
    const stamp = (parts: Partial<HostReport>) => ({
      ...parts,
      ...(parts.connections === undefined
        ? {}
        : { connections: parts.connections.map((c) => ({ ...c, lastSeen: at })) }),
    });
    this.engine.report(report("db01", DB, { ...DATABASE, ...seen, ...stamp({ ...DATABASE, ...db }) }));
    this.engine.report(report("web01", WEB, { ...FRONT, ...seen, ...stamp({ ...FRONT, ...web }) }));
    this.settle(at);
  }

  watch(from: number, to: number, db: Partial<HostReport> = {}, web: Partial<HostReport> = {}): void {
    for (let at = from; at < to; at += 60) {
      this.look(at, db, web);
    }
  }

  breaks(at: number): void {
    const mysql = status("web01", "HTTP", { state: "CRITICAL", lastChange: NOON, command: "check_tcp!80" });
    this.engine.observe(states([status("db01", null), status("web01", null), mysql]));
    this.settle(at);
  }

  past() {
    const { changesBefore = [] } = this.sum.impacts.get("web01::HTTP") ?? {};
    return changesBefore.map(({ kind, subject, secondsBefore }) => `${kind} ${subject} ${secondsBefore}`);
  }

  private settle(at: number): void {
    this.sum = mergeChanges(this.sum, this.engine.settle(at));
  }
}

const process = (name: string, started: number) => ({
  process: name,
  unit: null,
  container: null,
  netns: null,
  started,
});
const DATABASE: Partial<HostReport> = {
  listeners: [listener("mysqld", 3306)],
  connections: [accepted("mysqld", 3306, WEB, 4)],
  processes: [process("mysqld", NOON - 500_000)],
};
const FRONT: Partial<HostReport> = {
  listeners: [listener("nginx", 80), listener("redis-server", 6379)],
  connections: [out("nginx", DB, 3306, 4)],
};

describe("what changed before it broke", () => {
  it("is nothing where nothing changed, and nothing of a host's first look", () => {
    const shop = new Shop();
    shop.watch(NOON - 600, NOON);
    shop.breaks(NOON);
    expect(shop.past()).toEqual([]);
  });

  it("is told nearest first: restarts, listeners and connections, new and gone", () => {
    const shop = new Shop();
    shop.watch(NOON - 7200, NOON - 600);
    const later = { listeners: [listener("nginx", 80), listener("node", 9000)] };
    shop.watch(NOON - 600, NOON - 120, {}, later);
    const restarted = { processes: [process("mysqld", NOON - 90)] };
    shop.watch(NOON - 120, NOON + 60, restarted, { ...later, connections: [] });
    shop.breaks(NOON + 60);
    expect(shop.past()).toEqual([
      "process-restarted db01/mysqld 90",
      "connection-gone web01/nginx -> db01:3306 180",
      "listener-new web01:9000 600",
      "listener-gone web01:6379 660",
    ]);
  });

  it("leaves out what is older than a quarter of an hour, and what came after", () => {
    const shop = new Shop();
    shop.watch(NOON - 7200, NOON - 3600);
    const other = { listeners: [listener("nginx", 80)] };
    shop.watch(NOON - 3600, NOON + 120, {}, other);
    shop.breaks(NOON + 120);
    shop.watch(NOON + 120, NOON + 600, { processes: [process("mysqld", NOON + 100)] }, other);
    expect(shop.past()).toEqual([]);
  });

  it("is added when the next report tells of it, without any new state", () => {
    const shop = new Shop();
    shop.watch(NOON - 7200, NOON - 30);
    shop.breaks(NOON);
    expect(shop.past()).toEqual([]);
    shop.look(NOON + 30, { processes: [process("mysqld", NOON - 10)] }, {});
    expect(shop.past()).toEqual(["process-restarted db01/mysqld 10"]);
  });

  it("is not told of a problem that another one explains", () => {
    const shop = new Shop();
    shop.watch(NOON - 7200, NOON - 30);
    shop.look(NOON - 30, { processes: [process("mysqld", NOON - 60)] }, {});
    shop.engine.observe(
      states([
        status("db01", null),
        status("db01", "MySQL", { state: "CRITICAL", lastChange: NOON, command: "check_tcp!3306" }),
        status("web01", null),
        status("web01", "HTTP", { state: "CRITICAL", lastChange: NOON, command: "check_tcp!80" }),
      ]),
    );
    const { impacts } = shop.engine.settle(NOON);
    expect(impacts.get("db01::MySQL")?.changesBefore).toMatchObject([
      { kind: "process-restarted", host: "db01", subject: "db01/mysqld", secondsBefore: 60 },
    ]);
    expect(impacts.get("web01::HTTP")?.changesBefore).toBeUndefined();
  });
});
