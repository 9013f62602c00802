import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Change,
  type Changes,
  type ConnectionRecord,
  emptyChanges,
  type ListenerRecord,
} from "../../src/model/changes.ts";
import { ChangesSum } from "../../src/model/changes-sum.ts";
import { mergeChanges } from "../support/merge-changes.ts";

const LISTENER: ListenerRecord = {
  ...{ protocol: "tcp", port: 80, addresses: [], process: null, owner: null, firstSeen: 1, lastSeen: 2 },
};

function turn(at: number, address: string, port: string): Changes {
  return {
    ...emptyChanges(at),
    resolver: new Map<string, string | null>([
      [address, `host${at}`],
      ["10.0.0.9", at === 2 ? null : "gone"],
    ]),
    listeners: new Map([["web", new Map<string, ListenerRecord | null>([[port, at === 2 ? null : LISTENER]])]]),
    events: [{ kind: "topology", host: "web", subject: port, from: null, to: `${at}` }],
  };
}

describe("the sum of turns", () => {
  const turns = [turn(1, "10.0.0.1", "80"), turn(2, "10.0.0.1", "81"), turn(3, "10.0.0.3", "80")];

  it("is what merging them gives, in which order ever they are added at either end", () => {
    const [first = emptyChanges(0), second = emptyChanges(0), third = emptyChanges(0)] = turns;
    const merged = turns.reduce(mergeChanges);
    const onwards = new ChangesSum(0);
    for (const each of turns) {
      onwards.add(each);
    }
    expect(onwards.changes).toEqual(merged);
    const backwards = new ChangesSum(0);
    backwards.add(third);
    backwards.addEarlier(second);
    backwards.addEarlier(first);
    expect(backwards.changes).toEqual(merged);
  });

  it("tells of a connection its record or the later time, whatever came before", () => {
    const host = fc.constantFrom("a", "b");
    const member = fc.constantFrom("80::10.0.0.1", "80::10.0.0.2", "443::10.0.0.1");
    const anEvent = fc.record({ kind: fc.constantFrom("record", "end", "seen"), host, member });
    const turnOf = (at: number, events: readonly { kind: string; host: string; member: string }[]): Changes => {
      const connections = new Map<string, Change<ConnectionRecord>>();
      const seen = new Map<string, Map<string, number>>();
      for (const each of events) {
        const [port = "", remote = ""] = each.member.split("::");
        if (each.kind === "seen") {
          seen.set(each.host, (seen.get(each.host) ?? new Map()).set(each.member, at));
        } else {
          const value = each.kind === "end" ? null : ({ remote, lastSeen: at } as ConnectionRecord);
          connections.set(`${each.host}::${each.member}`, { node: each.host, port, remote, value });
        }
      }
      return { ...emptyChanges(at), connections, seen };
    };
    fc.assert(
      fc.property(
        fc.array(fc.array(anEvent, { maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.nat(4),
        (all, from) => {
          const told = all.map((events, at) => turnOf(at, events));
          const first = told[Math.min(from, told.length - 1)] as Changes;
          const sum = new ChangesSum(0);
          sum.add(first);
          for (const later of told.slice(told.indexOf(first) + 1)) {
            sum.add(later);
          }
          for (const earlier of told.slice(0, told.indexOf(first)).reverse()) {
            sum.addEarlier(earlier);
          }
          const merged = told.reduce(mergeChanges);
          const timesOf = ({ seen }: Changes) =>
            [...seen].flatMap(([name, times]) => [...times].map((time) => [name, time]));
          expect(sum.changes.connections).toEqual(merged.connections);
          expect(new Set(timesOf(sum.changes).map(String))).toEqual(new Set(timesOf(merged).map(String)));
        },
      ),
    );
  });

  it("leaves the turns as they are", () => {
    const sum = new ChangesSum(0);
    for (const each of turns) {
      sum.add(each);
    }
    expect(turns[0]?.listeners.get("web")?.size).toBe(1);
  });
});
