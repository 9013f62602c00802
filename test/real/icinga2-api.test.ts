/** The Icinga 2 source against a real Icinga 2, and what goes wrong with one; what it tells in good days is in sources/. */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { Secret } from "../../src/config/secret.ts";
import { createIcinga2Source, type Icinga2SourceOptions } from "../../src/ingest/icinga2-source.ts";
import type { Source } from "../../src/ingest/source.ts";
import { SILENT } from "../../src/logger.ts";
import { makeAuthority } from "../support/certificates.ts";
import { type RunningIcinga2, startIcinga2 } from "../support/icinga2.ts";
import { eventually } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { isUnwell, isWell, Told } from "../support/told.ts";

const WEEK = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

describeReal("a real Icinga 2", ["icinga2", "openssl"], () => {
  let folder: string;
  let icinga: RunningIcinga2;
  let told: Told;
  let source: Source | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "dotm-icinga-api-"));
    icinga = await startIcinga2({
      hosts: [{ name: "web" }, { name: "db" }, { name: "shop" }],
      services: [
        { host: "web", name: "HTTP" },
        { host: "db", name: "MySQL" },
      ],
      config: [
        'object TimePeriod "never" { ranges = { } }',
        `object TimePeriod "always" { ranges = { ${WEEK.map((day) => `${day} = "00:00-24:00"`).join(", ")} } }`,
        'object Dependency "sometimes" { parent_host_name = "db", child_host_name = "web", period = "never" }',
        'object Dependency "sometimes" { parent_host_name = "db", child_host_name = "shop", period = "always" }',
      ],
    });
  });

  afterAll(async () => {
    await icinga?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(() => {
    told = new Told();
  });

  afterEach(async () => {
    await source?.stop();
    source = undefined;
  });

  async function start(options: Partial<Icinga2SourceOptions> = {}): Promise<void> {
    const { url, caFile, serverName: servername, users } = icinga.api;
    source = createIcinga2Source({
      ...{ name: "icinga", url, caFile, servername, user: users.reader.name, queue: "dotm", sink: told.sink },
      ...{ password: new Secret(users.reader.password), certFile: null, keyFile: null, logger: SILENT },
      ...{ now: () => Date.now() / 1000, random: Math.random, times: { watch: 1, patience: 5 } },
      ...options,
    });
    await source.start();
  }

  const login = ({ name, password }: { readonly name: string; readonly password: string }) => ({
    user: name,
    password: new Secret(password),
  });
  const result = (service: string, exit_status: number, plugin_output: string) =>
    icinga.act("process-check-result", { type: "Service", service, exit_status, plugin_output });
  const error = async () => {
    const observation = await told.until(isUnwell as (each: unknown) => boolean);
    return observation.kind === "health" ? observation.error : null;
  };

  /** What was told last of a service check: state and output. */
  function toldOf(host: string, check: string): string | undefined {
    const all = told.states.flatMap(({ statuses }) => statuses);
    const last = all.findLast((status) => status.host === host && status.check === check);
    return last && `${last.state} ${last.output}`;
  }

  /** What Icinga 2 itself says of it. */
  async function saidOf(host: string, check: string): Promise<string> {
    const path = `/v1/objects/services/${encodeURIComponent(`${host}!${check}`)}`;
    const answer = JSON.parse((await icinga.ask(path)).body) as {
      readonly results: [
        { readonly attrs: { readonly state: number; readonly last_check_result: { readonly output: string } | null } },
      ];
    };
    const { state, last_check_result: last } = answer.results[0].attrs;
    return last === null ? "PENDING " : `${["OK", "WARNING", "CRITICAL", "UNKNOWN"][state]} ${last.output}`;
  }

  const agreed = (host: string, check: string) =>
    eventually(`${host}!${check} to be told as it is`, async () =>
      (await saidOf(host, check)) === toldOf(host, check) ? true : undefined,
    );

  it("refuses a wrong password", async () => {
    await start({ password: new Secret("wrong") });
    expect(await error()).toMatch(/no such user or password \(401\)\. Compare user and password_file/);
  });

  it("permits nothing to one, and not all to another: the lines to add are named", async () => {
    await start(login(icinga.api.users.none));
    expect(await error()).toMatch(
      /^the API user none may not read.* Add "objects\/query\/Host", "objects\/query\/Service", /,
    );
    await source?.stop();
    told.clear();
    await start(login(icinga.api.users.limited));
    const text = (await error()) ?? "";
    expect(text).toMatch(/^the API user limited may not read.*"events\/CheckResult", "events\/StateChange", /);
    expect(text).not.toMatch(/"objects\/query\/Host"|"objects\/query\/Service"/);
    expect(told.states).toEqual([]);
  });

  it("is not trusted by another authority, nor by its address alone", async () => {
    await start({ caFile: makeAuthority(folder, "other").cert });
    expect(await error()).toMatch(/is not signed by the authority in/);
    await source?.stop();
    told.clear();
    await start({ caFile: null });
    expect(await error()).toMatch(/no authority that this system knows signed/);
    await source?.stop();
    told.clear();
    await start({ servername: null });
    expect(await error()).toMatch(/is for dotm-icinga\. Set servername: dotm-icinga /);
  });

  it("counts a dependency outside its period as none", async () => {
    await start();
    const objects = await told.until((each) => each.kind === "objects");
    expect(objects).toMatchObject({
      hosts: [
        { host: "db", parents: [] },
        { host: "shop", parents: ["db"] },
        { host: "web", parents: [] },
      ],
    });
  });

  it("loses nothing while it reloads: neither a change of the configuration nor results that come meanwhile", async () => {
    await result("web!HTTP", 0, "before");
    await start();
    expect(toldOf("web", "HTTP")).toBe("OK before");
    const added =
      'object Service "New" { host_name = "web"; check_command = "passive"; enable_active_checks = false }\n';
    appendFileSync(join(icinga.folder, "etc/icinga2.conf"), added);
    icinga.process.kill("SIGHUP");
    for (let number = 1; toldOf("web", "New") === undefined && number < 600; number++) {
      // While it changes from one process to the next it may refuse a result, or forget one.
      await result("web!HTTP", 2, `result ${number}`).catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually("the new service check to be told", async () => toldOf("web", "New"));
    await eventually("a last result to be taken", async () => result("web!HTTP", 1, "after").then(() => true));
    await agreed("web", "HTTP");
    expect(toldOf("web", "HTTP")).toBe("WARNING after");
    const numbers = told.states
      .flatMap(({ statuses }) => statuses)
      .map(({ output }) => Number(/^result (\d+)$/.exec(output)?.[1] ?? 0))
      .filter((number) => number > 0);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it("killed and started again is told of as it then is, and nothing changes meanwhile", async () => {
    await result("db!MySQL", 2, "gone away");
    await start();
    await agreed("db", "MySQL");
    told.clear();
    await icinga.shutDown("SIGKILL");
    expect(await error()).toMatch(/^nobody listens at https:\/\/127\.0\.0\.1:\d+\. Start Icinga 2/);
    expect(told.states).toEqual([]);
    told.clear();
    await icinga.startAgain();
    await told.until(isWell() as (each: unknown) => boolean, 60_000);
    // What it had not written to its disk by then it has forgotten; the picture follows.
    const now = await saidOf("db", "MySQL");
    expect(now === "CRITICAL gone away" ? undefined : now).toBe(toldOf("db", "MySQL"));
  });

  it("stopped in its tracks is noticed, and goes on as if nothing had been", async () => {
    await result("db!MySQL", 0, "fine");
    await start();
    await agreed("db", "MySQL");
    told.clear();
    icinga.process.kill("SIGSTOP");
    try {
      expect(await error()).toMatch(/gave no answer for 5 s\. Look whether Icinga 2 hangs or is stopped/);
      expect(told.states).toEqual([]);
    } finally {
      icinga.process.kill("SIGCONT");
    }
    told.clear();
    await told.until(isWell() as (each: unknown) => boolean, 40_000);
    await result("db!MySQL", 1, "slow");
    await agreed("db", "MySQL");
    expect(toldOf("db", "MySQL")).toBe("WARNING slow");
  });
});
