import { describe, expect, it } from "vitest";
import type { Attrs } from "../../nagios/icinga2-attrs.ts";
import { type ResultEvent, readEvent } from "../../nagios/icinga2-event.ts";
import { type Icinga2Row, nameOf, rowAfter, rowOf } from "../../nagios/icinga2-row.ts";
import { Warnings } from "../../nagios/warnings.ts";
import { Engine } from "../../src/compute.ts";
import { health, NOON, rules, states } from "../support/builders.ts";
import { eventLines, objectOf, objectsOf } from "./icinga2-fixtures.ts";

function row(attrs: Attrs, isService = false): Icinga2Row {
  const warnings = new Warnings();
  const name = nameOf(attrs, isService, warnings);
  return rowOf(name ?? { host: "refused", check: null }, attrs, null, warnings);
}

const host = (name: string) => row(objectOf("hosts.json", name)).status;
const service = (name: string) => row(objectOf("services-web2.json", name), true).status;

describe("hosts of Icinga 2's API", () => {
  it("have the states a person would say, told from a real answer", () => {
    expect(objectsOf("hosts.json").map((attrs) => [attrs["name"], row(attrs).status.state])).toEqual([
      ["branch-gw", "DOWN"],
      ["web1", "UP"],
      ["old1", "DOWN"],
      ["branch-pc", "UNREACHABLE"],
      ["büro-drucker", "UP"],
      ["gw", "UP"],
      ["db1", "UP"],
      ["Host With Spaces", "PENDING"],
      ["web2", "UP"],
    ]);
  });

  it("tell everything of a state", () => {
    expect(host("branch-gw")).toEqual({
      ...{ host: "branch-gw", check: null, state: "DOWN", stateType: "HARD", attempt: 1, maxAttempts: 2 },
      lastCheck: 1795359130.021247,
      // It never changed: it was found so, and was HARD at this time.
      ...{ lastChange: 1795359120.817093, lastHardChange: 1795359120.817093 },
      ...{ output: "CRITICAL - 10.9.0.1: Zielhost nicht erreichbar", longOutput: "" },
      ...{ acknowledgement: "normal", downtimeDepth: 0, flapping: false, interval: 10 },
      ...{ command: null, reachable: true, active: true },
    });
    expect(host("old1")).toMatchObject({ acknowledgement: "none", downtimeDepth: 1 });
    expect(host("branch-pc")).toMatchObject({ reachable: false, output: "CRITICAL - no route" });
  });

  it("have no time that no calendar knows: no turn of the engine could say since when", () => {
    const attrs = { ...objectOf("hosts.json", "old1"), last_state_change: 1e300, last_hard_state_change: 9e15 };
    const status = { ...row(attrs).status, check: null };
    expect(new Date(status.lastChange * 1000).getTime()).not.toBeNaN();
    expect(new Date(status.lastHardChange * 1000).getTime()).not.toBeNaN();
    const engine = new Engine(rules());
    engine.observe(states([status]));
    engine.observe(health());
    expect(engine.settle(NOON).impacts.size).toBe(1);
  });

  it("that were never checked are PENDING, whatever number their state has", () => {
    expect(host("Host With Spaces")).toMatchObject({
      lastCheck: 0,
      lastChange: 0,
      output: "",
      active: false,
      interval: 0,
    });
  });

  it("of a later version have states with a point", () => {
    const attrs = JSON.parse(
      '{"name":"h","state":1.0,"state_type":1.0,"last_check_result":{"output":"x"},"last_reachable":true}',
    );
    expect(row(attrs).status).toMatchObject({ state: "DOWN", stateType: "HARD" });
  });
});

describe("service checks of Icinga 2's API", () => {
  it("tell output of several lines as it was", () => {
    expect(service("http")).toMatchObject({
      state: "CRITICAL",
      output: "HTTP CRITICAL: HTTP/1.1 503 Service Unavailable",
      longOutput:
        'line two: upstream db1:5432 refused\nline three: path C:\\temp\\new, tab\there\nline four <b>bold</b> & "quoted" $HOME; x=1',
    });
  });

  it("tell sticky acknowledgements", () => {
    expect(service("https")).toMatchObject({ acknowledgement: "sticky", state: "CRITICAL" });
  });

  it("keep their own state behind an unreachable host", () => {
    const attrs = { ...objectOf("services-web2.json", "http"), last_reachable: false };
    expect(row(attrs, true).status).toMatchObject({ state: "CRITICAL", reachable: false });
  });

  it("are due by the interval that holds: retry while SOFT, check when HARD, as long as the result says, never when passive", () => {
    const attrs = objectOf("services-web2.json", "http");
    expect(row({ ...attrs, state_type: 0 }, true).status.interval).toBe(2);
    expect(row(attrs, true).status.interval).toBe(5);
    expect(row({ ...attrs, last_check_result: { output: "x", ttl: 90 } }, true).status.interval).toBe(90);
    expect(row({ ...attrs, enable_active_checks: false }, true).status.interval).toBe(0);
  });

  it("with a number that no state has are UNKNOWN, and counted", () => {
    const warnings = new Warnings();
    const attrs = { ...objectOf("services-web2.json", "http"), state: 9 };
    expect(rowOf({ host: "web2", check: "http" }, attrs, null, warnings).status.state).toBe("UNKNOWN");
    expect(warnings.list()).toEqual([{ reason: "state out of range", count: 1, example: "web2 / http" }]);
  });

  it("are refused by names that cannot be part of a key", () => {
    const warnings = new Warnings();
    expect(nameOf({ host_name: "a::b", name: "x" }, true, warnings)).toBeUndefined();
    expect(nameOf({ host_name: "", name: "x" }, true, warnings)).toBeUndefined();
    expect(nameOf({ name: "host\u0007" }, false, warnings)).toBeUndefined();
    expect(warnings.list().map(({ reason }) => reason)).toEqual([
      "host name with ::",
      "no host name",
      "host name with control characters",
    ]);
  });
});

describe("a result in the event stream", () => {
  const attrs = objectOf("services-web2.json", "load");
  const results = eventLines()
    .map(readEvent)
    .filter((event): event is ResultEvent => event?.kind === "result");
  const [critical, , ok] = results as [ResultEvent, ResultEvent, ResultEvent];
  const pending = row({ host_name: "db1", name: "passive only", last_check: -1, last_check_result: null }, true);

  it("takes an object from PENDING to its state, with the times of the result", () => {
    const { row: after, isDoubtful } = rowAfter(pending, critical);
    expect(isDoubtful).toBe(false);
    expect(after.status).toMatchObject({
      ...{ state: "CRITICAL", stateType: "HARD", output: "captured critical", longOutput: "second line ä" },
      ...{ lastCheck: 1795359139.009959, lastChange: 1795359139.009959, lastHardChange: 1795359139.009959 },
    });
  });

  it("changes nothing when it comes a second time as a change of state", () => {
    const [first, second] = results as [ResultEvent, ResultEvent];
    const once = rowAfter(pending, first).row;
    expect(rowAfter(once, second).row).toEqual(once);
  });

  it("that is older than what was read changes nothing: no state jumps back", () => {
    const recovered = rowAfter(rowAfter(pending, critical).row, ok).row;
    expect(recovered.status.state).toBe("OK");
    expect(rowAfter(recovered, critical)).toEqual({ row: recovered, isDoubtful: false });
  });

  it("older than a result from the future is worth a look at the object", () => {
    const ahead = row({ ...attrs, last_check: ok.time + 86_400 }, true);
    expect(rowAfter(ahead, ok)).toEqual({ row: ahead, isDoubtful: true });
  });

  it("that knows of another acknowledgement or downtime is worth a look at the object", () => {
    const before = rowAfter(pending, critical).row;
    expect(rowAfter(before, { ...critical, acknowledged: true }).isDoubtful).toBe(true);
    expect(rowAfter(before, { ...critical, downtimeDepth: 1 }).isDoubtful).toBe(true);
  });

  it("ends an acknowledgement with the recovery", () => {
    const status = { ...rowAfter(pending, critical).row.status, acknowledgement: "sticky" as const };
    expect(rowAfter({ ...pending, status }, ok).row.status.acknowledgement).toBe("none");
  });

  it("tells when a problem became HARD, and keeps when it began", () => {
    const at = (checked: number, stateType: "SOFT" | "HARD") => ({ ...critical, checked, ended: checked, stateType });
    const soft = rowAfter(pending, at(1795359200, "SOFT")).row;
    const hard = rowAfter(soft, at(1795359260, "HARD")).row;
    expect(hard.status).toMatchObject({ lastChange: 1795359200, lastHardChange: 1795359260, stateType: "HARD" });
    const later = rowAfter(hard, at(1795359320, "HARD")).row;
    expect(later.status).toMatchObject({ lastChange: 1795359200, lastHardChange: 1795359260, lastCheck: 1795359320 });
  });

  it("of a host: 0 and 1 are UP, 2 and 3 DOWN, UNREACHABLE behind another", () => {
    const up = row(objectOf("hosts.json", "web1"));
    const hostAfter = (code: number, reachable = true) =>
      rowAfter(up, { ...ok, host: "web1", check: null, code, reachable, checked: 1795360000, ended: 1795360000 }).row
        .status;
    expect([0, 1, 2, 3].map((code) => hostAfter(code).state)).toEqual(["UP", "UP", "DOWN", "DOWN"]);
    expect(hostAfter(2, false)).toMatchObject({ state: "UNREACHABLE", reachable: false, lastChange: 1795360000 });
    expect(hostAfter(0).lastChange).toBe(up.status.lastChange);
  });
});
