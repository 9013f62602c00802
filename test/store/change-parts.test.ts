import { describe, expect, it } from "vitest";
import { emptyChanges } from "../../src/model/changes.ts";
import { partsOf } from "../../src/store/change-parts.ts";
import { mergeChanges } from "../support/merge-changes.ts";
import { changes, connection, connectionsOf, graph, NOW, picture } from "./examples.ts";

const MANY = Array.from({ length: 6_000 }, (_, at) => connection("web01", "3306", `db${at}`));
const LARGE = {
  ...picture(),
  connections: connectionsOf(...MANY),
  graphs: new Map(Array.from({ length: 60 }, (_, at) => [`web${at}`, graph(`web${at}`)])),
};

describe("partsOf", () => {
  it("leaves the changes of a usual turn whole", () => {
    const whole = picture();
    expect([...partsOf(whole)]).toEqual([whole]);
  });

  it("says of a whole site the same in parts, each of few things", () => {
    const parts = [...partsOf(LARGE)];
    expect(parts.reduce(mergeChanges, emptyChanges(NOW))).toEqual(LARGE);
    expect(Math.max(...parts.map((part) => part.connections.size + 100 * part.graphs.size))).toBe(2_500);
  });

  it("tells no event before everything it may be about", () => {
    const parts = [...partsOf({ ...LARGE, events: picture().events })];
    expect(parts.findIndex(({ events }) => events.length > 0)).toBe(parts.length - 1);
  });

  it("hands on what is gone", () => {
    const gone = new Map(
      MANY.map(({ remote }) => [`web01::3306::${remote}`, { node: "web01", port: "3306", remote, value: null }]),
    );
    const parts = [...partsOf(changes({ connections: gone }))];
    expect(parts.reduce(mergeChanges, emptyChanges(NOW)).connections).toEqual(gone);
  });
});
