/** The plugin as it is delivered, one file under any name: run by a real Nagios, accepted by Nagios and Icinga 2, quick. */
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { icinga2Accepts } from "../support/accepted.ts";
import { type RunningNagios, startNagios } from "../support/nagios.ts";
import { ROOT, startProgram } from "../support/process.ts";
import { describeReal } from "../support/real.ts";
import { depsOf, type ServedApp, serveApp, storedShop } from "../support/web.ts";

const BUNDLE = join(ROOT, "dist/check_dotm.cjs");
const COMMANDS = readFileSync(join(ROOT, "nagios/nagios4/dotm-commands.cfg"), "utf8");

let app: ServedApp;
let folder: string;
let plugin: string;

beforeAll(async () => {
  app = await serveApp(depsOf(storedShop()));
  folder = mkdtempSync(join(tmpdir(), "dotm-plugin-"));
  // Nagios runs it as its own user.
  chmodSync(folder, 0o755);
  plugin = join(folder, "check_dotm");
  copyFileSync(BUNDLE, plugin);
});
afterAll(async () => {
  await app?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Milliseconds of processor time of the quickest of ten runs: what it takes, not what else the machine has to do. */
async function quickest(command: string): Promise<number> {
  const loop = `TIMEFORMAT='%U %S'; for n in 1 2 3 4 5 6 7 8 9 10; do time ${command} > /dev/null; done`;
  const child = startProgram("bash", ["-c", loop], { env: { LC_ALL: "C" } });
  await child.ended;
  const times = child.stderr
    .trim()
    .split("\n")
    .map((line) => line.split(" ").reduce((sum, seconds) => sum + Number(seconds) * 1000, 0));
  expect(times).toHaveLength(10);
  return Math.min(...times);
}

async function run(...words: string[]) {
  const child = startProgram(plugin, words);
  const { code } = await child.ended;
  return { code, out: child.stdout, err: child.stderr };
}

describe("check_dotm copied under its name", () => {
  it("answers with its exit code, nothing on standard error", async () => {
    const answer = await run("-U", app.url, "-H", "web01");
    expect(answer).toMatchObject({ code: 2, err: "" });
    expect(answer.out).toMatch(/^DOTM CRITICAL - web01: 1 service affected by db01\/MySQL \| affected=1/);
  });

  it("takes hardly longer than Node itself does to start", async () => {
    const url = `-U '${app.url}' -H web01`;
    const [bare, asked] = [await quickest(`'${process.execPath}' -e 0`), await quickest(`'${plugin}' ${url}`)];
    // Node alone takes 40 to 90 ms; together that is less than 150 on a machine that has little else to do.
    expect(asked - bare).toBeLessThan(60);
  });

  it("says one line where nobody listens", async () => {
    const silent = startProgram("/bin/sh", ["-c", `"${plugin}" -U "${app.url}" -S "${folder}/nobody" | cat`]);
    await silent.ended;
    expect(silent.stdout).toMatch(/^DOTM UNKNOWN - no answer from .*nobody: ENOENT\n$/);
  });
});

describeReal("check_dotm in a real Nagios", ["nagios4"], () => {
  let nagios: RunningNagios;

  beforeAll(async () => {
    const commands = COMMANDS.replaceAll("http://dotm.example.net:4880/", `${app.url}/`).replaceAll("$USER1$", folder);
    nagios = await startNagios({
      hosts: [{ name: "web01" }, { name: "db01" }, { name: "nowhere" }],
      services: [
        { host: "web01", name: "Trouble of others", check: "check_dotm_host" },
        { host: "db01", name: "Trouble of MySQL", check: "check_dotm_service!MySQL" },
        { host: "nowhere", name: "Trouble of others", check: "check_dotm_host" },
        { host: "db01", name: "Sources", check: "check_dotm!source-age!60!300" },
      ],
      also: () => commands,
    });
  });
  afterAll(() => nagios?.stop());

  it.each([
    ["web01", "Trouble of others", "2", /^DOTM CRITICAL - web01: 1 service affected by db01\/MySQL$/, /^affected=1/],
    ["db01", "Trouble of MySQL", "0", /^DOTM OK - db01\/MySQL: no service is hit/, /^affected=0/],
    ["nowhere", "Trouble of others", "3", /^DOTM UNKNOWN - /, /^$/],
    ["db01", "Sources", "0", /^DOTM OK - 1 source, oldest nagios 4 s$/, /^nagios=4s:60:300:0$|^nagios=4s;60;300;0$/],
  ])("%s / %s is %s", async (host, check, state, output, figures) => {
    const fields = await nagios.waitFor(host, check, (each) => each.get("has_been_checked") === "1");
    expect(fields.get("current_state")).toBe(state);
    expect(fields.get("plugin_output")).toMatch(output);
    expect(fields.get("performance_data")).toMatch(figures);
  });
});

describeReal("the CheckCommand of Icinga 2", ["icinga2"], () => {
  it("is accepted, with a service that uses it", async () => {
    const command = readFileSync(join(ROOT, "nagios/icinga2/dotm-checkcommand.conf"), "utf8");
    const service = `
object Host "web01" { check_command = "hostalive" }
apply Service "trouble of others" {
  check_command = "dotm"
  vars.dotm_host = host.name
  assign where host.name
}`;
    expect(await icinga2Accepts(`${command}${service}`)).toEqual({ code: 0, complaints: [] });
  });
});
