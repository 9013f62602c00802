/** What is changed at a command line is written down by the name of the account, and `dotm audit` shows it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ServiceCheckRecord } from "../../src/model/changes.ts";
import type { HostGraph } from "../../src/model/host-graph.ts";
import { dotm } from "./run-command.ts";
import { storedSettings, storedSite } from "./stored-site.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dotm-audit-"));
  file = join(folder, "audit.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

const env = () => ({ DOTM_AUDIT__FILE: file });
const lines = () => readFileSync(file, "utf8").trimEnd().split("\n");
const last = () => JSON.parse(lines().at(-1) ?? "");
const ME = { who: userInfo().username, role: null, how: "command line", from: hostname(), result: "done" };

/** A site with a check of which nothing is known, beside a process that is called much like it. */
function unmapped() {
  const graph = { host: "a", nodes: [{ id: "a:7001", kind: "service", port: "7001", process: "widgetd" }] };
  const check = { node: "a", service: "Widget", mappedBy: null, services: [] };
  return {
    ...storedSite(),
    nodes: async () => ["a"],
    graphs: async () => new Map([["a", graph as unknown as HostGraph]]),
    checksOf: async () => new Map([["a", [check as unknown as ServiceCheckRecord]]]),
  };
}

it("settings and rules, with what was and what is, and no secret", async () => {
  const settings = storedSettings({ entries: async () => [{ field: "Services", value: "600" }] });
  expect((await dotm(["settings", "set", "aging", "Services", "900"], { settings, env: env() })).code).toBe(0);
  expect(last()).toMatchObject({
    ...ME,
    ...{ action: "set", object: "setting aging", old: { Services: "600" }, new: { Services: "900" } },
  });
  await dotm(["settings", "set", "nagios_instance", "password", "-"], { env: env(), stdin: "s3cret-0f-nagios\n" });
  expect(last()).toMatchObject({ object: "setting nagios_instance", new: { password: "***" } });
  await dotm(["settings", "add", "service_mapping", "MySQL.*", "mysqld"], { env: env() });
  expect(last()).toMatchObject({ action: "add", new: { "MySQL.*": "mysqld" } });
  expect((await dotm(["map", "accept", "1"], { env: env(), reader: unmapped() })).code).toBe(0);
  expect(last()).toMatchObject({ ...ME, action: "add", object: "setting service_mapping" });
  expect(readFileSync(file, "utf8")).not.toContain("s3cret");
  await dotm(["settings", "set", "aging", "Services", "1"], { env: { ...env(), SUDO_USER: "ann" } });
  expect(last().who).toBe(`ann as ${ME.who}`);
});

it("tokens of people and of agents, never the tokens themselves", async () => {
  const place = ["--data-dir", folder];
  const made = (await dotm(["token", "add", "ann", "--role", "editor", ...place])).out.trim();
  expect(last()).toMatchObject({ ...ME, action: "add", object: "token ann", old: null, new: "editor" });
  await dotm(["token", "remove", "ann", ...place]);
  expect(last()).toMatchObject({ ...ME, action: "remove", object: "token ann", old: "editor", new: null });
  const agent = (await dotm(["agent", "token", "web01", ...place])).out.trim();
  expect(last()).toMatchObject({ ...ME, action: "add", object: "agent token web01", new: "***" });
  const written = readFileSync(file, "utf8");
  expect([made, agent].map((token) => token !== "" && written.includes(token))).toEqual([false, false]);
});

it("is what `dotm audit` prints, the last ones last", async () => {
  expect(await dotm(["audit", "--data-dir", folder])).toMatchObject({ code: 0, out: "", err: "Nothing found.\n" });
  for (const name of ["ann", "bob", "eve"]) {
    await dotm(["token", "add", name, "--data-dir", folder]);
  }
  writeFileSync(file, "torn {\n", { flag: "a" });
  const { out } = await dotm(["audit", "-n", "2", "--no-headers", "--data-dir", folder]);
  expect(out.split("\n").map((line) => /token \w+/.exec(line)?.[0])).toEqual(["token bob", "token eve", undefined]);
  const { items } = JSON.parse((await dotm(["audit", "-o", "json", "--data-dir", folder])).out);
  expect(items).toHaveLength(3);
  expect(items[0]).toMatchObject({ ...ME, object: "token ann" });
});

it("keeps a token from being made where it cannot be written down", async () => {
  writeFileSync(join(folder, "file"), "no folder");
  const config = join(folder, "dotm.yaml");
  writeFileSync(config, `data_dir: ${folder}\naudit: { file: ${join(folder, "file", "audit.log")} }\n`);
  const made = await dotm(["token", "add", "ann", "--config", config]);
  expect(made).toMatchObject({ code: 1, out: "", err: expect.stringContaining("nothing was changed") });
  expect((await dotm(["token", "list", "--config", config])).out).toBe("");
});
