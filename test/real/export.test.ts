/** What `dotm export` prints, loaded by the real Nagios and the real Icinga 2. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dotm } from "../cli/run-command.ts";
import { icinga2Accepts, nagiosAccepts } from "../support/accepted.ts";
import { needsSite, WORSE } from "../support/needs-site.ts";
import { ROOT } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { readerOf } from "../support/web.ts";

const graphs = needsSite();
const checks = [...graphs.values()].flatMap(({ host, nodes }) =>
  nodes.flatMap((node) => node.checks.map((name) => ({ host, name }))),
);

async function exported(kind: string): Promise<string> {
  return (await dotm(["export", kind], { reader: readerOf({ graphs }) })).out;
}

describeReal("icinga2 daemon -C", ["icinga2"], () => {
  it("accepts the dependencies, whatever the checks are called", async () => {
    const hosts = [...graphs.keys()].map((host) => `object Host ${JSON.stringify(host)} { check_command = "dummy" }`);
    const services = checks.map(
      ({ host, name }) =>
        `object Service ${JSON.stringify(name)} { host_name = ${JSON.stringify(host)}; check_command = "dummy" }`,
    );
    const site = [...hosts, ...services].join("\n");
    const dependencies = await exported("icinga2-dependencies");
    expect(dependencies.match(/^object Dependency/gm)?.length).toBeGreaterThan(10);
    expect(await icinga2Accepts(`${site}\n${dependencies}`)).toEqual({ code: 0, complaints: [] });
    // It would complain of a check that is not there.
    expect((await icinga2Accepts(dependencies)).code).not.toBe(0);
  });
});

describeReal("the services that take DOTM's results, and its commands for mails", ["icinga2", "nagios4"], () => {
  const file = (name: string) => readFileSync(join(ROOT, "nagios", name), "utf8");

  it("are accepted by Icinga 2 for every host it knows", async () => {
    const hosts = [...graphs.keys()].map((host) => `object Host ${JSON.stringify(host)} { check_command = "dummy" }`);
    const services = await exported("icinga2-services");
    expect(services.match(/^object Service/gm)).toHaveLength(2 * graphs.size);
    const all = `${hosts.join("\n")}\n${services}\n${file("icinga2/dotm-notify.conf")}`;
    expect(await icinga2Accepts(all)).toEqual({ code: 0, complaints: [] });
  });

  it("are accepted by Nagios for every host it knows", async () => {
    const site = {
      hosts: [...graphs.keys()].map((name) => ({ name, check: "check_state!ok" })),
      ...{ services: [], config: ["illegal_object_name_chars=~"] },
    };
    const { code, complaints } = await nagiosAccepts(
      site,
      (await exported("nagios-services")) + file("nagios4/dotm-notify.cfg"),
    );
    expect({ code, complaints: complaints.filter((line) => !/contact/.test(line)) }).toEqual({
      code: 0,
      complaints: [],
    });
  });
});

describeReal("nagios4 -v", ["nagios4"], () => {
  const site = {
    hosts: [...graphs.keys()].map((name) => ({ name, check: "check_state!ok" })),
    services: checks.filter(({ name }) => name !== WORSE).map((each) => ({ ...each, check: "check_state!ok" })),
    // Names of other monitorings may hold what Nagios forbids by default.
    config: ["illegal_object_name_chars=~"],
  };

  it("accepts the dependencies, whatever the checks are called", async () => {
    const dependencies = await exported("nagios-dependencies");
    expect(dependencies.match(/^define servicedependency/gm)?.length).toBeGreaterThan(2);
    expect(await nagiosAccepts(site, dependencies)).toEqual({ code: 0, complaints: [] });
    expect((await nagiosAccepts({ ...site, services: site.services.slice(0, 1) }, dependencies)).code).not.toBe(0);
  });

  it("accepts the templates of parents, and hosts that use them", async () => {
    const templates = await exported("parents");
    const names = [...templates.matchAll(/name +(dotm-parents-(.+))/g)];
    expect(names.length).toBeGreaterThan(3);
    const used = names.map(
      ([, template, host]) =>
        `define host {\n use ${template}\n host_name ${host} 2\n check_command check_state!ok\n address ::1\n max_check_attempts 1\n contacts nobody\n check_period always\n notification_period always\n}\n`,
    );
    const { code, complaints } = await nagiosAccepts(site, `${templates}${used.join("")}`);
    expect({ code, complaints: complaints.filter((line) => !line.includes("no services")) }).toEqual({
      code: 0,
      complaints: [],
    });
  });
});
