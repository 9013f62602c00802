import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type InitOptions, init } from "../../src/cli/commands/init.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { readConfig } from "../../src/config.ts";

let root: string;
let file: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "dotm-init-"));
  file = join(root, "etc/dotm/dotm.yaml");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function has(path: string, text = ""): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function run(options: Partial<InitOptions> = {}, redis: string | null = null) {
  const written = { out: "", err: "" };
  const sink = (name: "out" | "err") => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTerminal: false,
  });
  const around = {
    ...{ env: {}, cwd: root, home: root, root: true },
    systemFolder: join(root, "etc/dotm"),
    systemData: join(root, "var"),
  };
  const terminal = { out: sink("out"), err: sink("err"), around, now: () => 0, program: "dotm" } as unknown as Terminal;
  const code = await init({ dryRun: false, write: false, ...options }, terminal, { root, redis: async () => redis });
  return { code, ...written, reading: () => readConfig({ file }, around) };
}

describe("dotm init", () => {
  it("writes a configuration that reads the Nagios of this machine, and prints it", async () => {
    has("etc/nagios4/nagios.cfg", `status_file=${root}/var/status.dat\n`);
    const { out, err, reading } = await run();
    expect(out).toContain(`+    config: ${root}/etc/nagios4/nagios.cfg\n`);
    expect(err).toContain("status.dat is not there: does nagios run?");
    expect(err).toContain("dotm nagios install");
    expect(reading()).toMatchObject({ problems: [], config: { sources: [{ name: "nagios", type: "nagios" }] } });
    expect((await run()).err).toContain("names everything that was found");
  });

  it("says what to do next so that it can be copied: with the options that led there", async () => {
    has("mine/nagios.cfg", `status_file=${root}/var/status.dat\n`);
    file = join(root, "my dotm.yaml");
    const { err } = await run({ config: "my dotm.yaml", nagios: "mine/nagios.cfg" });
    expect(err.split("\n").flatMap((line) => /^ {2}(dotm .*?) {2,}#/.exec(line)?.[1] ?? [])).toEqual([
      `dotm serve --config '${file}'`,
      `dotm nagios install --nagios-cfg mine/nagios.cfg --config '${file}'`,
      `dotm agent token HOST --config '${file}'`,
      `dotm doctor --config '${file}'`,
    ]);
  });

  it("writes nothing with --dry-run", async () => {
    has("etc/nagios4/nagios.cfg");
    expect((await run({ dryRun: true })).out).toContain("+sources:");
    expect(readdirSync(root)).toEqual(["etc"]);
    expect(readdirSync(join(root, "etc"))).toEqual(["nagios4"]);
  });

  it("reads Icinga 2 with a user of its own, whose password nobody else may read", async () => {
    has("etc/icinga2/icinga2.conf");
    has("etc/icinga2/constants.conf", '//const NodeName = "no"\n');
    has("var/lib/icinga2/certs/ca.crt", "-----BEGIN CERTIFICATE-----\n");
    has("var/lib/icinga2/certs/mon.example.com.crt");
    const { out, err, reading } = await run();
    const password = readFileSync(join(root, "etc/dotm/icinga.password"), "utf8").trim();
    expect(password.length).toBeGreaterThan(30);
    expect(`${out}${err}`).not.toContain(password);
    expect(statSync(join(root, "etc/dotm/icinga.password")).mode & 0o777).toBe(0o600);
    const user = readFileSync(join(root, "etc/dotm/icinga-apiuser.conf"), "utf8");
    expect(user).toContain(`object ApiUser "dotm" {\n  password = "${password}"\n`);
    expect(user).toContain('"objects/query/Host"');
    expect(err).toContain("icinga2 api setup");
    expect(reading().config?.sources[0]).toMatchObject({ type: "icinga2", servername: "mon.example.com" });
    // The second time it is the same password.
    await run();
    expect(readFileSync(join(root, "etc/dotm/icinga.password"), "utf8").trim()).toBe(password);
  });

  it("finds sites of OMD, and names a Redis that answers", async () => {
    has("omd/sites/prod/tmp/run/live");
    const { out, reading } = await run({}, "redis://127.0.0.1:6379");
    expect(out).toContain('+# redis: { url: "redis://127.0.0.1:6379" }');
    expect(reading().config?.sources).toMatchObject([{ name: "prod", type: "livestatus" }]);
  });

  it("says where nothing is found, and still leaves a configuration that is one", async () => {
    const { code, out, reading } = await run();
    expect([code, out]).toEqual([0, expect.stringContaining("+# No monitoring was found on this machine.")]);
    expect(reading()).toMatchObject({ problems: [], config: { sources: [] } });
  });

  it("shows what is missing in a configuration that is there, and adds it only with --write, keeping the rest", async () => {
    has(
      "etc/dotm/dotm.yaml",
      "# ours\nsources:\n  - name: nagios # the branch\n    type: status-file\n    status_file: /srv/status.dat\nlog: { level: warn }\n",
    );
    has("etc/nagios4/nagios.cfg");
    const before = readFileSync(file, "utf8");
    const shown = await run();
    expect(shown.out).toContain("+  - name: nagios2\n");
    expect(shown.out).not.toMatch(/^-[^-]/m);
    expect(readFileSync(file, "utf8")).toBe(before);
    const { reading } = await run({ write: true });
    expect(readFileSync(file, "utf8")).toContain("# ours\nsources:\n  - name: nagios # the branch\n");
    expect(reading().config?.sources.map(({ name }) => name)).toEqual(["nagios", "nagios2"]);
  });

  it("takes a Nagios by name, and leaves a broken configuration as it is", async () => {
    await expect(run({ nagios: "none.cfg" })).rejects.toThrow(/There is no/);
    has("my.cfg");
    has("etc/dotm/dotm.yaml", "surces: []\n");
    await expect(run({ nagios: "my.cfg", write: true })).rejects.toThrow(/not valid.*surces/);
    expect(readFileSync(file, "utf8")).toBe("surces: []\n");
  });
});
