import { describe, expect, it } from "vitest";
import { type Changes, emptyChanges, type ListenerRecord, mergeChanges } from "../../src/model/changes.ts";
import { ChangesSum } from "../../src/model/changes-sum.ts";

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

  it("leaves the turns as they are", () => {
    const sum = new ChangesSum(0);
    for (const each of turns) {
      sum.add(each);
    }
    expect(turns[0]?.listeners.get("web")?.size).toBe(1);
  });
});
