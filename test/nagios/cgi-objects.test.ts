import { expect, it } from "vitest";
import { CgiObjectRows, OBJECT_LISTS } from "../../nagios/cgi-objects.ts";
import { Warnings } from "../../nagios/warnings.ts";
import { answer, rowsOf } from "./cgi-rows.ts";

function objectsOf(...texts: (Buffer | string)[]) {
  const warnings = new Warnings();
  const rows = new CgiObjectRows(warnings);
  for (const row of texts.flatMap((text) => rowsOf(text, OBJECT_LISTS))) {
    rows.take(row);
  }
  return { ...rows.finish(), warnings: warnings.list() };
}

it("reads the configuration of a real Nagios 4.4.6", () => {
  const lists = ["hostlist", "servicelist", "hostgrouplist", "servicegrouplist"];
  const read = objectsOf(...lists.map((list) => answer(`nagios-4.4.6-objectjson-${list}.json`)));
  expect(read.warnings).toEqual([]);
  expect(read.hosts).toHaveLength(9);
  expect(read.hosts.find(({ host }) => host === "branch-pc")).toMatchObject({
    address: expect.stringMatching(/^[\d.]+$/),
    parents: ["branch-gw"],
    groups: expect.arrayContaining(["branch"]),
  });
  expect(read.hosts.find(({ host }) => host === "web1")?.actionUrl).toContain("$HOSTNAME$");
  expect(read.checks.find(({ host, check }) => host === "web1" && check === "Disk /")?.groups).toEqual(["storage"]);
  expect(read.commands.get("web1::HTTP")).toMatch(/^check_state!/);
  expect(read.commands.get("web1::_HOST_")).toBe("check_state!h-web1");
});

it("reads custom variables where the CGI has them, and leaves out checks of which there is nothing to say", () => {
  const read = objectsOf(
    '{"data":{"servicelist":{"a":{"plain":{"check_command":"c"},"tuned":{"custom_variables":{"TIER":"gold"}}}}}}',
    '{"data":{"hostlist":{"(null)":{"alias":"x"},"b":{"alias":7,"parent_hosts":["a",1]}}}}',
    '{"data":{"hostgrouplist":{"g":{"members":["b",null,{}]}},"servicegrouplist":{"s":{"members":[7]}}}}',
  );
  expect(read.checks).toEqual([
    { host: "a", check: "tuned", groups: [], actionUrl: "", customVariables: new Map([["TIER", "gold"]]) },
  ]);
  expect(read.hosts).toMatchObject([{ host: "b", alias: "", parents: ["a"], groups: ["g"] }]);
  expect(read.warnings).toMatchObject([{ count: 1 }]);
});
