import { describe, expect, it } from "vitest";
import { mapCheck } from "../../src/mapping/map-check.ts";
import { type MappedHost, suggestRules } from "../../src/mapping/suggest-rules.ts";
import { compileRules } from "../../src/mapping/user-rules.ts";
import { inOneGo } from "../../src/model/pieces.ts";
import { listening } from "./labelled.ts";

const { rules } = compileRules([]);

const suggested = (hosts: readonly MappedHost[]) => inOneGo(suggestRules(hosts));

function host(name: string, spec: string, ...checks: string[]): MappedHost {
  const services = listening(name, spec);
  const mappings = checks.map((check) => mapCheck({ host: name, check, command: null }, services, rules));
  return {
    host: name,
    services,
    checks: mappings.map(({ check, services: ids, evidence }) => ({
      check,
      services: ids,
      known: evidence.length > 0,
    })),
  };
}

describe("suggested rules", () => {
  it("join a check nobody understands with the process that runs wherever it is", () => {
    const suggestions = suggested([
      host("a", "sshd=22 frobd=7001 quux=9999", "SSH", "Widgets 1 (main)"),
      host("b", "sshd=22 frobd=7001", "SSH", "Widgets 2 (main)", "Widgets 3 (main)"),
      host("c", "sshd=22 quux=9999", "SSH"),
    ]);
    expect(suggestions).toEqual([
      {
        rule: { check: "Widgets \\d+ \\(main\\)$", process: "frobd$" },
        hosts: ["a", "b"],
        checks: 3,
        confidence: 0.95,
        reason: "frobd runs on 2 of the 2 hosts that have this check, on 0 others, and no other check speaks of it",
      },
    ]);
  });

  it("map those checks when taken", () => {
    const before = host("a", "sshd=22 frobd=7001", "SSH", "Widgets");
    const [suggestion] = suggested([before]);
    const taken = compileRules(suggestion === undefined ? [] : [suggestion.rule]);
    expect(taken.errors).toEqual([]);
    const mapping = mapCheck(
      { host: "a", check: "Widgets", command: null },
      listening("a", "sshd=22 frobd=7001"),
      taken.rules,
    );
    expect(mapping.services).toEqual(["a:7001#frobd"]);
  });

  it("leave alone checks that are known to speak of no service", () => {
    expect(suggested([host("a", "sshd=22 frobd=7001", "SSH", "Disk /", "Load", "MySQL Backup")])).toEqual([]);
  });

  it("do not guess between two processes, nor take one that another check speaks of, nor a runtime", () => {
    expect(suggested([host("a", "frobd=7001 quux=9999", "Widgets")])).toEqual([]);
    expect(suggested([host("a", "sshd=22 java=7001", "SSH", "Widgets")])).toEqual([]);
  });

  it("come in the same order whatever the order of the hosts", () => {
    const hosts = [host("a", "frobd=1", "Widgets"), host("b", "quux=2", "Gadgets"), host("c", "frobd=1", "Widgets")];
    expect(suggested([...hosts].reverse())).toEqual(suggested(hosts));
  });
});
