import { describe, expect, it } from "vitest";
import { Engine } from "../../src/compute.ts";
import type { Impact } from "../../src/model/impact.ts";
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
} from "../support/builders.ts";

/** What may be said of a problem, each for itself; a line of the table for each of the 128 combinations. */
const WORDS = ["soft", "acknowledged", "own downtime", "host's downtime", "flapping", "stale", "unreachable"] as const;
type Word = (typeof WORDS)[number];

const COMBINATIONS = Array.from({ length: 2 ** WORDS.length }, (_, bits) =>
  WORDS.filter((_word, i) => (bits >> i) % 2),
);

/** The impact of a broken database, and that of the host it is on where nobody can reach it. */
function impactsOf(said: ReadonlySet<Word>): { readonly check: Impact; readonly host: Impact | null } {
  const engine = new Engine(rules());
  engine.report(
    report("db01", "10.0.0.21", {
      listeners: [listener("mysqld", 3306)],
      connections: [accepted("mysqld", 3306, "10.0.0.11")],
    }),
  );
  const connections = [out("nginx", "10.0.0.21", 3306)];
  engine.report(report("web01", "10.0.0.11", { listeners: [listener("nginx", 80)], connections }));
  engine.observe(objects([monitored("gw", "10.0.0.1"), { ...monitored("db01", "10.0.0.21"), parents: ["gw"] }]));
  const unreachable = said.has("unreachable");
  engine.observe(
    states([
      status("gw", null, { state: unreachable ? "DOWN" : "UP" }),
      status("db01", null, {
        state: unreachable ? "UNREACHABLE" : "UP",
        downtimeDepth: said.has("host's downtime") ? 1 : 0,
      }),
      status("db01", "MySQL", {
        state: "CRITICAL",
        stateType: said.has("soft") ? "SOFT" : "HARD",
        acknowledgement: said.has("acknowledged") ? "normal" : "none",
        downtimeDepth: said.has("own downtime") ? 1 : 0,
        flapping: said.has("flapping"),
        interval: said.has("stale") ? 60 : 0,
        lastCheck: NOON - 600,
        command: "check_mysql",
      }),
    ]),
  );
  engine.observe(health());
  const { impacts } = engine.settle(NOON);
  return { check: impacts.get("db01::MySQL") as Impact, host: impacts.get("db01::_HOST_") ?? null };
}

describe("own state, propagated state and handling are three facts", () => {
  it.each(COMBINATIONS.map((words) => [words.join(", ") || "nothing said", new Set<Word>(words)] as const))(
    "%s",
    (_, said) => {
      const { check, host } = impactsOf(said);
      const inDowntime = said.has("own downtime") || said.has("host's downtime");
      // Its own state is what the monitoring says, whatever else is said.
      expect(check.problem).toMatchObject({
        state: "CRITICAL",
        stateType: said.has("soft") ? "SOFT" : "HARD",
        acknowledged: said.has("acknowledged"),
        inDowntime,
        handled: said.has("acknowledged") || inDowntime,
        flapping: said.has("flapping"),
        stale: said.has("stale"),
      });
      // What it does to its dependents hangs on how sure it is, not on whether somebody deals with it.
      const degree = said.has("soft") ? "potential" : "affected";
      const propagatedState = said.has("soft") ? "UNKNOWN" : "CRITICAL";
      expect(check.affected).toMatchObject([{ id: "web01:80", degree, propagatedState, ownState: null, handling: {} }]);
      // Nobody knows of an unreachable host whether it is broken: what cuts it off explains it, and it explains nothing.
      const cutOff = said.has("unreachable");
      expect(check.rootProblem).toBe(!cutOff);
      expect(check.explainedBy).toEqual(cutOff ? [{ host: "gw", check: null }] : []);
      expect(host?.explains ?? []).toEqual([]);
      expect(host?.rootProblem ?? false).toBe(false);
    },
  );
});
