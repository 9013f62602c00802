import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { expect, it } from "vitest";
import { openPage, startChromium } from "../support/chromium.ts";
import { type RunningIcinga2, startIcinga2 } from "../support/icinga2.ts";
import { startNagios } from "../support/nagios.ts";
import { CGI_PROGRAMS, startNagiosCgis } from "../support/nagios-cgis.ts";
import { eventually } from "../support/process.ts";
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

  it("comes back after it was shut down or killed", async () => {
    const nagios = await startNagios({ hosts: [{ name: "web01" }], services: [{ host: "web01", name: "HTTP" }] });
    await nagios.shutDown();
    await nagios.startAgain();
    await nagios.shutDown("SIGKILL");
    await nagios.startAgain();
    await nagios.command("PROCESS_SERVICE_CHECK_RESULT;web01;HTTP;1;slow");
    await nagios.waitFor("web01", "HTTP", (fields) => fields.get("plugin_output") === "slow");
    await nagios.stop();
  });
});

describeReal("the CGIs of a Nagios of the test's own", CGI_PROGRAMS, () => {
  it("answer everybody here, and there those with a password what Nagios lets them see", async () => {
    const nagios = await startNagios({ hosts: [{ name: "web01" }], services: [{ host: "web01", name: "HTTP" }] });
    const cgis = await startNagiosCgis(nagios);
    const query = "statusjson.cgi?query=servicecount";
    expect(await servicesCounted(await fetch(`${cgis.url}/${query}`))).toBe(1);
    expect((await fetch(`${cgis.protectedUrl}/${query}`)).status).toBe(401);
    for (const [user, count] of [[cgis.users.reader, 1] as const, [cgis.users.stranger, 0] as const]) {
      const authorization = `Basic ${Buffer.from(`${user.name}:${user.password}`).toString("base64")}`;
      const answer = await fetch(`${cgis.protectedUrl}/${query}`, { headers: { authorization } });
      expect(await servicesCounted(answer)).toBe(count);
    }
    await cgis.stop();
    await nagios.stop();
  });
});

describeReal("an Icinga 2 of the test's own", ["icinga2"], () => {
  it("takes results on its API and by its command pipe, and remembers them when it comes back", async () => {
    const icinga = await startIcinga2({
      hosts: [{ name: "büro web" }],
      services: [
        { host: "büro web", name: "HTTP", check: "check_state!http" },
        { host: "büro web", name: "C:\\ Drive" },
      ],
      states: { http: [1, "slow"] },
    });
    await icinga.act("process-check-result", {
      type: "Service",
      service: "büro web!C:\\ Drive",
      exit_status: 2,
      plugin_output: "full",
    });
    await icinga.command("PROCESS_HOST_CHECK_RESULT;büro web;0;PING OK");
    const states = { HTTP: [1, "slow"], "C:\\ Drive": [2, "full"], null: [0, "PING OK"] };
    await eventually("all results", async () => isEqual(await icingaStates(icinga), states));
    const denied = await icinga.ask("/v1/objects/dependencies", undefined, icinga.api.users.limited);
    expect(denied.status).toBe(404);

    await icinga.shutDown();
    await icinga.startAgain();
    expect(await icingaStates(icinga)).toEqual(states);
    await icinga.shutDown("SIGKILL");
    await icinga.startAgain();
    expect(await icingaStates(icinga)).toHaveProperty("HTTP");
    await icinga.stop();
  });
});

async function servicesCounted(answer: Response): Promise<number> {
  const { data } = (await answer.json()) as { data: { count: Record<string, number> } };
  return Object.values(data.count).reduce((sum, count) => sum + count, 0);
}

/** State number and output of all services by name, and of the host by "null". */
async function icingaStates(icinga: RunningIcinga2): Promise<Record<string, [number, string]>> {
  interface Row {
    readonly attrs: { readonly name: string; readonly state: number; last_check_result: { output: string } | null };
  }
  const rows = async (type: string) => {
    const { body } = await icinga.ask(`/v1/objects/${type}`, undefined, icinga.api.users.reader);
    return (JSON.parse(body) as { results: Row[] }).results.map(({ attrs }) => attrs);
  };
  const named = [...(await rows("services")), ...(await rows("hosts")).map((attrs) => ({ ...attrs, name: "null" }))];
  return Object.fromEntries(named.map((each) => [each.name, [each.state, each.last_check_result?.output ?? ""]]));
}

function isEqual(a: unknown, b: unknown): true | undefined {
  return isDeepStrictEqual(a, b) ? true : undefined;
}

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
