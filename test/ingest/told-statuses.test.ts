import { describe, expect, it } from "vitest";
import { ToldStatuses } from "../../src/ingest/told-statuses.ts";
import { status } from "../support/builders.ts";

const [up, ok, warning] = [status("web", null), status("web", "HTTP"), status("web", "SSH", { state: "WARNING" })];

describe("what is told of a source that says everything again and again", () => {
  it("is all of it the first time, then what differs and what is gone", () => {
    const told = new ToldStatuses();
    expect(told.takeAll([up, ok, warning])).toEqual({ full: true, statuses: [up, ok, warning], gone: [] });
    expect(told.takeAll([{ ...up }, { ...ok }, { ...warning }])).toEqual({ full: false, statuses: [], gone: [] });
    const broken = { ...ok, state: "CRITICAL" } as const;
    const gone = [{ host: "web", check: "SSH" }];
    expect(told.takeAll([broken, up])).toEqual({ full: false, statuses: [broken], gone });
    expect(told.takeAll([broken, up])).toEqual({ full: false, statuses: [], gone: [] });
  });

  it("is everything even where the first answer was empty", () => {
    const told = new ToldStatuses();
    expect(told.takeAll([])).toEqual({ full: true, statuses: [], gone: [] });
    expect(told.takeAll([up])).toEqual({ full: false, statuses: [up], gone: [] });
  });

  it("does not tell of objects that were not asked for", () => {
    const told = new ToldStatuses();
    told.takeAll([up, ok]);
    expect(told.takeSome([{ ...ok, output: "slow" }])).toMatchObject([{ output: "slow" }]);
    expect(told.get({ host: "web", check: "HTTP" })).toMatchObject({ output: "slow" });
    expect([...told.all()]).toHaveLength(2);
  });
});
