import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { openPage, startChromium } from "../support/chromium.ts";
import { startNagios } from "../support/nagios.ts";
import { describeReal } from "../support/real.ts";

describeReal("a Nagios of the test's own", ["nagios4"], () => {
  it("shows in status.dat what its plugin says, and takes external commands", async () => {
    const nagios = await startNagios({
      hosts: [{ name: "web01", alias: "Web frontend", groups: ["shop"], check: "check_state!web01" }],
      services: [
        { host: "web01", name: "HTTP", check: "check_state!http" },
        { host: "web01", name: "Refused", check: "check_tcp!1" },
      ],
      states: { web01: [0, "PING OK"], http: [0, "HTTP OK"] },
    });
    await nagios.waitFor("web01", "HTTP", (fields) => fields.get("current_state") === "0" && hard(fields));
    await nagios.waitFor("web01", "Refused", (fields) => fields.get("current_state") === "2" && hard(fields));
    nagios.setState("http", 2, "HTTP CRITICAL - 503");
    const critical = await nagios.waitFor("web01", "HTTP", (fields) => fields.get("current_state") === "2");
    expect(critical.get("plugin_output")).toBe("HTTP CRITICAL - 503");
    await nagios.command("ACKNOWLEDGE_SVC_PROBLEM;web01;HTTP;1;0;0;ops;seen");
    await nagios.waitFor("web01", "HTTP", (fields) => fields.get("problem_has_been_acknowledged") === "1");
    expect(readFileSync(nagios.objectsCache, "utf8")).toContain("hostgroup_name\tshop");
    expect(readFileSync(nagios.logFile, "utf8")).toContain(
      "SERVICE ALERT: web01;HTTP;CRITICAL;HARD;1;HTTP CRITICAL - 503",
    );
    await nagios.stop();
  });
});

describeReal("a Chromium of the test's own", ["chromium"], () => {
  it("notes what goes wrong on a page", async () => {
    const browser = await startChromium();
    const { page, complaints } = await openPage(
      browser,
      `data:text/html,<title>t</title><script>console.error("broken")</script>`,
    );
    expect(await page.title()).toBe("t");
    expect(complaints).toEqual(["console error: broken"]);
  });
});

function hard(fields: ReadonlyMap<string, string>): boolean {
  return fields.get("state_type") === "1" && fields.get("has_been_checked") === "1";
}
