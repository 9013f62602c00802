import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { COLUMNS, type Column } from "../../nagios/livestatus-columns.ts";
import { HEADER_BYTES } from "../../nagios/livestatus-header.ts";
import { commentReader, downtimeReader } from "../../nagios/livestatus-notes.ts";
import { readProgram } from "../../nagios/livestatus-program.ts";
import { checkSetupReader, hostSetupReader } from "../../nagios/livestatus-setup.ts";
import { rowsOf } from "../support/livestatus-text.ts";

const T = 1_795_359_130;

/** Columns and rows of a real Icinga 2's answer. */
function icinga(name: string) {
  const bytes = readFileSync(new URL(`../fixtures/livestatus/icinga-2.13.6-${name}.out`, import.meta.url));
  const [columns = [], ...rows] = rowsOf(bytes.subarray(HEADER_BYTES));
  return { columns: columns as string[], rows };
}

describe("comments", () => {
  it("are those of a real Icinga 2, with null for the host itself", () => {
    const { columns, rows } = icinga("comments");
    const read = commentReader(columns as Column<"comments">[]);
    const common = { expires: 0, persistent: false };
    expect(rows.map(read)).toEqual([
      {
        ...{ host: "web2", check: "https", id: "1", origin: "acknowledgement", author: "alice", ...common },
        ...{ text: "Zertifikat wird erneuert; ticket #4711 – ok", entered: 1795359120 },
      },
      {
        ...{ host: "branch-gw", check: null, id: "2", origin: "acknowledgement", author: "bob", ...common },
        ...{ text: "Provider informed", entered: 1795359120 },
      },
      {
        ...{ host: "gw", check: null, id: "3", origin: "user", author: "carol", ...common },
        ...{ text: "Persistent comment = with equals; and semicolon", entered: 1795359121 },
      },
    ]);
  });

  it("are those of Naemon, with an empty text for the host itself and 0 and 1 for flags", () => {
    const read = commentReader(COLUMNS.comments);
    const rows = rowsOf('[["gw","",3,"carol","Umbau",1795359121,2,1,1,1795399121],\n["a::b","",4,"","",0,1,0,0,0]]\n');
    expect(rows.map(read)).toEqual([
      {
        ...{ host: "gw", check: null, id: "3", origin: "downtime", author: "carol", text: "Umbau" },
        ...{ entered: 1795359121, expires: 1795399121, persistent: true },
      },
      undefined,
    ]);
  });
});

describe("downtimes", () => {
  it("are those of a real Icinga 2, which says which are in effect", () => {
    const { columns, rows } = icinga("downtimes");
    const read = downtimeReader([...columns, "type"] as Column<"downtimes">[], T, () => false);
    const told = rows.map((row, at) => read([...row, at === 2 ? 0 : 1]));
    expect(told.map((each) => [each?.host, each?.check, each?.fixed, each?.duration, each?.inEffect])).toEqual([
      ["old1", null, true, 0, true],
      ["db1", "backup", true, 0, true],
      ["web1", "http", false, 7200, false],
    ]);
    expect(told[0]).toMatchObject({ id: "1", author: "alice", text: "Decommissioning <b>old1</b>", start: 1795359060 });
  });

  it("of Naemon are in effect in their time, flexible ones where the object is in downtime", () => {
    const rows = rowsOf(
      `[["a","",1,"u","past",1,${T - 20},${T - 10},1,0,1],["a","",2,"u","now",1,${T - 20},${T + 10},1,0,1],` +
        `["a","",3,"u","future",1,${T + 5},${T + 10},1,0,1],["a","",4,"u","flexible",1,${T - 20},${T - 5},0,60,1],` +
        `["b","x",5,"u","armed",1,${T - 20},${T + 5},0,60,1]]`,
    );
    const read = downtimeReader(COLUMNS.downtimes, T, ({ host }) => host === "a");
    expect(rows.map((row) => [read(row)?.text, read(row)?.inEffect])).toEqual([
      ["past", false],
      ["now", true],
      ["future", false],
      ["flexible", true],
      ["armed", false],
    ]);
  });
});

describe("the configuration", () => {
  it("tells parents, groups, links and custom variables of hosts", () => {
    const [row = []] = rowsOf(
      '[["web1","Web frontend 1","127.0.0.11",["gw"],["webservers","dmz"],"http://x/?host=$HOSTNAME$",["RACK","OWNER"],["R1","dba"]]]',
    );
    expect(hostSetupReader(COLUMNS.hostSetup)(row)).toEqual({
      ...{ host: "web1", alias: "Web frontend 1", address: "127.0.0.11", parents: ["gw"] },
      ...{ groups: ["webservers", "dmz"], actionUrl: "http://x/?host=$HOSTNAME$" },
      customVariables: new Map([
        ["RACK", "R1"],
        ["OWNER", "dba"],
      ]),
    });
    expect(hostSetupReader(COLUMNS.hostSetup)(["a!b", "", "", [], [], "", [], []])).toBeUndefined();
  });

  it("leaves out checks that it says nothing of", () => {
    const read = checkSetupReader(COLUMNS.checkSetup);
    expect(read(["web1", "HTTP", [], "", [], []])).toBeUndefined();
    expect(read(["web1", "HTTP", ["web"], "", [], []])).toMatchObject({ host: "web1", check: "HTTP", groups: ["web"] });
    expect(read(["web1", "HTTP", [], "", ["A", "B"], ["1"]])?.customVariables.get("B")).toBe("");
  });

  it("is read of whatever a server puts into the cells", () => {
    fc.assert(
      fc.property(fc.array(fc.anything(), { maxLength: 12 }), (row) => {
        for (const read of [
          hostSetupReader(COLUMNS.hostSetup),
          checkSetupReader(COLUMNS.checkSetup),
          commentReader(COLUMNS.comments),
          downtimeReader(COLUMNS.downtimes, T, () => true),
        ]) {
          const told = read(row);
          expect(told === undefined || told.host === String(row[0])).toBe(true);
        }
      }),
    );
  });
});

describe("the program", () => {
  it("is a real Icinga 2, which does not wait when asked to", () => {
    const { columns, rows } = icinga("status");
    expect(readProgram(columns as Column<"program">[], rows[0] ?? [])).toEqual({
      ...{ started: 1795359112, version: "r2.13.6-1-icinga2", isIcinga2: true },
      ...{ intervalLength: 60, hosts: 9, checks: 21 },
    });
  });

  it("may say little of itself, but when it was started", () => {
    expect(readProgram(COLUMNS.program, [1795359112, "1.5.0-naemon", "", "", ""])).toEqual({
      ...{ started: 1795359112, version: "1.5.0-naemon", isIcinga2: false },
      ...{ intervalLength: 60, hosts: null, checks: null },
    });
    expect(readProgram(COLUMNS.program, ["", "", "", "", ""])).toBeUndefined();
  });
});
