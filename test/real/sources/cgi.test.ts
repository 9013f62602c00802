import { afterAll, beforeAll, expect, it } from "vitest";
import { Secret } from "../../../src/config/secret.ts";
import { createSource } from "../../../src/ingest/create-source.ts";
import { readSourceFile } from "../../../src/ingest/read-source-file.ts";
import type { Source } from "../../../src/ingest/source.ts";
import { SILENT } from "../../../src/logger.ts";
import type { CheckStatus, SourceObservation } from "../../../src/model/monitoring.ts";
import { type RunningNagios, startNagios } from "../../support/nagios.ts";
import { CGI_PROGRAMS, type NagiosCgis, startNagiosCgis } from "../../support/nagios-cgis.ts";
import { describeReal } from "../../support/real.ts";
import { isUnwell, isWell, Told } from "../../support/told.ts";

describeReal("the CGIs of a real Nagios as a source", CGI_PROGRAMS, () => {
  let nagios: RunningNagios;
  let cgis: NagiosCgis;
  const sources: Source[] = [];

  beforeAll(async () => {
    nagios = await startNagios({
      hosts: [
        { name: "gw", check: "check_state!gw", alias: "gateway", actionUrl: "http://x/?h=$HOSTNAME$" },
        { name: "web 1", check: "check_state!web", parents: ["gw"], groups: ["shop"], variables: { tier: "gold" } },
        { name: "never" },
      ],
      services: [
        { host: "web 1", name: "Disk C:\\ + #1 /", check: "check_state!disk", groups: ["disks"] },
        { host: "web 1", name: "HTTP", check: "check_state!http", attempts: 3 },
        { host: "never", name: "Passive" },
      ],
      states: {
        gw: [2, "no route"],
        web: [2, "no route"],
        disk: [1, 'C:\\ "<b>full</b>"\nline 2 \\n'],
        http: [0, "fine"],
      },
    });
    cgis = await startNagiosCgis(nagios);
    await nagios.waitFor("web 1", null, (fields) => fields.get("current_state") === "2");
    await nagios.waitFor("gw", null, (fields) => fields.get("current_state") === "1");
    await nagios.command("ACKNOWLEDGE_HOST_PROBLEM;gw;2;0;1;ops;known; really");
    const seconds = Math.floor(Date.now() / 1000);
    await nagios.command(`SCHEDULE_SVC_DOWNTIME;web 1;HTTP;${seconds};${seconds + 3600};1;0;0;ops;work`);
    await nagios.waitFor("gw", null, (fields) => fields.get("acknowledgement_type") === "2");
    await nagios.waitFor("web 1", "HTTP", (fields) => fields.get("scheduled_downtime_depth") === "1");
    // What is checked for the first time between two readings is told otherwise by the second.
    for (const check of ["HTTP", "Disk C:\\ + #1 /"]) {
      await nagios.waitFor("web 1", check, (fields) => fields.get("has_been_checked") === "1");
    }
  });
  afterAll(async () => {
    await Promise.all(sources.map((source) => source.stop()));
    await cgis?.stop();
    await nagios?.stop();
  });

  async function read(url: string, user?: { readonly name: string; readonly password: string }): Promise<Told> {
    const told = new Told();
    const config = {
      name: "mon",
      site: null,
      type: "cgi",
      url,
      format: "auto",
      caFile: null,
      interval: 1,
      timezone: null,
    } as const;
    const login = { user: user?.name ?? null, password: user === undefined ? null : new Secret(user.password) };
    const source = createSource(
      { ...config, ...login },
      { sink: told.sink, logger: SILENT, now: () => Date.now() / 1000 },
    );
    sources.push(source);
    await source.start();
    return told;
  }

  it("tell what status.dat and objects.cache say", async () => {
    const told = await read(cgis.url);
    expect(await told.until(isWell())).toMatchObject({ hosts: 3, checks: 3 });
    const { hosts, checks } = await readSourceFile(nagios.objectsCache, () => 0);
    expect(sortedHosts(told.all)).toEqual([...hosts].sort(byHost));
    expect(told.all.find(({ kind }) => kind === "objects")).toMatchObject({ checks: [{ groups: ["disks"] }] });
    expect(checks).toHaveLength(3);
    const file = await readSourceFile(nagios.statusFile, () => 0);
    const [states] = told.states;
    expect(states?.statuses.map(lasting).sort(byHost)).toEqual(file.statuses.map(lasting).sort(byHost));
    expect(states?.statuses.find(({ host, check }) => host === "web 1" && check === null)?.state).toBe("UNREACHABLE");
    expect(told.all.find(({ kind }) => kind === "notes")).toMatchObject({
      comments: expect.arrayContaining([
        expect.objectContaining({ host: "gw", origin: "acknowledgement", text: "known; really" }),
      ]),
      downtimes: [{ host: "web 1", check: "HTTP", author: "ops", text: "work", fixed: true, inEffect: true }],
    });
  });

  it("tell a change within a reading", async () => {
    const told = await read(cgis.url);
    await told.until(isWell());
    told.clear();
    nagios.setState("http", 2, "down");
    const isDown = (each: SourceObservation): boolean =>
      each.kind === "states" && each.statuses.some(({ check, state }) => check === "HTTP" && state === "CRITICAL");
    await told.until(isDown, 20_000);
  });

  it("let those in who have the password, and tell the others what to do", async () => {
    const { reader, stranger } = cgis.users;
    expect(await (await read(cgis.protectedUrl, reader)).until(isWell())).toMatchObject({ hosts: 3, checks: 3 });
    const wrong = await (await read(cgis.protectedUrl, { ...reader, password: "guess" })).until(isUnwell);
    expect(wrong.error).toMatch(/does not accept the password of dotm/);
    expect((await (await read(cgis.protectedUrl)).until(isUnwell)).error).toMatch(/wants a user and a password/);
    const unseen = await (await read(cgis.protectedUrl, stranger)).until(isUnwell);
    expect(unseen.error).toMatch(/shows stranger no hosts\. Add stranger to authorized_for_all_hosts/);
  });

  it("drop nothing while Nagios is stopped, and go on when it is back", async () => {
    const told = await read(cgis.url);
    await told.until(isWell());
    told.clear();
    await nagios.shutDown();
    expect((await told.until(isUnwell)).error).toMatch(/answers nothing, as it does while Nagios is stopped/);
    expect(told.states).toEqual([]);
    await nagios.startAgain();
    await told.until(isWell(), 30_000);
  });
});

function byHost(a: { host: string; check?: string | null }, b: { host: string; check?: string | null }): number {
  return `${a.host}/${a.check ?? ""}` < `${b.host}/${b.check ?? ""}` ? -1 : 1;
}

function sortedHosts(all: readonly SourceObservation[]) {
  const objects = all.find((each) => each.kind === "objects");
  return [...(objects?.kind === "objects" ? objects.hosts : [])].sort(byHost);
}

/**
 * What of a status stays the same from one check to the next. Intervals of the test are in seconds, not in minutes; and
 * the CGI leaves out backslashes in the first line of an output.
 */
function lasting({ lastCheck: _, interval: __, attempt: ___, command: ____, ...status }: CheckStatus) {
  return { ...status, output: status.output.replaceAll("\\", "") };
}
