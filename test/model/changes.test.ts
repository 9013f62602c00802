import { describe, expect, it } from "vitest";
import type { ChangeEvent, Changes, ConnectionRecord, EdgeRecord, NodeRecord } from "../../src/model/changes.ts";
import { emptyChanges } from "../../src/model/changes.ts";
import { ChangesSum } from "../../src/model/changes-sum.ts";
import { mergeChanges } from "../support/merge-changes.ts";

const NODE: NodeRecord = { lastFetch: 1, fetchStatus: "OK", ips: [], serviceAlerts: {} };
const EDGE: EdgeRecord = {
  direction: "out",
  process: "curl",
  owner: null,
  protocol: "tcp",
  port: 80,
  remote: "10.0.0.1",
  firstSeen: 1,
  lastSeen: 2,
  count: 3,
  path: null,
  rhythm: { run: 1, gaps: 0, longest: 0 },
};

type Edges = Changes["edges"];

function fields(edges: Record<string, EdgeRecord | null>): ReadonlyMap<string, EdgeRecord | null> {
  return new Map(Object.entries(edges));
}

function changes(at: number, parts: Partial<Changes>): Changes {
  return { ...emptyChanges(at), ...parts };
}

function event(subject: string): ChangeEvent {
  return { kind: "state", host: "web01", subject, from: "OK", to: "CRITICAL" };
}

/** As the product does it. */
function summed(earlier: Changes, later: Changes): Changes {
  const sum = new ChangesSum(earlier.at);
  sum.add(earlier);
  sum.add(later);
  return sum.changes;
}

describe.each([
  ["the sum", summed],
  ["the reference", mergeChanges],
])("two turns as one (%s)", (_, merge) => {
  it("lets the later turn win, gone things included", () => {
    const merged = merge(
      changes(1, {
        nodes: new Map([
          ["a", NODE],
          ["b", NODE],
        ]),
        resolver: new Map([["10.0.0.1", null]]),
      }),
      changes(2, {
        nodes: new Map([
          ["b", null],
          ["c", NODE],
        ]),
        resolver: new Map([["10.0.0.1", "a"]]),
      }),
    );
    expect(merged.at).toBe(2);
    expect([...merged.nodes]).toEqual([
      ["a", NODE],
      ["b", null],
      ["c", NODE],
    ]);
    expect(merged.resolver.get("10.0.0.1")).toBe("a");
  });

  it("merges edges field by field within a host", () => {
    const earlier: Edges = new Map([["a", fields({ x: EDGE, y: EDGE })]]);
    const later: Edges = new Map([
      ["a", fields({ y: null })],
      ["b", fields({ z: EDGE })],
    ]);
    const merged = merge(changes(1, { edges: earlier }), changes(2, { edges: later }));
    expect(merged.edges.get("a")).toEqual(fields({ x: EDGE, y: null }));
    expect(merged.edges.get("b")).toEqual(fields({ z: EDGE }));
  });

  it("forgets when a connection was seen that a later turn has a record of, or the end", () => {
    const earlier = changes(1, {
      seen: new Map([
        [
          "a",
          new Map([
            ["80::b", 1],
            ["81::b", 1],
            ["82::b", 1],
          ]),
        ],
      ]),
    });
    const connections: Changes["connections"] = new Map([
      ["a::80::b", { node: "a", port: "80", remote: "b", value: null }],
      ["a::81::b", { node: "a", port: "81", value: { remote: "b" } as ConnectionRecord }],
    ]);
    expect(merge(earlier, changes(2, { connections })).seen).toEqual(new Map([["a", new Map([["82::b", 1]])]]));
    expect(earlier.seen.get("a")?.size).toBe(3);
  });

  it("leaves what it was given alone", () => {
    const earlier = changes(1, { edges: new Map([["a", new Map([["x", EDGE]])]]) });
    merge(earlier, changes(2, { edges: new Map([["a", new Map([["x", null]])]]) }));
    expect(earlier.edges.get("a")?.get("x")).toEqual(EDGE);
  });

  it("keeps events in order and the newest of too many", () => {
    const merged = merge(changes(1, { events: [event("1")] }), changes(2, { events: [event("2")] }));
    expect(merged.events.map(({ subject }) => subject)).toEqual(["1", "2"]);
    const flood = Array.from({ length: 12_000 }, (_, at) => event(`${at}`));
    const bounded = merge(changes(1, { events: flood }), changes(2, { events: [event("last")] }));
    expect(bounded.events).toHaveLength(10_000);
    expect(bounded.events.at(-1)?.subject).toBe("last");
  });

  it("is the same whether three turns are merged from the left or from the right", () => {
    const turns = [
      changes(1, { nodes: new Map([["a", NODE]]), events: [event("1")] }),
      changes(2, { nodes: new Map([["a", null]]), events: [event("2")] }),
      changes(3, { nodes: new Map([["b", NODE]]), events: [event("3")] }),
    ] as const;
    const left = merge(merge(turns[0], turns[1]), turns[2]);
    const right = merge(turns[0], merge(turns[1], turns[2]));
    expect(left).toEqual(right);
  });
});
